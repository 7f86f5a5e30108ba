//! What the threads of a soak have done besides recording.

use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;

/// A count that any thread adds to.
#[derive(Debug, Default)]
pub struct Counter(CachePadded<AtomicU64>);

impl Counter {
    /// Adds one.
    pub fn add_one(&self) {
        self.add(1);
    }

    /// Adds `count`.
    pub fn add(&self, count: u64) {
        // Relaxed, here and below: a count that orders nothing.
        self.0.fetch_add(count, Ordering::Relaxed);
    }

    /// The count.
    #[must_use]
    pub fn get(&self) -> u64 {
        self.0.load(Ordering::Relaxed)
    }
}

/// How often each thing was done.
#[derive(Debug, Default)]
pub struct Activity {
    /// Snapshots that were taken and checked.
    pub snapshots: Counter,
    /// Those of which all maps were checked.
    pub thorough: Counter,
    /// Published snapshots that were read.
    pub latest: Counter,
    /// Resets.
    pub resets: Counter,
    /// Turns of the causal chains.
    pub turns: Counter,
    /// Threads that were born to make a few records.
    pub threads_born: Counter,
    /// Forked children that have ended well.
    pub forks: Counter,
}
