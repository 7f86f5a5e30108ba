//! One shared atomic integer for each path: what a handle to a counter is in most libraries.

use std::hint::black_box;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::path::RequestPath;
use crate::recorder::Recorder;
use crate::workload::Workload;

/// Requests by number, in atomic integers side by side.
#[derive(Debug)]
pub struct SharedAtomics {
    counts: Vec<AtomicU64>,
}

impl SharedAtomics {
    /// An integer for each path of `requests`.
    #[must_use]
    pub fn new(requests: &Workload<RequestPath>) -> Self {
        Self { counts: requests.items().iter().map(|_| AtomicU64::new(0)).collect() }
    }
}

impl Recorder<RequestPath> for SharedAtomics {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        // Relaxed: a mere count.
        self.counts[path.number].fetch_add(1, Ordering::Relaxed);
    }

    fn recorded(&self) -> Option<u64> {
        Some(self.counts.iter().map(|count| count.load(Ordering::Relaxed)).sum())
    }

    fn gather(&self) -> bool {
        let counts = self.counts.iter().map(|count| count.load(Ordering::Relaxed));
        black_box(counts.collect::<Vec<_>>());
        true
    }
}
