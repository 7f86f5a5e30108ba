//! The layer: makes services that count.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use http::Request;
use runtime_metrics::Metrics;
use tower_layer::Layer;

use super::excluded::Excluded;
#[cfg(feature = "axum")]
use super::matched_route::MatchedRoute;
use super::raw_path::RawPath;
use super::recorder::Recorder;
use super::service::RequestMetrics;

/// Counts every request that passes, before it is answered: a handler that takes a snapshot finds its own request in it.
///
/// What a request is counted under is said by `L`: the route that matched ([`by_route`](Self::by_route)), the path ([`by_path`](Self::by_path)), or
/// a function of the request ([`by`](Self::by)).
///
/// ```
/// use axum::{Router, routing::get};
/// use runtime_http::RequestMetricsLayer;
/// use runtime_metrics::Metrics;
///
/// let metrics = Metrics::new();
/// let app: Router = Router::new()
///     .route("/users/{id}", get(async || "a user"))
///     .layer(RequestMetricsLayer::by_route(metrics.clone()).exclude(["/favicon.ico"]));
/// ```
///
/// # With axum
///
/// Use [`Router::layer`](axum::Router::layer), after all routes and the fallback were added: such a layer runs once a route has matched, and
/// is around the fallback too. Routers that were [nested](axum::Router::nest) or merged before are counted under their whole template
/// (`/api/users/{id}`). [`Router::route_layer`](axum::Router::route_layer) leaves out requests that match no route. A layer *around* the router
/// (`layer.layer(router)`) runs before any route has matched, and so counts every request under
/// [`UNMATCHED_LABEL`](crate::UNMATCHED_LABEL); the same is true of a router inside [`nest_service`](axum::Router::nest_service), to which a layer of its own
/// belongs.
///
/// # With hyper and tonic
///
/// There is no route that matched: use [`by_path`](Self::by_path) where paths are few or trusted, otherwise [`by`](Self::by) with a function
/// that knows the paths. hyper takes the service by `hyper_util::service::TowerToHyperService`, tonic by `Server::layer`.
///
/// # Cost
///
/// That of [`Metrics::record_request`], and of a look into the request's extensions. Nothing is allocated or boxed; the service's future
/// is the inner service's own. A clone is one reference count, beside the inner service's.
#[must_use = "a layer counts nothing until it is applied"]
pub struct RequestMetricsLayer<L> {
    recorder: Arc<Recorder<L>>,
}

#[cfg(feature = "axum")]
impl RequestMetricsLayer<MatchedRoute> {
    /// Counts by the route template that axum matched; requests that match none under [`UNMATCHED_LABEL`](crate::UNMATCHED_LABEL).
    pub fn by_route(metrics: Metrics) -> Self {
        Self::new(metrics, MatchedRoute)
    }
}

impl RequestMetricsLayer<RawPath> {
    /// Counts by the path as sent: see [`RawPath`].
    pub fn by_path(metrics: Metrics) -> Self {
        Self::new(metrics, RawPath)
    }
}

impl<F> RequestMetricsLayer<F> {
    /// Counts by a function of the request; a request of which it says none is not counted. A closure is written where it is given, so that the compiler sees
    /// that its answer borrows from the request; otherwise use a `fn`.
    ///
    /// ```
    /// # use http::Request;
    /// # use runtime_http::RequestMetricsLayer;
    /// # let metrics = runtime_metrics::Metrics::new();
    /// # type Body = ();
    /// let layer = RequestMetricsLayer::by(metrics, |request: &Request<Body>| match request.uri().path() {
    ///     "/livez" => None,
    ///     path @ ("/" | "/orders") => Some(path.into()),
    ///     _ => Some("other".into()),
    /// });
    /// ```
    pub fn by<B>(metrics: Metrics, label: F) -> Self
    where
        F: for<'r> Fn(&'r Request<B>) -> Option<Cow<'r, str>>,
    {
        Self::new(metrics, label)
    }
}

impl<L> RequestMetricsLayer<L> {
    fn new(metrics: Metrics, label: L) -> Self {
        let recorder = Recorder { metrics, label: Arc::new(label), excluded: Excluded::default() };
        Self { recorder: Arc::new(recorder) }
    }

    /// Does not count requests whose path as sent, or whose label, is one of these: whole, to the letter.
    pub fn exclude<T: Into<Box<str>>>(self, paths: impl IntoIterator<Item = T>) -> Self {
        let Recorder { metrics, label, excluded } = &*self.recorder;
        let recorder = Recorder {
            metrics: metrics.clone(),
            label: Arc::clone(label),
            excluded: excluded.clone().and(paths),
        };
        Self { recorder: Arc::new(recorder) }
    }
}

impl<S, L> Layer<S> for RequestMetricsLayer<L> {
    type Service = RequestMetrics<S, L>;

    fn layer(&self, inner: S) -> Self::Service {
        RequestMetrics::new(inner, Arc::clone(&self.recorder))
    }
}

impl<L> Clone for RequestMetricsLayer<L> {
    fn clone(&self) -> Self {
        Self { recorder: Arc::clone(&self.recorder) }
    }
}

impl<L> fmt::Debug for RequestMetricsLayer<L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestMetricsLayer")
            .field("excluded", &self.recorder.excluded)
            .finish_non_exhaustive()
    }
}
