//! One [`Snapshot`](runtime_metrics::Snapshot), in the language of whoever observes the process.
//!
//! Every encoder here is a pure function, but that it keeps text which it will need again: a snapshot goes in, bytes come out. None of them sees a registry, takes a cut,
//! reads a clock or does I/O, so whatever one page says comes from one cut, and encoding one snapshot twice gives the
//! same bytes twice.
//!
//! ```
//! use runtime_exposition::{CallerLabels, Exposition, RequestLabel};
//! use runtime_metrics::Metrics;
//!
//! let exposition = Exposition::builder()
//!     .namespace("exp")
//!     .service_name("exp")
//!     .request_label(RequestLabel::Route)
//!     .caller_labels(CallerLabels::Hashed)
//!     .build()?;
//!
//! let metrics = Metrics::new();
//! metrics.record_request("/api/health");
//!
//! let mut page = String::new(); // keep it from scrape to scrape: it stops growing
//! exposition.prometheus_text(&metrics.snapshot(), &mut page);
//! assert!(page.contains("exp_http_requests_total{http_route=\"/api/health\"} 1\n"));
//! # Ok::<(), runtime_exposition::ExpositionError>(())
//! ```
//!
//! # What is shared by every encoder
//!
//! - **Options** are set once, in [`ExpositionBuilder`]: the namespace, what is known about the service, the name of the
//!   request label, and how callers are shown.
//! - **Callers** may be principal IDs. [`CallerLabels`] shows, hashes or drops them on every way out: in series as in
//!   the health documents.
//! - **Overflow**: a series of which a label is [`OVERFLOW_LABEL`](runtime_metrics::OVERFLOW_LABEL) is not shown under
//!   that label. All such series of a family are one sample, whose only label is `otel_metric_overflow="true"` (the name
//!   that OpenTelemetry's cardinality limit gives it, in Prometheus spelling). It stands last in its family. Whether a
//!   series overflowed is judged by the labels that are shown: with [`CallerLabels::Dropped`] a delivery whose caller
//!   alone overflowed counts for its endpoint and target, which are known.
//! - **Sums**: series that come to have the same labels, because callers are hashed or dropped, are one sample that
//!   holds their sum. So no page has a series twice, and the samples of a family always add up to the snapshot's total.
//!
//! # Formats
//!
//! | form | module | source of the format |
//! |---|---|---|
//! | Prometheus text 0.0.4 | [`prometheus`] | [Prometheus exposition formats](https://prometheus.io/docs/instrumenting/exposition_formats/) |
//! | OpenMetrics 1.0 | [`openmetrics`] | [OpenMetrics](https://prometheus.io/docs/specs/om/open_metrics_spec/) |
//! | snapshot document, JSON | [`document`] | ours; its [JSON Schema](https://json-schema.org/draft/2020-12/schema) is `docs/snapshot.schema.json` in the repository |
//! | OTLP metrics, protobuf and JSON | `otlp`, behind its feature | [OTLP](https://opentelemetry.io/docs/specs/otlp/), [metrics data model](https://opentelemetry.io/docs/specs/otel/metrics/data-model/) |
//! | health and ready documents | [`health`] | the keys of the exp service's `GET /api/health` and `GET /api/ready` |
//!
//! What the process takes from its machine, CPU time and memory and so on, is in no snapshot. [`ProcessUsage`] is a value that whoever
//! serves a page reads, and gives to the [page](Exposition::page) beside the snapshot.
//!
//! # Features
//!
//! - `compression`: `ContentEncoding`, gzip and zstd by `Accept-Encoding`. It builds zstd, which is C.
//! - `discovery`: the module `discovery`, files by which a Prometheus server finds this process. The only thing here that writes anything.
//! - `otlp`: OpenTelemetry's protocol, without a sender.
//! - `process`: `ProcessUsage::read`.
//! - `opentelemetry`: the module `bridge`, for services that run the OpenTelemetry SDK.
//! - `push-otlp`, `pushgateway`: the module `push`, which sends what the encoders make of snapshots. It is the only part that does I/O, and needs a
//!   Tokio runtime.

#![forbid(unsafe_code)]

#[cfg(feature = "opentelemetry")]
pub mod bridge;
mod caller;
mod catalogue;
#[cfg(feature = "discovery")]
pub mod discovery;
pub mod document;
#[cfg(feature = "compression")]
mod encoding;
mod error;
mod escape;
mod exposition;
mod family;
mod format;
mod growth;
pub mod health;
mod interval;
mod joint;
mod line_cache;
mod lines;
mod marginal;
mod namespace;
mod number;
pub mod openmetrics;
#[cfg(feature = "otlp")]
pub mod otlp;
mod page;
mod pairs;
mod process_usage;
pub mod prometheus;
#[cfg(feature = "push")]
pub mod push;
mod request;
mod resource_variables;
mod sample;
mod series;
mod service;
mod target_label;

pub use crate::caller::CallerLabels;
#[cfg(feature = "compression")]
pub use crate::encoding::ContentEncoding;
pub use crate::error::{ExpositionError, NamespaceError, PairsError};
pub use crate::exposition::{Exposition, ExpositionBuilder};
pub use crate::format::TextFormat;
pub use crate::interval::Interval;
pub use crate::page::TextPage;
pub use crate::process_usage::ProcessUsage;
pub use crate::request::RequestLabel;
pub use crate::resource_variables::ResourceVariables;

/// The README's example, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
