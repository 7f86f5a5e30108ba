//! The functions of the Python module `runtime.metrics`, over one registry for the whole process.

use once_cell::race::OnceBox;

use crate::metrics::Metrics;
use crate::snapshot::{
    ProcessRuntimeSnapshot, RequestMetricsSnapshot, ServedConfigMetricsSnapshot, Snapshot,
};

/// The process-wide registry, with the default limits. Built at the first call.
///
/// *Cost:* one load after that. Threads that race for the first call do not wait for each other.
#[must_use]
pub fn global() -> &'static Metrics {
    static GLOBAL: OnceBox<Metrics> = OnceBox::new();
    GLOBAL.get_or_init(|| Box::new(Metrics::new()))
}

/// Ends the window of the process-wide registry; see [`Metrics::reset`].
pub fn reset_metrics() -> Snapshot {
    global().reset()
}

/// Counts one observed HTTP request; see [`Metrics::record_request`].
#[inline]
pub fn record_request(path: &str) {
    global().record_request(path);
}

/// Counts one successful configuration response; see [`Metrics::record_config_delivery`].
#[inline]
pub fn record_config_delivery<S: AsRef<str>>(
    endpoint_name: &str,
    target: &str,
    config_names: &[S],
    caller_label: &str,
) {
    global().record_config_delivery(endpoint_name, target, config_names, caller_label);
}

/// Identity and uptime of this process, as of now; see [`Metrics::process`].
#[must_use]
pub fn get_process_runtime_snapshot() -> ProcessRuntimeSnapshot {
    global().process()
}

/// The request counters of a new cut; see [`Metrics::snapshot`].
#[must_use]
pub fn get_request_metrics_snapshot() -> RequestMetricsSnapshot {
    global().snapshot().requests().clone()
}

/// The delivery counters of a new cut; see [`Metrics::snapshot`].
#[must_use]
pub fn get_served_config_metrics_snapshot() -> ServedConfigMetricsSnapshot {
    global().snapshot().served_config().clone()
}
