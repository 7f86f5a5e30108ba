//! Every family that a page has: its name, its type, its help text.

use crate::family::{Definition, Family, Kind, Scope};
use crate::namespace::Namespace;

const fn counter(stem: &'static str, help: &'static str) -> Definition {
    Definition { scope: Scope::Namespaced, stem, kind: Kind::Counter, unit: None, help }
}

const fn gauge(stem: &'static str, help: &'static str) -> Definition {
    Definition { scope: Scope::Namespaced, stem, kind: Kind::Gauge, unit: None, help }
}

/// A gauge whose stem ends in `_seconds`.
const fn seconds(stem: &'static str, help: &'static str) -> Definition {
    Definition { unit: Some("seconds"), ..gauge(stem, help) }
}

/// A gauge of the process itself, of a name that all programs share.
const fn process(stem: &'static str, unit: Option<&'static str>, help: &'static str) -> Definition {
    Definition { scope: Scope::Shared, unit, ..gauge(stem, help) }
}

const TARGET: Definition = Definition {
    scope: Scope::Shared,
    stem: "target",
    kind: Kind::Info,
    unit: None,
    help: "The service instance that this page comes from.",
};
const BUILD: Definition = Definition { kind: Kind::Info, ..gauge("build", "The build that is running.") };
const PROCESS_START_TIME: Definition = process(
    "process_start_time_seconds",
    Some("seconds"),
    "Start time of the process since unix epoch in seconds.",
);
const PROCESS_CPU: Definition = Definition {
    kind: Kind::Counter,
    ..process("process_cpu_seconds", Some("seconds"), "Total user and system CPU time spent in seconds.")
};
const PROCESS_RESIDENT_MEMORY: Definition =
    process("process_resident_memory_bytes", Some("bytes"), "Resident memory size in bytes.");
const PROCESS_VIRTUAL_MEMORY: Definition =
    process("process_virtual_memory_bytes", Some("bytes"), "Virtual memory size in bytes.");
const PROCESS_OPEN_FDS: Definition = process("process_open_fds", None, "Number of open file descriptors.");
const PROCESS_MAX_FDS: Definition =
    process("process_max_fds", None, "Maximum number of open file descriptors.");
const PROCESS_THREADS: Definition = process("process_threads", None, "Number of threads in the process.");
pub(crate) const UPTIME: Definition =
    seconds("uptime_seconds", "Seconds since the measurement window began.");
pub(crate) const HTTP_REQUESTS: Definition = counter("http_requests", "HTTP requests observed.");
pub(crate) const CONFIG_DELIVERIES: Definition =
    counter("config_deliveries", "Successful configuration responses.");
pub(crate) const CONFIG_VALUES_SERVED: Definition =
    counter("config_values_served", "Configuration values in successful configuration responses.");
pub(crate) const CONFIG_LAST_DELIVERY: Definition = seconds(
    "config_last_delivery_timestamp_seconds",
    "Time of the last successful configuration response since unix epoch in seconds.",
);
pub(crate) const SNAPSHOT_DURATION: Definition =
    seconds("snapshot_duration_seconds", "What taking the snapshot that this page shows cost.");
pub(crate) const SNAPSHOTS: Definition = counter("snapshots", "Snapshots taken.");
pub(crate) const SERIES: Definition = gauge("series", "Series in use.");
pub(crate) const SERIES_LIMIT: Definition =
    gauge("series_limit", "Series that a family may use before it overflows.");
pub(crate) const SERIES_OVERFLOW: Definition =
    counter("series_overflow", "Records counted in the overflow series because of a series or label limit.");

#[cfg(feature = "push")]
const PUSHES: Definition = counter("pushes", "Pushes that ended, acknowledged or given up.");
#[cfg(feature = "push")]
const PUSH_ATTEMPTS: Definition = counter("push_attempts", "Attempts to send a push.");
#[cfg(feature = "push")]
const PUSH_FAILED_ATTEMPTS: Definition =
    counter("push_failed_attempts", "Attempts to send a push that failed, by what made them fail.");
#[cfg(feature = "push")]
const PUSH_REJECTED_POINTS: Definition =
    counter("push_rejected_data_points", "Data points of acknowledged pushes that the receiver rejected.");
#[cfg(feature = "push")]
const PUSH_ABANDONED_RECORDS: Definition = counter(
    "push_abandoned_records",
    "Requests and deliveries that delta pushes do not tell again though no receiver acknowledged them, by what is known of them.",
);
#[cfg(feature = "push")]
const PUSH_LOST_WINDOWS: Definition = counter(
    "push_lost_windows",
    "Windows ended by a reset of which something may be missing in delta pushes.",
);
#[cfg(feature = "push")]
const PUSH_SENT_BYTES: Definition = Definition {
    unit: Some("bytes"),
    ..counter("push_sent_bytes", "Bytes of the bodies of attempts that had a connection, as they were sent.")
};
#[cfg(feature = "push")]
const PUSH_LAST_SUCCESS: Definition = seconds(
    "push_last_success_timestamp_seconds",
    "Time of the last acknowledged push since unix epoch in seconds.",
);

/// The families of how pushes fare.
#[cfg(feature = "push")]
#[derive(Debug, Clone)]
pub(crate) struct PushCatalogue {
    pub(crate) pushes: Family,
    pub(crate) attempts: Family,
    pub(crate) failed_attempts: Family,
    pub(crate) rejected_points: Family,
    pub(crate) abandoned_records: Family,
    pub(crate) lost_windows: Family,
    pub(crate) sent_bytes: Family,
    pub(crate) last_success: Family,
}

#[cfg(feature = "push")]
impl PushCatalogue {
    fn new(namespace: &Namespace) -> Self {
        let family = |definition| Family::new(namespace, definition);
        Self {
            pushes: family(&PUSHES),
            attempts: family(&PUSH_ATTEMPTS),
            failed_attempts: family(&PUSH_FAILED_ATTEMPTS),
            rejected_points: family(&PUSH_REJECTED_POINTS),
            abandoned_records: family(&PUSH_ABANDONED_RECORDS),
            lost_windows: family(&PUSH_LOST_WINDOWS),
            sent_bytes: family(&PUSH_SENT_BYTES),
            last_success: family(&PUSH_LAST_SUCCESS),
        }
    }
}

/// The families, rendered under one namespace.
#[derive(Debug, Clone)]
pub(crate) struct Catalogue {
    pub(crate) target: Family,
    pub(crate) build: Family,
    pub(crate) process_start_time: Family,
    pub(crate) uptime: Family,
    pub(crate) process_cpu: Family,
    pub(crate) process_resident_memory: Family,
    pub(crate) process_virtual_memory: Family,
    pub(crate) process_open_fds: Family,
    pub(crate) process_max_fds: Family,
    pub(crate) process_threads: Family,
    pub(crate) http_requests: Family,
    pub(crate) config_deliveries: Family,
    pub(crate) config_values_served: Family,
    pub(crate) config_last_delivery: Family,
    pub(crate) snapshot_duration: Family,
    pub(crate) snapshots: Family,
    pub(crate) series: Family,
    pub(crate) series_limit: Family,
    pub(crate) series_overflow: Family,
    #[cfg(feature = "push")]
    pub(crate) push: PushCatalogue,
}

impl Catalogue {
    /// Renders every family. Cost: four small allocations a family; done once, when the options are built.
    pub(crate) fn new(namespace: &Namespace) -> Self {
        let family = |definition| Family::new(namespace, definition);
        Self {
            target: family(&TARGET),
            build: family(&BUILD),
            process_start_time: family(&PROCESS_START_TIME),
            uptime: family(&UPTIME),
            process_cpu: family(&PROCESS_CPU),
            process_resident_memory: family(&PROCESS_RESIDENT_MEMORY),
            process_virtual_memory: family(&PROCESS_VIRTUAL_MEMORY),
            process_open_fds: family(&PROCESS_OPEN_FDS),
            process_max_fds: family(&PROCESS_MAX_FDS),
            process_threads: family(&PROCESS_THREADS),
            http_requests: family(&HTTP_REQUESTS),
            config_deliveries: family(&CONFIG_DELIVERIES),
            config_values_served: family(&CONFIG_VALUES_SERVED),
            config_last_delivery: family(&CONFIG_LAST_DELIVERY),
            snapshot_duration: family(&SNAPSHOT_DURATION),
            snapshots: family(&SNAPSHOTS),
            series: family(&SERIES),
            series_limit: family(&SERIES_LIMIT),
            series_overflow: family(&SERIES_OVERFLOW),
            #[cfg(feature = "push")]
            push: PushCatalogue::new(namespace),
        }
    }
}
