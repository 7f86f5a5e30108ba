//! A counted request allocates nothing.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed test may say so by any panic

use std::alloc::System;
use std::convert::Infallible;
use std::future::{Ready, ready};

use axum::Router;
use axum::body::Body;
use axum::extract::MatchedPath;
use axum::routing::get;
use http::{Request, Response};
use runtime_http::RequestMetricsLayer;
use runtime_metrics::Metrics;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower::{Layer, Service, ServiceExt as _};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const REQUESTS: u64 = 10_000;

/// Answers at once, without a box.
#[derive(Clone)]
struct Answer;

impl Service<Request<()>> for Answer {
    type Response = Response<()>;
    type Error = Infallible;
    type Future = Ready<Result<Response<()>, Infallible>>;

    fn poll_ready(&mut self, _: &mut std::task::Context<'_>) -> std::task::Poll<Result<(), Infallible>> {
        std::task::Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Request<()>) -> Self::Future {
        ready(Ok(Response::new(())))
    }
}

/// What axum says matched a request, as it says it.
async fn matched_path() -> MatchedPath {
    let (told, tell) = std::sync::mpsc::channel();
    let handler = async move |matched: MatchedPath| told.send(matched).unwrap();
    let app: Router = Router::new().route("/users/{id}", get(handler));
    app.oneshot(Request::get("/users/1").body(Body::empty()).unwrap()).await.unwrap();
    tell.recv().unwrap()
}

/// Allocations of so many requests after the first, the service cloned for each as servers do. The requests are made before.
fn allocations<S>(service: S, matched: Option<&MatchedPath>) -> usize
where
    S: Service<Request<()>, Future = Ready<Result<Response<()>, Infallible>>> + Clone,
{
    let request = || {
        let mut request = Request::get("/users/1").body(()).unwrap();
        if let Some(matched) = matched {
            request.extensions_mut().insert(matched.clone());
        }
        request
    };
    let answer = |request| service.clone().call(request).into_inner().map(drop).unwrap_or(());
    answer(request());
    let requests: Vec<_> = (0..REQUESTS).map(|_| request()).collect();
    let region = Region::new(ALLOCATOR);
    requests.into_iter().for_each(answer);
    let change = region.change();
    change.allocations + change.reallocations
}

#[tokio::test]
async fn a_counted_request_allocates_nothing_whatever_it_is_counted_under() {
    let metrics = Metrics::new();
    let by_path = RequestMetricsLayer::by_path(metrics.clone()).exclude(["/favicon.ico"]);
    let by_route = RequestMetricsLayer::by_route(metrics.clone());
    let by_function = RequestMetricsLayer::by(metrics.clone(), |request: &Request<()>| {
        Some(if request.uri().path().starts_with("/users/") { "users" } else { "others" }.into())
    });
    let matched = matched_path().await;
    assert_eq!(allocations(by_path.layer(Answer), None), 0);
    assert_eq!(allocations(by_route.layer(Answer), None), 0);
    assert_eq!(allocations(by_route.layer(Answer), Some(&matched)), 0);
    assert_eq!(allocations(by_function.layer(Answer), None), 0);
    let counted = metrics.snapshot();
    for label in ["/users/1", "__unmatched__", "/users/{id}", "users"] {
        assert_eq!(counted.requests().requests_by_path().get(label), Some(REQUESTS + 1), "{label}");
    }
}
