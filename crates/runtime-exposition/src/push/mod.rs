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
//! request that is taken twice does no harm. A reset begins a new window; what was recorded between the last push and the reset is told by none.
//!
//! **[Deltas](#deltas)**: what was recorded in a window is in exactly one interval that is acknowledged, or is counted as abandoned.
//!
//! Lost without being counted is only what was recorded after the last acknowledged push, when the process ends without a last push that arrives.
//!
//! **Memory**: of the pushes there are, at any time, one encoded request and six snapshots at most (of windows whose end is not known yet, four), and of windows that were handed over 32, whatever the receiver does and for
//! however long.
//!
//! # Deltas
//!
//! Intervals of one window touch and never overlap. What becomes of a request that is not acknowledged depends on what is known of it:
//!
//! - *It was not taken*: there was no connection, or the answer was 3xx, 4xx, or a gRPC status that only a receiver gives that looked at the request. What it held is in the next interval, which
//!   begins where it began.
//! - *It is in doubt*: the time was over, the connection broke after it was there, or the answer was 5xx or `CANCELLED`, `UNKNOWN`, `DEADLINE_EXCEEDED`, `ABORTED`, `INTERNAL`,
//!   `UNAVAILABLE` or `DATA_LOSS`, which a proxy gives as well that had passed the request on. Nothing else is sent before **the very same bytes**, with the same start and end, are acknowledged, in this push
//!   or in later ones.
//!
//! So a receiver that knows an interval by its start and end, and discards one that it has, counts everything once. One that does not may count a
//! request twice that was in doubt. (OTLP, "Duplicate Data", takes this for the right choice.)
//!
//! That one interval is offered again and again must have an end, or one request that a receiver never takes holds up everything behind it. Where it ends:
//!
//! - *Never*, as long as the receiver cannot be reached, says "later" (429, 502, 503, 504, the retryable gRPC statuses but `OUT_OF_RANGE`), or refuses the sender (401, 404 and their like): another request would
//!   fare the same, and the outage, however long, costs nothing.
//! - *After [`doubt_timeout`](PushSchedule::doubt_timeout)*, an hour unless told otherwise, of pushes in which the interval is refused for what is in it (400, 413, 415, 422,
//!   `INVALID_ARGUMENT`; and `RESOURCE_EXHAUSTED` without a `RetryInfo` and `OUT_OF_RANGE`, which servers say of a message that is too long), or is in doubt by an error that the receiver does not call passing (500 and its like, `INTERNAL`, `UNKNOWN`), by silence, or by a connection that breaks. OTLP would have what is refused, 500 and `INTERNAL` included, dropped at once; a receiver that is mended
//!   within the time gets it all the same.
//! - *At once*, when what is in doubt is then refused for what is in it: either the receiver has it and refuses to take it twice, or it will never take it.
//!
//! The interval is then **abandoned**: it is told no more, the next one begins where it ended, and the requests and deliveries in it are counted
//! ([`abandoned_records`](PushStatistics::abandoned_records), `<ns>_push_abandoned_records_total`) as [in doubt](Abandonment::InDoubt), which the receiver may have or not, or as [refused](Abandonment::Refused), which it
//! does not have; [`PushEvent::Abandoned`] tells of it.
//!
//! **Resets**: a pusher sees what its source returns, and so nothing of what was recorded between its last push and a reset. Whoever resets hands the window that the reset
//! returned to [`PusherHandle::window_ended`]: the next push tells the rest of it before it tells of the new window.
//! A window that was not handed over, or too late, is counted ([`lost_windows`](PushStatistics::lost_windows), `<ns>_push_lost_windows_total`) as soon as four later ones were told.
//!
//! # The end
//!
//! The last push has as much time as the schedule allows, or whoever [stops](PusherHandle::stop_within) the pusher. With a receiver that is dead it takes all of that:
//! [`PushEvent::LastPushDelayed`] says what is waited for, and [`PushEvent::LastPushFailed`], in the end, what the last failure was.
//! [`PusherHandle::abandon`] ends the wait, as for a second signal.
//!
//! # The network
//!
//! HTTP/1.1 and HTTP/2 are hyper's, TLS is that of rustls with the cryptography of ring, which builds with a C compiler alone. Trusted are the
//! certificates of the machine (`SSL_CERT_FILE` and `SSL_CERT_DIR` are obeyed), not a list that is compiled in: operators add and revoke authorities there, and it
//! does not grow old with the program. Proxies of the environment (`HTTPS_PROXY` and its like) are **not** used: a receiver is most often an agent on the same host, which a proxy set for
//! other ends would hide. Who needs one names it as the receiver.
//!
//! # Who pushes
//!
//! The [`Exposition`](crate::Exposition) says who the service is, alike for pages and pushes. What `OTEL_SERVICE_NAME` and `OTEL_RESOURCE_ATTRIBUTES` say is for it,
//! too: [`ResourceVariables`](crate::ResourceVariables). Beside the counts there is what the process takes, unless that is [left out](ProcessMetrics).
//!
//! # How the pushes fare
//!
//! A [`PushMonitor`] reads the [`PushStatistics`] at any time. A page shows them as families of their own, beside the snapshot:
//! [`TextPage::pushes`](crate::TextPage::pushes).
//!
//! Sources: [OTLP specification](https://opentelemetry.io/docs/specs/otlp/), "Failures", "Duplicate Data", "OTLP/gRPC Throttling", "OTLP/HTTP Throttling", "All Other Responses";
//! [OTLP exporter configuration](https://opentelemetry.io/docs/specs/otel/protocol/exporter/); [Pushgateway](https://github.com/prometheus/pushgateway#api).

mod backoff;
mod cause;
mod client;
mod doubt;
mod endpoint;
mod error;
mod event;
#[cfg(feature = "pushgateway")]
mod gateway;
mod handle;
mod header;
mod judge;
mod line;
mod lookup;
#[cfg(feature = "push-otlp")]
mod otlp;
mod outcome;
mod process_metrics;
mod pusher;
mod receiver;
mod rounds;
mod schedule;
mod statistics;
mod tls;
#[cfg(feature = "push-otlp")]
mod variables;

pub use doubt::Abandonment;
pub use error::PushConfigError;
pub use event::PushEvent;
#[cfg(feature = "pushgateway")]
pub use gateway::{PushgatewayConfig, PushgatewayConfigBuilder};
pub use handle::PusherHandle;
#[cfg(feature = "push-otlp")]
pub use otlp::{OtlpCompression, OtlpConfig, OtlpConfigBuilder, OtlpProtocol, Temporality};
pub use outcome::FailureReason;
pub use process_metrics::ProcessMetrics;
pub use pusher::{PushConfig, Pusher};
pub use schedule::PushSchedule;
pub use statistics::{PushMonitor, PushStatistics};
