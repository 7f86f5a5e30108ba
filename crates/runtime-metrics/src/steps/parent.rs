//! The parent: what it has recorded, and what its cuts have counted.

use std::sync::{Condvar, Mutex};

use super::stage::Cut;
use crate::{DeliveryPlan, Metrics, RequestCounter, Snapshot};

/// Paths that are recorded in each window, so that there are more cells than three for each seat: the [stages](super::stage) tell a
/// pass's lists by their sizes.
const PATHS: usize = 40;

pub(super) struct Parent {
    metrics: Metrics,
    counter: RequestCounter,
    plan: DeliveryPlan,
    /// Of the first window.
    old: Snapshot,
    /// Requests, and as many deliveries.
    recorded: u64,
    /// The same, as counted by the windows that have ended.
    ended: [u64; 2],
}

impl Parent {
    pub(super) fn new(metrics: Metrics) -> Self {
        let counter = metrics.request_counter("/handle");
        let plan = metrics.delivery_plan("e", "t", &["a", "b"]);
        counter.record();
        plan.record("parent");
        let old = metrics.snapshot();
        let mut parent = Self { metrics, counter, plan, old, recorded: 1, ended: [0; 2] };
        parent.record();
        parent
    }

    pub(super) fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    pub(super) fn counter(&self) -> &RequestCounter {
        &self.counter
    }

    pub(super) fn plan(&self) -> &DeliveryPlan {
        &self.plan
    }

    pub(super) fn old(&self) -> &Snapshot {
        &self.old
    }

    /// Records by handle and by label, beside whoever stands still. All cells of the window are in use then.
    pub(super) fn record(&mut self) {
        for path in 0..PATHS {
            self.metrics.record_request(&format!("/parent/{path}"));
        }
        for _ in 0..PATHS {
            self.plan.record("Parent");
        }
        self.counter.record();
        self.metrics.record_config_delivery("e", "t", &["c"], "parent");
        self.recorded += PATHS as u64 + 1;
    }

    /// Notes so many requests, and as many deliveries, that others have recorded.
    pub(super) fn count(&mut self, records: u64) {
        self.recorded += records;
    }

    /// Does `work` while a thread stands in the middle of the record of a delivery.
    pub(super) fn beside_a_record_in_progress(&mut self, work: impl FnOnce(&mut Self)) {
        let metrics = self.metrics.clone();
        let stand = Stand::default();
        std::thread::scope(|scope| {
            let end = End(&stand);
            scope.spawn(|| {
                metrics.record_request("/standing");
                metrics.record_config_delivery("e", "t", &[Standing(&stand)], "standing");
            });
            stand.wait_for(Progress::Stands);
            work(self);
            drop(end);
        });
        self.recorded += 1;
    }

    /// Notes what a cut has counted.
    pub(super) fn see(&mut self, cut: Cut, taken: &Snapshot) {
        let totals = [taken.requests().total_requests(), taken.served_config().responses_total()];
        assert!(self.ended[0] + totals[0] <= self.recorded + 1, "a request that is in progress at most");
        assert_eq!(taken.requests().requests_by_path().total(), totals[0]);
        assert_eq!(taken.served_config().responses_by_target().total(), totals[1]);
        if cut == Cut::Reset {
            self.ended.iter_mut().zip(totals).for_each(|(ended, total)| *ended += total);
        }
    }

    /// Ends the window. Fails unless the windows hold what was recorded.
    pub(super) fn assert_exact(&mut self) {
        let last = self.metrics.reset();
        self.see(Cut::Reset, &last);
        assert_eq!(self.ended, [self.recorded; 2], "the parent's counts are exact");
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
enum Progress {
    #[default]
    Comes,
    Stands,
    GoesOn,
}

/// Where the record stands.
#[derive(Default)]
struct Stand {
    progress: Mutex<Progress>,
    changed: Condvar,
}

impl Stand {
    fn advance_to(&self, progress: Progress) {
        let mut present = self.progress.lock().unwrap();
        *present = progress.max(*present);
        self.changed.notify_all();
    }

    fn wait_for(&self, progress: Progress) {
        let present = self.progress.lock().unwrap();
        drop(self.changed.wait_while(present, |present| *present < progress).unwrap());
    }
}

/// Lets the record go on when it is dropped, by a test that fails, too.
struct End<'a>(&'a Stand);

impl Drop for End<'_> {
    fn drop(&mut self) {
        self.0.advance_to(Progress::GoesOn);
    }
}

/// A config name that is not read before the record may go on.
struct Standing<'a>(&'a Stand);

impl AsRef<str> for Standing<'_> {
    fn as_ref(&self) -> &str {
        self.0.advance_to(Progress::Stands);
        self.0.wait_for(Progress::GoesOn);
        "a"
    }
}
