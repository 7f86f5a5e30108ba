//! Which path goes where.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::get;
use runtime_http::{RawPath, RequestMetrics, RequestMetricsLayer};
use tower::Layer as _;

use crate::app::App;
use crate::bounds::{Bounds, enforce};
use crate::limits::Limits;
use crate::refusal::Refusal;
use crate::routes::{configuration, index};
use crate::stamp::stamp;

/// What the paths of the configuration routes begin with.
pub(crate) const CONFIGURATION_ROUTES: &str = "/api/v1/";

/// The worker as one service, without connections.
pub type Service = RequestMetrics<Router, RawPath>;

/// The whole worker: the [`router`], and around it the layer that counts every request, before it is answered, under its path as sent.
pub fn service(app: App, limits: &Limits) -> Service {
    RequestMetricsLayer::by_path(app.metrics().clone()).layer(router(app, limits))
}

/// Every route, and the layers around them; requests are not counted.
///
/// | route | answers | shared token |
/// |---|---|---|
/// | `GET /api/v1/build-time?for=TARGET` | the target's build-time document | asked for |
/// | `GET /api/v1/run-time?for=TARGET` | the target's run-time document | asked for |
/// | `GET /api/v1/config?name=KEY` | one key | asked for |
/// | `GET /api/health` | the health document | open, for probes |
/// | `GET /api/ready` | the same, 503 while no configuration is readable | open, for probes |
/// | `GET /metrics` | OpenMetrics or Prometheus text, by `Accept` | open, for scrapers |
/// | `GET /snapshot`, `/events`, `/history` | everything that is counted: at once, as it happens, of the last day ([`Routes`](runtime_http::Routes)) | open, for programs |
/// | `GET /live` | a page that shows these | open, for operators |
/// | `GET /` | where to look, in plain text | open |
///
/// What is open is compressed where that is asked for. A configuration document never is: how well a secret compresses
/// tells of it.
///
/// `HEAD` is answered like `GET`, without the body; since it hands out no value, it is no delivery.
pub fn router(app: App, limits: &Limits) -> Router {
    let bounds = Bounds { limits: limits.clone(), hosts: app.hosts().clone() };
    Router::new()
        .route("/", get(index::index))
        .route("/api/v1/build-time", get(configuration::build_time))
        .route("/api/v1/run-time", get(configuration::run_time))
        .route("/api/v1/config", get(configuration::config))
        .fallback(async || Refusal::NoRoute)
        .method_not_allowed_fallback(async || Refusal::WrongMethod)
        .merge(app.routes().router())
        .layer(from_fn_with_state(Arc::new(bounds), enforce))
        .layer(from_fn(stamp))
        .with_state(app)
}
