//! OpenTelemetry's protocol (OTLP), metrics.
//!
//! Sources: [OTLP specification 1.x](https://opentelemetry.io/docs/specs/otlp/), its
//! [protobuf definitions](https://github.com/open-telemetry/opentelemetry-proto), and the
//! [metrics data model](https://opentelemetry.io/docs/specs/otel/metrics/data-model/). Requests are written by
//! [`Exposition::otlp`](crate::Exposition::otlp) and [`Exposition::otlp_delta`](crate::Exposition::otlp_delta); nothing is sent from here.

mod attribute;
mod deltas;
mod encoding;
mod interval;
mod metric;
mod metrics;
mod reading;
pub(crate) mod request;
mod resource;

pub use deltas::Deltas;
pub use encoding::Encoding;
pub use interval::Interval;
