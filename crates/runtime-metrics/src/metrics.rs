//! A registry, as its users see it.

#![allow(unsafe_code)] // counts under cells that the tables at hand gave

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use crate::builder::MetricsBuilder;
use crate::delivery_plan::DeliveryPlan;
use crate::entry::Entry;
use crate::fence::FenceMode;
use crate::lane::Lane;
use crate::registry::Registry;
use crate::request_counter::RequestCounter;
use crate::snapshot::{ProcessRuntimeSnapshot, Snapshot};

/// A set of counters: requests by path, and configuration deliveries by endpoint, target, caller and config
/// name. A clone is cheap and counts into the same set.
///
/// A registry that was made before a fork starts at zero in the child; the parent's counts are untouched.
///
/// ```
/// use runtime_metrics::Metrics;
///
/// let metrics = Metrics::new();
/// metrics.record_request("/api/health");
/// metrics.record_config_delivery("run-time", " API ", &["Auth:JWT:Issuer", "Auth:JWT:Audience"], "local:api");
///
/// let snapshot = metrics.snapshot();
/// assert_eq!(snapshot.requests().requests_by_path().get("/api/health"), Some(1));
/// assert_eq!(snapshot.served_config().values_by_target().get("api"), Some(2));
/// ```
#[derive(Clone)]
pub struct Metrics {
    registry: Arc<Registry>,
}

impl Metrics {
    /// A registry with the default limits: 10,000 series in each family, 1,024 bytes a label.
    #[must_use]
    pub fn new() -> Self {
        MetricsBuilder::default_metrics()
    }

    /// A registry with limits of one's own.
    pub fn builder() -> MetricsBuilder {
        MetricsBuilder::new()
    }

    /// How records of this registry are ordered against its cuts.
    ///
    /// It may turn from asymmetric to portable once, at a cut: if the kernel refuses `membarrier` although it has
    /// granted it when the registry was built.
    #[must_use]
    pub fn fence_mode(&self) -> FenceMode {
        self.registry.phase().load().mode()
    }

    #[cfg(test)]
    pub(crate) fn registry(&self) -> &Registry {
        &self.registry
    }

    pub(crate) fn of(registry: Arc<Registry>) -> Self {
        Self { registry }
    }

    /// Counts one observed HTTP request under `path`, as given.
    ///
    /// An empty path is counted as such; one over a limit under [`OVERFLOW_LABEL`](crate::OVERFLOW_LABEL).
    ///
    /// *Cost:* wait-free once the thread has recorded in this window and some thread has met the path: no lock,
    /// no allocation, no system call, no waiting for a snapshot, no cache line that another thread writes. The
    /// work is linear in the length of the path. A thread's first record in a window allocates its cells; a
    /// path that is new in the window is stored under a short lock.
    ///
    /// Not async-signal-safe, and not to be called from a global allocator.
    #[inline(always)] // some 60 instructions; a call and the registers saved for it cost a fifth more
    pub fn record_request(&self, path: &str) {
        let Some(lane) = Lane::by_labels(&self.registry) else {
            return self.record_request_the_long_way(path);
        };
        match lane.tables().request_at_once(path) {
            // SAFETY: the cell was given by the lane's tables.
            Some(cell) => unsafe { lane.count(cell as usize) },
            None => Self::record_request_on(lane, path),
        }
    }

    #[inline(never)]
    fn record_request_on(lane: Lane<'_>, path: &str) {
        let cell = lane.tables().request(path);
        // SAFETY: the cell was given by the lane's tables.
        unsafe { lane.count(cell as usize) };
    }

    #[cold]
    #[inline(never)]
    fn record_request_the_long_way(&self, path: &str) {
        let entry = Entry::new(&self.registry);
        // SAFETY: the cell was given by the entry's tables.
        unsafe { entry.count_request(entry.tables().request(path)) };
    }

    /// Counts one successful configuration response, as one indivisible event: one response, and as many values
    /// as there are names, duplicates counted each time.
    ///
    /// Endpoint, target and caller are stripped of surrounding white space and lower-cased (full Unicode); names
    /// are counted as given. What is over a limit is counted under [`OVERFLOW_LABEL`](crate::OVERFLOW_LABEL), the
    /// caller first.
    ///
    /// *Cost:* as [`record_request`](Self::record_request), with work linear in the length of all labels, and a
    /// reading of the coarse clock. A label that is not in its normal form is normalised when it is first met
    /// and remembered. Two cases cost more at every call. A label that is not in its normal form allocates if it is not remembered:
    /// because as many others as the delivery series limit are, or because it is over twice the byte limit, or not
    /// ASCII and over the limit. And a delivery of which no label fits and whose number of names is not among the
    /// first 256 distinct ones allocates, and takes a lock that only such deliveries take.
    #[inline]
    pub fn record_config_delivery<S: AsRef<str>>(
        &self,
        endpoint_name: &str,
        target: &str,
        config_names: &[S],
        caller_label: &str,
    ) {
        if let Some(lane) = Lane::by_labels(&self.registry) {
            let aside = lane.aside(); // `as_ref` is the caller's code
            let cell = lane.tables().delivery_at_once(endpoint_name, target, config_names, caller_label);
            drop(aside);
            if let Some(cell) = cell {
                // SAFETY: the cell was given by the lane's tables.
                return unsafe { lane.count_delivery(cell as usize) };
            }
        }
        self.record_config_delivery_the_long_way(endpoint_name, target, config_names, caller_label);
    }

    #[cold]
    #[inline(never)]
    fn record_config_delivery_the_long_way<S: AsRef<str>>(
        &self,
        endpoint_name: &str,
        target: &str,
        config_names: &[S],
        caller_label: &str,
    ) {
        let entry = Entry::new(&self.registry);
        let _aside = entry.aside(); // `as_ref` is the caller's code
        match entry.tables().delivery(endpoint_name, target, config_names, caller_label) {
            // SAFETY: the cell was given by the entry's tables.
            Some(cell) => unsafe { entry.count_delivery(cell) },
            None => entry.count_unlabelled_delivery(config_names.len()),
        }
    }

    /// A handle that counts requests for `path` without looking it up.
    #[must_use]
    pub fn request_counter(&self, path: &str) -> RequestCounter {
        RequestCounter::new(Arc::clone(&self.registry), path)
    }

    /// A handle that counts deliveries of one document without looking up its labels; the caller is given with
    /// each record.
    #[must_use]
    pub fn delivery_plan<S: AsRef<str>>(
        &self,
        endpoint_name: &str,
        target: &str,
        config_names: &[S],
    ) -> DeliveryPlan {
        DeliveryPlan::new(Arc::clone(&self.registry), endpoint_name, target, config_names)
    }

    /// Takes a cut of all counters, and publishes it.
    ///
    /// *Consistency:* holds every record that returned before the call, no record that began after it returned,
    /// and with every record also those that happened before it.
    ///
    /// *Cost:* reads each used cell of each thread, and once more those of threads that record meanwhile; waits for another snapshot or reset in progress, never
    /// for a recording thread.
    #[must_use]
    pub fn snapshot(&self) -> Snapshot {
        self.registry.snapshot()
    }

    /// The last published snapshot if it was taken at most `max_age` ago, else a new one. Any number of callers
    /// costs at most one cut in `max_age`.
    #[must_use]
    pub fn snapshot_within(&self, max_age: Duration) -> Snapshot {
        self.registry.snapshot_within(max_age)
    }

    /// The last published snapshot: of the last cut, or the empty one of a window without a cut.
    ///
    /// *Cost:* wait-free; two pointer loads and reference counts. In a forked child the first call builds new tables.
    #[must_use]
    pub fn latest(&self) -> Snapshot {
        self.registry.latest()
    }

    /// Ends the window with a cut and returns its snapshot; the next window begins at that instant, with no
    /// series and no counts. A record is in exactly one window.
    ///
    /// *Cost:* that of a snapshot and of new tables. Each thread and each handle finds its series anew with its
    /// next record.
    pub fn reset(&self) -> Snapshot {
        self.registry.reset()
    }

    /// Identity of the process, and start and uptime of the window, as of now. Takes no cut.
    #[must_use]
    pub fn process(&self) -> ProcessRuntimeSnapshot {
        self.registry.process()
    }
}

impl Default for Metrics {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("latest", &self.latest()).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_limits_are_in_range() {
        assert!(Metrics::builder().build().is_ok());
    }
}
