//! The handle on the routes.

use std::fmt;
use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use runtime_exposition::Exposition;
use runtime_metrics::Metrics;

use super::base_path::BasePath;
use super::builder::RoutesBuilder;
use super::desk::Desk;
use super::guard::{guard, guard_page};
use super::handlers;
use super::live::{LivePage, live};
use super::refusal::Refusal;
use super::sampler;
use crate::page::Page;

/// Routes that show what a registry counts: an axum [`Router`] to merge into a service's own, or to serve on a listener of its own.
///
/// | route | answers |
/// |---|---|
/// | `/metrics` | OpenMetrics or Prometheus text, by `Accept`, with what the process takes from its machine |
/// | `/api/health` | the [health document](runtime_exposition::health) |
/// | `/api/ready` | the ready document; 503 while the service is not ready |
/// | `/snapshot` | the [snapshot document](runtime_exposition::document); `?since=SEQUENCE`: the exact difference |
/// | `/events` | snapshot documents as server-sent events, one a second; `?interval=SECONDS`: one in so many, 60 at most |
/// | `/history` | the [last minute, hour and day](crate::history) |
/// | `/live` | a [page](crate::Page) that shows all this in a browser |
///
/// `GET` and `HEAD`; anything else is answered 405. Errors are `{"error": "…"}` with cause and remedy. All but events is compressed by zstd or gzip where
/// `Accept-Encoding` asks for it, and nothing but the page may be stored.
///
/// ```
/// use axum::Router;
/// use runtime_exposition::{Exposition, RequestLabel};
/// use runtime_http::{RequestMetricsLayer, Routes};
/// use runtime_metrics::Metrics;
///
/// let metrics = Metrics::new();
/// let exposition = Exposition::builder().request_label(RequestLabel::Route).build()?;
/// let routes = Routes::builder(metrics.clone(), exposition).build()?;
/// let app: Router = Router::new().merge(routes.router()).layer(RequestMetricsLayer::by_route(metrics));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Consistency
///
/// Every answer but `/history` and `/events`, which show what is sampled each second, is of one cut, which was taken after the request had come, unless a [maximum age](RoutesBuilder::maximum_age) is chosen: so whatever was recorded
/// before it was asked for is in it. A health or ready document always is such: where the layer counts its route, it counts itself.
///
/// # Cost
///
/// Each form of a document (of `/metrics` by format, of all by compression) is made by one thread at a time, where it may block, and given to all who asked for it before it was begun. Then it rests nine times as long as
/// making it took, 250 ms at most, before it is made again. So a thousand scrapers cost a tenth of one processor for each form at most (where making it takes less than 28 ms), and whoever asks once in a while does not wait.
/// What failed is not tried again for 250 ms.
/// Snapshots that are handed out have a number that differences can be asked for by, and so a pace: past a burst of 24, two a second are taken, which all share who ask meanwhile, for whatever form. Differences are
/// written one at a time, each for itself. The last answer of each form that was asked for stays in memory: at most eighteen.
///
/// One task takes a snapshot a second, for the [history](crate::history) and for whoever watches `/events`, which is written once for all of them. It runs once there is a
/// Tokio runtime (with its timer enabled) when the routes are built, or when the first request comes; where that runtime ends or is not driven for 5 s, the next request has its own runtime take over. It ends when the last clone of these routes and of their routers is dropped, or they are
/// [closed](Self::close).
///
/// # Differences
///
/// A snapshot that `/snapshot` or `/events` handed out is kept until [so many](RoutesBuilder::recent_snapshots) others were, which takes half a minute at least: whoever asks every 15 s never loses its place, however many others ask.
/// `?since=` its `sequence` answers what was counted since, as a snapshot document with the
/// counts of the interval and a key `since`; 410 if it is not kept any more, 404 if there was none. With `&instance=` its `instanceId` it is 410, too, if it was another process
/// life's. If a reset came after it, the answer is what was counted since the reset, as its own `since` says: what was counted in the time before it is in no answer.
///
/// # Events
///
/// Events are named `snapshot`. Each holds a whole document, so whoever misses some has lost nothing: a viewer that reads slowly gets the latest one when it is ready, and none is queued. The id of an event is `INSTANCE.SEQUENCE`; a viewer
/// that comes back with it in `Last-Event-ID` is not sent the same one again. A comment comes every 15 s if nothing else does. Past the [cap](RoutesBuilder::max_viewers) the answer is 503 with `Retry-After`.
///
/// # Limitations
///
/// - A stream of events holds its connection open: [close](Self::close) the routes when the service begins to end, or a graceful shutdown waits for viewers.
/// - Who may ask is asked for by each route. Answers say what the service does for whom: where that is a secret, use a [token](RoutesBuilder::bearer_token),
///   [loopback only](RoutesBuilder::loopback_only), a listener of its own, or [hidden callers](runtime_exposition::CallerLabels).
/// - A child of a fork has no runtime, and so no routes: it builds its own.
#[derive(Clone)]
pub struct Routes {
    desk: Arc<Desk>,
    base_path: BasePath,
    page: Arc<LivePage>,
}

impl Routes {
    /// Routes over this registry, shown by these options, with the defaults of [`RoutesBuilder`].
    pub fn builder(metrics: Metrics, exposition: Exposition) -> RoutesBuilder {
        RoutesBuilder::new(metrics, exposition)
    }

    pub(super) fn new(desk: Desk, base_path: BasePath) -> Self {
        let desk = Arc::new(desk);
        sampler::ensure(&desk);
        let page = Arc::new(LivePage::of(&Page::of(&desk.source.exposition)));
        Self { desk, base_path, page }
    }

    /// The router, for a service with any state. Routers of the same routes share everything.
    ///
    /// It has no fallback, so it merges into any router that has none of these paths.
    pub fn router<S: Clone + Send + Sync + 'static>(&self) -> Router<S> {
        let Self { desk, base_path, page } = self;
        let page = Router::new()
            .route(&base_path.with("/live"), get(live))
            .method_not_allowed_fallback(async || Refusal::WrongMethod)
            .route_layer(from_fn_with_state(Arc::clone(desk), guard_page))
            .with_state(Arc::clone(page));
        Router::new()
            .route(&base_path.with("/metrics"), get(handlers::metrics))
            .route(&base_path.with("/api/health"), get(handlers::health))
            .route(&base_path.with("/api/ready"), get(handlers::ready))
            .route(&base_path.with("/snapshot"), get(handlers::snapshot))
            .route(&base_path.with("/events"), get(handlers::events))
            .route(&base_path.with("/history"), get(handlers::history))
            .method_not_allowed_fallback(async || Refusal::WrongMethod)
            // Not `layer`: that would be around the fallback of whatever router this is merged into.
            .route_layer(from_fn_with_state(Arc::clone(desk), guard))
            .with_state(Arc::clone(desk))
            .merge(page)
    }

    /// Ends every stream of events, and the task that samples; everything else is still answered. For a service that begins to end:
    ///
    /// ```no_run
    /// # async fn serve(listener: tokio::net::TcpListener, app: axum::Router, routes: runtime_http::Routes) -> std::io::Result<()> {
    /// let signal = async move {
    ///     let _ = tokio::signal::ctrl_c().await;
    ///     routes.close();
    /// };
    /// axum::serve(listener, app).with_graceful_shutdown(signal).await
    /// # }
    /// ```
    pub fn close(&self) {
        self.desk.closed.send_replace(true);
    }
}

impl fmt::Debug for Routes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Routes").field("base_path", &self.base_path).finish_non_exhaustive()
    }
}
