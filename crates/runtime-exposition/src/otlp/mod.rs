//! OpenTelemetry's protocol (OTLP), metrics.
//!
//! Sources: the [OTLP specification](https://opentelemetry.io/docs/specs/otlp/), its
//! [protobuf definitions](https://github.com/open-telemetry/opentelemetry-proto), the
//! [metrics data model](https://opentelemetry.io/docs/specs/otel/metrics/data-model/) and the semantic conventions. Requests are
//! written by [`Exposition::otlp`](crate::Exposition::otlp) and [`Exposition::otlp_delta`](crate::Exposition::otlp_delta), each an
//! `ExportMetricsServiceRequest`; nothing is sent from here.
//!
//! # A request
//!
//! One resource, one scope, and these metrics in this order; `<ns>` is the namespace. One without data points is left out.
//!
//! | metric | unit | kind | attributes |
//! |---|---|---|---|
//! | `process.cpu.time` | `s` | counter | – |
//! | `process.memory.usage`, `process.memory.virtual` | `By` | sum that goes up and down | – |
//! | `process.unix.file_descriptor.count` | `{file_descriptor}` | the same | – |
//! | `process.thread.count` | `{thread}` | the same | – |
//! | `process.uptime` | `s` | gauge | – |
//! | `<ns>.uptime` | `s` | gauge | –; the age of the measurement window |
//! | `<ns>.http.requests` | `{request}` | counter | `http.route` or `url.path` |
//! | `<ns>.config.deliveries` | `{response}` | counter | `config.endpoint`, `config.target`, `caller` |
//! | `<ns>.config.values_served` | `{value}` | counter | the same and `config.name` |
//! | `<ns>.config.last_delivery.timestamp` | `s` | gauge | –; absent before a window's first delivery |
//! | `<ns>.snapshot.duration` | `s` | gauge | – |
//! | `<ns>.snapshots` | `{snapshot}` | counter | –; no reset begins it anew |
//! | `<ns>.series` | `{series}` | gauge | `family`: `deliveries`, `requests` |
//! | `<ns>.series_limit` | `{series}` | gauge | the same |
//! | `<ns>.series_overflow` | `{record}` | counter | the same |
//!
//! Those from `process.cpu.time` to `process.thread.count` are in the requests of a pusher, as far as they can be read ([`ProcessUsage`](crate::ProcessUsage)); names and meanings are those
//! of the [semantic conventions](https://opentelemetry.io/docs/specs/semconv/system/process-metrics/). The sums that go up and down are cumulative in requests of deltas, too.
//!
//! A Prometheus server that receives them over OTLP makes the names of [`prometheus`](crate::prometheus) of them. Of an overflow series
//! the only attribute is `otel.metric.overflow`, true. Series come in the order of a page.
//!
//! - **Counters** are monotonic sums of integers, exact up to `i64::MAX`, the largest that the protocol has; a count above it stays there.
//! - **Times** of data points are that of the cut, in nanoseconds since 1970. A counter's start is the start of the window (of
//!   `<ns>.snapshots` that of the process), or in delta temporality that of the [`Interval`]. Gauges have none.
//! - **The resource** has `service.name` (`unknown_service` where nobody gave one), `service.namespace` and `service.version` as far as
//!   configured, `service.instance.id`, `host.name`, `process.pid`, `process.creation.time` (ISO 8601), and what
//!   [`resource_attribute`](crate::ExpositionBuilder::resource_attribute) and [`resource_variables`](crate::ExpositionBuilder::resource_variables) add.
//! - **The scope** is `runtime_metrics`, with the version of the build, which no attribute of the resource changes, and its revision as `vcs.ref.head.revision`.
//!
//! # Temporality
//!
//! Cumulative by default: everything since the window began. A reset begins a new start time, which tells a collector that counts begin
//! anew. In delta temporality a request tells an [`Interval`], the exact difference of two snapshots; [`Deltas`] remembers what
//! was told, through resets and forks.
//!
//! # Cost
//!
//! A request is built of messages that own their texts, then encoded. With 10,000 series of requests, 10,000 of deliveries and as many of
//! values a cumulative request takes some 20 ms (protobuf, 3.2 MB; JSON, 8.7 MB, takes 17 ms), a delta of one series 1.0 ms:
//! best of 100 laps on a busy two-core AMD EPYC, 2026-11-24. A page of text takes 0.4 ms there. To be measured by
//! `cargo run --release -p runtime-exposition --features otlp --example cost`.

mod attribute;
mod deltas;
mod encoding;
mod metric;
pub(crate) mod metrics;
mod reading;
pub(crate) mod request;
mod resource;
pub(crate) mod usage;

pub use crate::interval::Interval;
pub use deltas::Deltas;
pub use encoding::Encoding;
