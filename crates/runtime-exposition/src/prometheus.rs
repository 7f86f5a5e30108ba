//! Prometheus text format 0.0.4.
//!
//! Source: [Prometheus exposition formats](https://prometheus.io/docs/instrumenting/exposition_formats/), "Text-based
//! format". Pages are written by [`Exposition::prometheus_text`](crate::Exposition::prometheus_text).
//!
//! # A page
//!
//! The families, always in this order; `<ns>` is the namespace:
//!
//! | family | type | labels |
//! |---|---|---|
//! | `target_info` | gauge, 1 | `service_name`, `service_namespace`, `service_version` as far as configured; `service_instance_id`, `host_name`, `process_pid` |
//! | `<ns>_build_info` | gauge, 1 | `version`, `revision`, as far as configured |
//! | `process_start_time_seconds` | gauge | – |
//! | `<ns>_uptime_seconds` | gauge | – |
//! | `<ns>_http_requests_total` | counter | `http_route` or `url_path` |
//! | `<ns>_config_deliveries_total` | counter | `config_endpoint`, `config_target`, `caller` |
//! | `<ns>_config_values_served_total` | counter | the same and `config_name` |
//! | `<ns>_config_last_delivery_timestamp_seconds` | gauge | –; the family is absent before a window's first delivery |
//! | `<ns>_snapshot_duration_seconds` | gauge | – |
//! | `<ns>_snapshots_total` | counter | –; grows by one with every cut, never falls at a reset |
//! | `<ns>_series` | gauge | `family`: `deliveries`, `requests` |
//! | `<ns>_series_limit` | gauge | the same |
//! | `<ns>_series_overflow_total` | counter | the same |
//!
//! `process_start_time_seconds` is the process's birth and never moves; `<ns>_uptime_seconds` is the age of the
//! measurement window, which a reset begins anew, together with all counters but `<ns>_snapshots_total`.
//!
//! Within a family the series are sorted by their label values (as UTF-8 bytes, before escaping), in the order of the
//! labels above; the overflow sample stands last. The three counter families of records are announced by their `# HELP` and
//! `# TYPE` even while they have no series.
//!
//! Values are integers to the last digit. A Prometheus server reads them as 64-bit floats, exact to 2^53.
//!
//! The identity of the process is on `target_info` only: scrapers join it where it is needed.

use runtime_metrics::{RequestMetricsSnapshot, ServedConfigMetricsSnapshot, Snapshot};

use crate::exposition::Exposition;
use crate::number::{push_integer, seconds, unix_seconds};

/// The `Content-Type` of a page. Current Prometheus servers fail a scrape whose content type is missing or wrong.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// Appends one page.
pub(crate) fn encode(exposition: &Exposition, snapshot: &Snapshot, out: &mut String) {
    encode_identity(exposition, snapshot, out);
    encode_requests(exposition, snapshot.requests(), out);
    encode_served_config(exposition, snapshot.served_config(), out);
    encode_snapshot(exposition, snapshot, out);
    encode_occupancy(exposition, snapshot, out);
}

fn encode_identity(exposition: &Exposition, snapshot: &Snapshot, out: &mut String) {
    let Exposition { catalogue, service, .. } = exposition;
    let process = snapshot.process();
    catalogue
        .target_info
        .begin(out)
        .sample()
        .optional_label("service_name", service.name.as_deref())
        .optional_label("service_namespace", service.namespace.as_deref())
        .optional_label("service_version", service.version.as_deref())
        .label("service_instance_id", process.instance_id().hyphenated().encode_lower(&mut [0; 36]))
        .label("host_name", process.hostname())
        .write_label("process_pid", |out| push_integer(out, u64::from(process.process_id())))
        .integer(1);
    catalogue
        .build_info
        .begin(out)
        .sample()
        .optional_label("version", service.version.as_deref())
        .optional_label("revision", service.revision.as_deref())
        .integer(1);
    catalogue.process_start_time.begin(out).sample().float(unix_seconds(process.process_started_at()));
    catalogue.uptime.begin(out).sample().float(process.uptime_seconds());
}

fn encode_requests(exposition: &Exposition, requests: &RequestMetricsSnapshot, out: &mut String) {
    let lines = exposition.request_lines(requests.table());
    exposition.catalogue.http_requests.begin(out).lines(&lines, requests.counts());
}

fn encode_served_config(exposition: &Exposition, served: &ServedConfigMetricsSnapshot, out: &mut String) {
    let catalogue = &exposition.catalogue;
    let deliveries = exposition.delivery_lines(served.table());
    catalogue.config_deliveries.begin(out).lines(&deliveries, served.response_counts());
    let values = exposition.value_lines(served.table());
    catalogue.config_values_served.begin(out).lines(&values, served.value_counts());
    if let Some(last_served_at) = served.last_served_instant() {
        catalogue.config_last_delivery.begin(out).sample().float(unix_seconds(last_served_at));
    }
}

fn encode_snapshot(exposition: &Exposition, snapshot: &Snapshot, out: &mut String) {
    let catalogue = &exposition.catalogue;
    catalogue.snapshot_duration.begin(out).sample().float(seconds(snapshot.duration()));
    catalogue.snapshots.begin(out).sample().integer(snapshot.sequence());
}

fn encode_occupancy(exposition: &Exposition, snapshot: &Snapshot, out: &mut String) {
    let catalogue = &exposition.catalogue;
    let (requests, served) = (snapshot.requests(), snapshot.served_config());
    for (family, of_deliveries, of_requests) in [
        (&catalogue.series, served.occupancy().series().into(), requests.occupancy().series().into()),
        (&catalogue.series_limit, served.occupancy().limit().into(), requests.occupancy().limit().into()),
        (&catalogue.series_overflow, served.overflow().records(), requests.overflow().records()),
    ] {
        let mut samples = family.begin(out);
        samples.sample().label("family", "deliveries").integer(of_deliveries);
        samples.sample().label("family", "requests").integer(of_requests);
    }
}
