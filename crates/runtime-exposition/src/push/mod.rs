//! Sending snapshots: to an OpenTelemetry receiver, or to a Prometheus Pushgateway.
//!
//! A [`Pusher`] is told how, and given a source of snapshots. It sees no registry, and who records never waits for it: it takes snapshots like
//! anybody else who looks.
//!
//! ```no_run
//! # #[cfg(feature = "push-otlp")]
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! use runtime_exposition::push::{OtlpConfig, Pusher};
//! use runtime_exposition::{Exposition, ResourceVariables};
//! use runtime_metrics::Metrics;
//!
//! let metrics = Metrics::new();
//! let exposition = Exposition::builder().resource_variables(ResourceVariables::from_env()?).build()?;
//! let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
//! if let Some(config) = OtlpConfig::from_env()? {
//!     let pusher = Pusher::new(&exposition, config)?;
//!     let monitor = pusher.monitor(); // how it fares, at any time
//!     let source = { let metrics = metrics.clone(); move || metrics.snapshot() };
//!     let running = tokio::spawn(pusher.run(source, async { _ = stopped.await }));
//!     // ... the service's life ...
//!     let _ = stop.send(());
//!     println!("{:?}", running.await?); // after the last push
//! }
//! # Ok(())
//! # }
//! ```
//!
//! # A push
//!
//! At each [interval](PushSchedule::interval) a snapshot is taken and encoded, and sent in one or more *attempts*, each by a connection of its own and of
//! [limited time](PushSchedule::attempt_timeout). It is sent again after failures that allow it, while the [time of the push](PushSchedule::push_timeout)
//! lasts:
//!
//! - no connection, a connection that broke, an attempt whose time was over;
//! - HTTP 429, 502, 503 and 504; gRPC `CANCELLED`, `DEADLINE_EXCEEDED`, `ABORTED`, `OUT_OF_RANGE`, `UNAVAILABLE` and `DATA_LOSS`, and
//!   `RESOURCE_EXHAUSTED` if it comes with a `RetryInfo`.
//!
//! Between attempts there is a random time between nothing and a limit that doubles from [`first_retry`](PushSchedule::first_retry) to 30 s, or the time that the receiver
//! asks for (`Retry-After`, `RetryInfo`), 5 minutes at most: if that is longer than the push may take, the next push waits for it. After every other answer the push is given
//! up at once, and so it is when its time is over. Redirects are not followed. Of answers 64 KiB are read, by gRPC 4 MiB more for the status behind them. A name is looked up anew for each
//! attempt, by one look-up at a time: one that hangs takes one thread of the runtime, and attempts wait for it.
//!
//! A success of which some data points were rejected (partial success) is a success; what was rejected is counted and not sent again. An answer with a status of success but a body that
//! cannot be read is one, too, and is remarked upon.
//!
//! # What is guaranteed
//!
//! **Cumulative counts** (and pages): whatever happens to a push, the next one tells everything, so that nothing is lost but the instants between; a
//! request that is taken twice does no harm.
//!
//! **Deltas**: what was recorded in a window is in exactly one interval that is acknowledged, as long as the window lasts; intervals of one window touch and never overlap.
//! What becomes of a request that is not acknowledged depends on what is known of it:
//!
//! - *It was not taken*: there was no connection, or the answer was 3xx, 4xx, or a gRPC status that only a receiver gives that looked at the request. What it held is in the next interval, which
//!   begins where it began.
//! - *It is in doubt*: the time was over, the connection broke after it was there, or the answer was 5xx or `CANCELLED`, `UNKNOWN`, `DEADLINE_EXCEEDED`, `ABORTED`, `INTERNAL`,
//!   `UNAVAILABLE` or `DATA_LOSS`, which a proxy gives as well that had passed the request on. Nothing else is sent before **the very same bytes**, with the same start and end, are acknowledged, in this push
//!   or in later ones; or until the receiver refuses what is in them (400, 413, 415, 422, `INVALID_ARGUMENT`), which it is believed to have done the first time, too: one
//!   that answers so to a request that it has makes what it holds count twice. (OTLP would not have a 500 or an `INTERNAL` sent again at all. What was in it would then be lost, or count twice; here it
//!   waits, and with it all that comes after, until the receiver is mended.)
//!
//! So a receiver that knows an interval by its start and end, and discards one that it has, counts everything once. One that does not may count a
//! request twice that was in doubt. Lost is what no acknowledged push holds: what was recorded after the last one, when the process ends without a last push that arrives, and what was recorded
//! between the last push of a window and the reset that ended it, because a pusher only sees what its source returns.
//!
//! **Memory**: of the pushes there are, at any time, one encoded request and two snapshots at most, whatever the receiver does and for however long.
//!
//! # The network
//!
//! HTTP/1.1 and HTTP/2 are hyper's, TLS is that of rustls with the cryptography of ring, which builds with a C compiler alone. Trusted are the
//! certificates of the machine (`SSL_CERT_FILE` and `SSL_CERT_DIR` are obeyed), not a list that is compiled in: operators add and revoke authorities there, and it
//! does not grow old with the program. Proxies of the environment (`HTTPS_PROXY` and its like) are **not** used: a receiver is most often an agent on the same host, which a proxy set for
//! other ends would hide. Who needs one names it as the receiver.
//!
//! # How the pushes fare
//!
//! A [`PushMonitor`] reads the [`PushStatistics`] at any time. A page shows them as families of their own, beside the snapshot:
//! [`TextPage::pushes`](crate::TextPage::pushes).
//!
//! Sources: [OTLP specification](https://opentelemetry.io/docs/specs/otlp/), "Failures", "OTLP/gRPC Throttling", "OTLP/HTTP Throttling", "All Other Responses";
//! [OTLP exporter configuration](https://opentelemetry.io/docs/specs/otel/protocol/exporter/); [Pushgateway](https://github.com/prometheus/pushgateway#api).

mod backoff;
mod cause;
mod client;
mod endpoint;
mod error;
mod event;
#[cfg(feature = "pushgateway")]
mod gateway;
mod header;
mod judge;
mod lookup;
#[cfg(feature = "push-otlp")]
mod otlp;
mod outcome;
mod pusher;
mod receiver;
mod rounds;
mod schedule;
mod statistics;
mod tls;
#[cfg(feature = "push-otlp")]
mod variables;

pub use error::PushConfigError;
pub use event::PushEvent;
#[cfg(feature = "pushgateway")]
pub use gateway::{PushgatewayConfig, PushgatewayConfigBuilder};
#[cfg(feature = "push-otlp")]
pub use otlp::{OtlpCompression, OtlpConfig, OtlpConfigBuilder, OtlpProtocol, Temporality};
pub use outcome::FailureReason;
pub use pusher::{PushConfig, Pusher};
pub use schedule::PushSchedule;
pub use statistics::{PushMonitor, PushStatistics};
