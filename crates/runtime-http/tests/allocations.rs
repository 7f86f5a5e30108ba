//! A counted request allocates nothing.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed test may say so by any panic

use std::alloc::System;
use std::convert::Infallible;
use std::future::{Ready, ready};

use http::{Request, Response};
use runtime_http::RequestMetricsLayer;
use runtime_metrics::Metrics;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use tower::{Layer, Service};

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

/// Allocations of so many requests after the first, the service cloned for each as servers do. The requests are made before.
fn allocations<S>(service: S) -> usize
where
    S: Service<Request<()>, Future = Ready<Result<Response<()>, Infallible>>> + Clone,
{
    let request = || Request::get("/users/1").body(()).unwrap();
    let answer = |request| service.clone().call(request).into_inner().map(drop).unwrap_or(());
    answer(request());
    let requests: Vec<_> = (0..REQUESTS).map(|_| request()).collect();
    let region = Region::new(ALLOCATOR);
    requests.into_iter().for_each(answer);
    let change = region.change();
    change.allocations + change.reallocations
}

#[test]
fn a_counted_request_allocates_nothing_whatever_it_is_counted_under() {
    let metrics = Metrics::new();
    let by_path = RequestMetricsLayer::by_path(metrics.clone()).exclude(["/favicon.ico"]);
    let by_route = RequestMetricsLayer::by_route(metrics.clone());
    let by_function = RequestMetricsLayer::by(metrics.clone(), |request: &Request<()>| {
        Some(if request.uri().path().starts_with("/users/") { "users" } else { "others" }.into())
    });
    assert_eq!(allocations(by_path.layer(Answer)), 0);
    assert_eq!(allocations(by_route.layer(Answer)), 0);
    assert_eq!(allocations(by_function.layer(Answer)), 0);
    let counted = metrics.snapshot();
    for label in ["/users/1", "__unmatched__", "users"] {
        assert_eq!(counted.requests().requests_by_path().get(label), Some(REQUESTS + 1), "{label}");
    }
}
