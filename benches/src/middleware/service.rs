//! The worker, with one middleware around its routes.

use std::convert::Infallible;
use std::error::Error;

use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn, from_fn_with_state};
use axum::response::Response;
use exp_worker::app::App;
use exp_worker::configuration::Source;
use exp_worker::limits::Limits;
use exp_worker::router::{router, service};
use hyper::body::Incoming;
use prometheus::{IntCounterVec, Opts};
use runtime_metrics::Metrics;
use tower::Service;

use super::contestant::Middleware;
use crate::peers::metrics_macro;

/// A service as a connection takes it.
pub(super) trait Answering:
    Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<S> Answering for S where
    S: Service<Request<Incoming>, Response = Response, Error = Infallible, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// What is done with a service, of whatever type.
pub(super) trait Use {
    type Outcome;

    fn of(self, service: impl Answering) -> Self::Outcome;
}

/// Sets up the worker with its sample and one middleware, and has it used.
pub(super) fn set_up<U: Use>(middleware: Middleware, how: U) -> Result<U::Outcome, Box<dyn Error>> {
    let app = App::builder(Metrics::new()).build()?;
    app.install(Source::Sample.load()?);
    let limits = Limits::default();
    Ok(match middleware {
        Middleware::Nothing => how.of(router(app, &limits)),
        Middleware::Ours => how.of(service(app, &limits)),
        Middleware::Metrics => {
            metrics_macro::installed()?;
            how.of(router(app, &limits).layer(from_fn(by_metrics)))
        }
        Middleware::Prometheus => {
            let counter = IntCounterVec::new(Opts::new("http_requests_total", "Requests."), &["path"])?;
            prometheus::register(Box::new(counter.clone()))?;
            how.of(router(app, &limits).layer(from_fn_with_state(counter, by_prometheus)))
        }
    })
}

async fn by_metrics(request: Request, next: Next) -> Response {
    metrics::counter!("http_requests_total", "path" => request.uri().path().to_owned()).increment(1);
    next.run(request).await
}

async fn by_prometheus(State(counter): State<IntCounterVec>, request: Request, next: Next) -> Response {
    counter.with_label_values(&[request.uri().path()]).inc();
    next.run(request).await
}
