//! A mutex around a HashMap.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::path::RequestPath;
use crate::recorder::Recorder;

/// Requests in the standard library's HashMap, with its own hash, behind its Mutex.
#[derive(Debug, Default)]
pub struct MutexMap {
    counts: Mutex<HashMap<String, u64>>,
}

impl MutexMap {
    #[inline(always)]
    fn lock(&self) -> MutexGuard<'_, HashMap<String, u64>> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Recorder<RequestPath> for MutexMap {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        let mut counts = self.lock();
        match counts.get_mut(path.text) {
            Some(count) => *count += 1,
            None => _ = counts.insert(path.text.to_owned(), 1),
        }
    }

    fn recorded(&self) -> Option<u64> {
        Some(self.lock().values().sum())
    }

    fn gather(&self) -> bool {
        black_box(self.lock().clone());
        true
    }
}
