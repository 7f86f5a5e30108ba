//! A DashMap of atomics, with a fast hash.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use foldhash::fast::RandomState;

use crate::path::RequestPath;
use crate::recorder::Recorder;

/// Requests in a DashMap from path to an atomic count: a shard's read lock and an atomic add a record.
#[derive(Debug, Default)]
pub struct DashMapOfAtomics {
    counts: DashMap<String, AtomicU64, RandomState>,
}

impl Recorder<RequestPath> for DashMapOfAtomics {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        // Relaxed: a mere count.
        match self.counts.get(path.text) {
            Some(count) => _ = count.fetch_add(1, Ordering::Relaxed),
            None => {
                let count = self.counts.entry(path.text.to_owned()).or_default();
                count.fetch_add(1, Ordering::Relaxed);
            }
        }
    }

    fn recorded(&self) -> Option<u64> {
        Some(self.counts.iter().map(|count| count.load(Ordering::Relaxed)).sum())
    }

    fn gather(&self) -> bool {
        let counts = self.counts.iter().map(|count| (count.key().clone(), count.load(Ordering::Relaxed)));
        black_box(counts.collect::<Vec<_>>());
        true
    }
}
