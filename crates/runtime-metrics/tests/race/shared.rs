//! What the threads of a test have in common.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::thread;

use runtime_metrics::{DeliveryPlan, Metrics, MetricsBuilder, RequestCounter, Snapshot};

use crate::turn::Turns;

/// The names of the plan that all threads share.
pub(crate) const PLANNED: [&str; 3] = ["a", "b", "b"];

pub(crate) struct Shared {
    pub(crate) metrics: Metrics,
    pub(crate) counter: RequestCounter,
    pub(crate) plan: DeliveryPlan,
    /// For cuts. They have a lock of their own, of the standard library: it must find no second thread.
    turns: Turns,
    /// Cuts taken.
    cuts: AtomicU64,
    /// Threads that record and are not done.
    at_work: AtomicUsize,
}

/// A thread is at work as long as this lives.
pub(crate) struct Work(&'static Shared);

impl Shared {
    /// Leaked: the end of the last reference would be a false alarm.
    pub(crate) fn new(builder: MetricsBuilder) -> &'static Self {
        // Few places, so that labels overflow.
        let metrics = builder.request_series_limit(12).delivery_series_limit(12).build().unwrap();
        let (counter, plan) =
            (metrics.request_counter("/shared"), metrics.delivery_plan("e", "shared", &PLANNED));
        let (turns, cuts, at_work) = (Turns::default(), AtomicU64::new(0), AtomicUsize::new(0));
        Box::leak(Box::new(Self { metrics, counter, plan, turns, cuts, at_work }))
    }

    /// One registry for each fence mode that there is here.
    pub(crate) fn of_each_mode() -> [&'static Self; 2] {
        [Metrics::builder().portable_fences(), Metrics::builder()].map(Self::new)
    }

    /// Takes a cut.
    pub(crate) fn cut(&self, take: impl FnOnce(&Metrics) -> Snapshot) -> Snapshot {
        let snapshot = self.turns.take(|| take(&self.metrics));
        self.cuts.fetch_add(1, Ordering::Relaxed);
        snapshot
    }

    /// Waits for some cuts, a reset and one after it among them, or gives up. Nothing that the calling thread does
    /// meanwhile orders what it did before towards the threads that take them.
    pub(crate) fn sit_cuts_out(&self) {
        const ENOUGH: u64 = 6;
        const PATIENCE: u32 = 100_000;
        let cuts = || self.cuts.load(Ordering::Relaxed);
        let enough = cuts() + ENOUGH;
        for _ in 0..PATIENCE {
            if cuts() >= enough {
                break;
            }
            thread::yield_now();
        }
    }

    pub(crate) fn begin_work(&'static self) -> Work {
        // Relaxed: a cutter that misses it is told by nothing but the end.
        self.at_work.fetch_add(1, Ordering::Relaxed);
        Work(self)
    }

    pub(crate) fn is_at_work(&self) -> bool {
        // Acquire: pairs with the end of work.
        self.at_work.load(Ordering::Acquire) > 0
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.at_work.fetch_sub(1, Ordering::Release);
    }
}
