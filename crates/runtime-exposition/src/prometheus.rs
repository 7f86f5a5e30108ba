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
//! | `target_info` | gauge, 1 | `service_name`, `service_namespace`, `service_version` as far as configured; `service_instance_id`, `host_name`, `process_pid`; [further attributes](#target_info) |
//! | `<ns>_build_info` | gauge, 1 | `version`, `revision`, as far as configured |
//! | `process_start_time_seconds` | gauge | – |
//! | `<ns>_uptime_seconds` | gauge | – |
//! | `process_cpu_seconds_total` | counter | – |
//! | `process_resident_memory_bytes`, `process_virtual_memory_bytes` | gauge | – |
//! | `process_open_fds`, `process_max_fds`, `process_threads` | gauge | – |
//! | `<ns>_http_requests_total` | counter | `http_route` or `url_path` |
//! | `<ns>_config_deliveries_total` | counter | `config_endpoint`, `config_target`, `caller` |
//! | `<ns>_config_values_served_total` | counter | the same and `config_name` |
//! | `<ns>_config_last_delivery_timestamp_seconds` | gauge | –; the family is absent before a window's first delivery |
//! | `<ns>_snapshot_duration_seconds` | gauge | – |
//! | `<ns>_snapshots_total` | counter | –; grows by one with every cut, never falls at a reset |
//! | `<ns>_series` | gauge | `family`: `deliveries`, `requests` |
//! | `<ns>_series_limit` | gauge | the same |
//! | `<ns>_series_overflow_total` | counter | the same |
//! | `<ns>_pushes_total` | counter | `push_receiver`; `outcome`: `acknowledged`, `failed` |
//! | `<ns>_push_failed_attempts_total` | counter | `push_receiver`; `error_type`: `connect`, `connection`, `refused`, `source`, `throttled`, `timeout`, `unavailable` |
//! | `<ns>_push_abandoned_records_total` | counter | `push_receiver`; `outcome`: `in_doubt`, `refused` |
//! | `<ns>_push_attempts_total`, `<ns>_push_rejected_data_points_total`, `<ns>_push_lost_windows_total`, `<ns>_push_sent_bytes_total` | counter | `push_receiver` |
//! | `<ns>_push_last_success_timestamp_seconds` | gauge | the same; absent before the first acknowledged push |
//!
//! The families from `process_cpu_seconds_total` to `process_threads` are on pages that were given a [`ProcessUsage`](crate::ProcessUsage), each as far as
//! its figure could be read. Names and meanings are those that client libraries share
//! ([Writing client libraries](https://prometheus.io/docs/instrumenting/writing_clientlibs/#process-metrics)).
//!
//! Those from `<ns>_pushes_total` on are on pages that were given statistics of pushes (feature `push-otlp` or `pushgateway`:
//! `TextPage::pushes`). `error_type` is OpenTelemetry's `error.type`, as in the metrics of its own exporters.
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
//! # `target_info`
//!
//! The identity of the process is on `target_info` only: scrapers join it where it is needed. Behind the labels of the table it has one for each
//! further [attribute of the resource](crate::ExpositionBuilder::resource_attribute), in the order of the labels' names. As OpenTelemetry's specification of Prometheus compatibility has it, `deployment.environment.name` is
//! `deployment_environment_name` there: what no label's name may have is an underscore, several of them one, and attributes that come to have one name are one label, their values joined by `;`.
//! A name that scrapers overwrite (`endpoint`, `instance`, `job`, `service`, `type`) has the `exported_` before it that a Prometheus server would put there. An attribute whose name
//! comes to be that of a label of the table is left out.

/// The `Content-Type` of a page. Current Prometheus servers fail a scrape whose content type is missing or wrong.
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";
