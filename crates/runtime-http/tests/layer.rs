//! What requests are counted under, and by which services.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed test may say so by any panic

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::routing::{get, post};
use http::{Request, Response};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use runtime_http::{RequestMetricsLayer, UNMATCHED_LABEL};
use runtime_metrics::Metrics;
use tokio::net::{TcpListener, TcpStream};
use tower::{Layer, ServiceBuilder, ServiceExt as _, service_fn};

/// What a service has counted once it was asked for these.
async fn counted(metrics: &Metrics, app: Router, requests: &[&str]) -> Vec<(String, u64)> {
    for request in requests {
        let (method, uri) = request.split_once(' ').unwrap();
        let request = Request::builder().method(method).uri(uri).body(Body::empty()).unwrap();
        app.clone().oneshot(request).await.unwrap();
    }
    labels(metrics)
}

fn labels(metrics: &Metrics) -> Vec<(String, u64)> {
    let snapshot = metrics.snapshot();
    snapshot.requests().requests_by_path().iter().map(|(label, count)| (label.to_owned(), count)).collect()
}

fn expected(labels: &[(&str, u64)]) -> Vec<(String, u64)> {
    labels.iter().map(|(label, count)| ((*label).to_owned(), *count)).collect()
}

fn users() -> Router {
    Router::new().route("/users/{id}", get(async || "a user")).route("/users", post(async || "made"))
}

#[tokio::test]
async fn requests_are_counted_under_their_template_and_unmatched_ones_under_one_label() {
    let metrics = Metrics::new();
    let app = users().fallback(async || "nothing here").layer(RequestMetricsLayer::by_route(metrics.clone()));
    let requests = [
        "GET /users/1",
        "GET /users/2?a=b",
        "HEAD /users/3",
        "POST /users",
        "DELETE /users/4",
        "GET /nothing",
        "GET /else",
    ];
    assert_eq!(
        counted(&metrics, app, &requests).await,
        expected(&[("/users", 1), ("/users/{id}", 4), (UNMATCHED_LABEL, 2)])
    );
}

#[tokio::test]
async fn without_a_fallback_of_its_own_a_router_counts_unmatched_requests_too() {
    let metrics = Metrics::new();
    let app = users().layer(RequestMetricsLayer::by_route(metrics.clone()));
    assert_eq!(counted(&metrics, app, &["GET /nothing"]).await, expected(&[(UNMATCHED_LABEL, 1)]));
}

#[tokio::test]
async fn nested_and_merged_routers_are_counted_under_the_whole_template() {
    let metrics = Metrics::new();
    let app = Router::new()
        .nest("/api", Router::new().nest("/v1", users()))
        .merge(Router::new().route("/about", get(async || "us")))
        .layer(RequestMetricsLayer::by_route(metrics.clone()));
    assert_eq!(
        counted(&metrics, app, &["GET /api/v1/users/1", "GET /about", "GET /api/v1/nothing", "GET /api"])
            .await,
        expected(&[("/about", 1), ("/api/v1/users/{id}", 1), (UNMATCHED_LABEL, 2)])
    );
}

#[tokio::test]
async fn a_layer_of_a_nested_router_knows_the_whole_template_too() {
    let metrics = Metrics::new();
    let layered = || users().layer(RequestMetricsLayer::by_route(metrics.clone()));
    let app = Router::new().nest("/a", layered()).nest_service("/b", layered());
    assert_eq!(
        counted(&metrics, app, &["GET /a/users/1", "GET /b/users/1"]).await,
        expected(&[("/a/users/{id}", 1), ("/b/users/{id}", 1)])
    );
}

#[tokio::test]
async fn a_layer_around_a_router_or_a_nested_service_does_not_know_what_matches_inside() {
    let metrics = Metrics::new();
    let layer = RequestMetricsLayer::by_route(metrics.clone());
    let around = layer.clone().layer(users());
    around.oneshot(Request::get("/users/1").body(Body::empty()).unwrap()).await.unwrap();
    let app = Router::new().nest_service("/a", users()).layer(layer);
    assert_eq!(counted(&metrics, app, &["GET /a/users/1"]).await, expected(&[(UNMATCHED_LABEL, 2)]));
}

#[tokio::test]
async fn a_route_layer_leaves_out_requests_that_match_no_route() {
    let metrics = Metrics::new();
    let app = users().route_layer(RequestMetricsLayer::by_route(metrics.clone()));
    assert_eq!(
        counted(&metrics, app, &["GET /users/1", "GET /nothing"]).await,
        expected(&[("/users/{id}", 1)])
    );
}

#[tokio::test]
async fn paths_are_counted_as_sent_by_choice() {
    let metrics = Metrics::new();
    let app = users().layer(RequestMetricsLayer::by_path(metrics.clone()));
    assert_eq!(
        counted(&metrics, app, &["GET /users/1?a", "GET /users/2", "GET /%6Eothing/"]).await,
        expected(&[("/%6Eothing/", 1), ("/users/1", 1), ("/users/2", 1)])
    );
}

#[tokio::test]
async fn excluded_paths_and_labels_are_not_counted() {
    let metrics = Metrics::new();
    let layer = RequestMetricsLayer::by_route(metrics.clone());
    let app = users().layer(layer.exclude(["/users/1", "/users"]).exclude([UNMATCHED_LABEL]));
    assert_eq!(
        counted(&metrics, app, &["GET /users/1", "GET /users/2", "POST /users", "GET /nothing"]).await,
        expected(&[("/users/{id}", 1)])
    );
}

#[tokio::test]
async fn a_function_of_the_request_says_what_it_is_counted_under_if_at_all() {
    let metrics = Metrics::new();
    let layer =
        RequestMetricsLayer::by(metrics.clone(), |request: &Request<Body>| match request.uri().path() {
            "/quiet" => None,
            path => Some(format!("{} {path}", request.method()).into()),
        });
    let app = users().layer(layer);
    assert_eq!(
        counted(&metrics, app, &["GET /users/1", "POST /users", "GET /quiet"]).await,
        expected(&[("GET /users/1", 1), ("POST /users", 1)])
    );
}

#[tokio::test]
async fn a_request_is_counted_before_it_is_answered() {
    let metrics = Metrics::new();
    let inside = metrics.clone();
    let count = async move || inside.snapshot().requests().total_requests().to_string();
    let app = Router::new().route("/", get(count)).layer(RequestMetricsLayer::by_route(metrics));
    let response = app.oneshot(Request::get("/").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(axum::body::to_bytes(response.into_body(), 100).await.unwrap(), "1");
}

#[tokio::test]
async fn a_service_of_hyper_is_counted_over_a_connection() {
    let metrics = Metrics::new();
    let layer = RequestMetricsLayer::by_path(metrics.clone());
    let service =
        ServiceBuilder::new().layer(layer).service(service_fn(async |_: Request<hyper::body::Incoming>| {
            Ok::<_, Infallible>(Response::new("hello".to_owned()))
        }));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let server = tokio::spawn(async move {
        let (stream, _) = listener.accept().await.unwrap();
        let service = TowerToHyperService::new(service);
        hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service).await
    });

    let stream = TcpStream::connect(address).await.unwrap();
    let (mut client, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(connection);
    for path in ["/a", "/b?c=d", "/a"] {
        let request = Request::get(path).header("host", "localhost").body(String::new()).unwrap();
        let response = client.send_request(request).await.unwrap();
        assert_eq!(axum::body::to_bytes(Body::new(response.into_body()), 100).await.unwrap(), "hello");
    }
    drop(client);
    connection.await.unwrap().unwrap();
    server.await.unwrap().unwrap();
    assert_eq!(labels(&metrics), expected(&[("/a", 2), ("/b", 1)]));
}

#[tokio::test]
async fn the_service_that_answers_can_be_had_back() {
    let metrics = Metrics::new();
    let mut service = RequestMetricsLayer::by_path(metrics).layer(7);
    assert_eq!((*service.get_ref(), *service.get_mut()), (7, 7));
    assert_eq!(service.into_inner(), 7);
}
