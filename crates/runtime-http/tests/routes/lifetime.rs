//! The task that samples: when it runs, and when it ends.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use runtime_metrics::Metrics;
use serde_json::Value;
use tokio::time::{sleep, timeout};
use tower::ServiceExt as _;

use crate::harness::{LONG, Service, routes};

async fn history(app: &Router) -> Value {
    let request = Request::get("/history").body(Body::empty()).unwrap();
    let response = app.clone().oneshot(request).await.unwrap();
    let body = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    serde_json::from_slice(&body).unwrap()
}

/// Waits until the history shows so many intervals, asking for it every time.
async fn intervals(app: &Router, count: usize) -> Value {
    let wait = async {
        loop {
            let history = history(app).await;
            if history["spans"][0]["intervals"].as_array().unwrap().len() >= count {
                return history;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(LONG, wait).await.unwrap()
}

#[tokio::test]
async fn the_history_goes_on_while_nobody_asks() {
    let metrics = Metrics::new();
    let routes = routes(&metrics).build().unwrap();
    // Cuts that nobody here has asked for; the first one is that which the history begins with.
    let sampled = async {
        while metrics.latest().sequence() < 1 {
            sleep(Duration::from_millis(10)).await;
        }
        metrics.record_request("/incident");
        while metrics.latest().sequence() < 3 {
            sleep(Duration::from_millis(10)).await;
        }
    };
    timeout(LONG, sampled).await.unwrap();
    let history = intervals(&routes.router(), 2).await;
    let series = &history["spans"][0]["requests"][0];
    assert_eq!(series["route"], "/incident");
    let counts: Vec<u64> =
        series["counts"].as_array().unwrap().iter().map(|count| count.as_u64().unwrap()).collect();
    assert_eq!(counts.iter().sum::<u64>(), 1);
}

#[test]
fn routes_that_were_built_before_a_runtime_was_there_begin_with_their_first_request_and_outlive_a_runtime() {
    let metrics = Metrics::new();
    let app: Router = routes(&metrics).build().unwrap().router();
    for _ in 0..2 {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let before = runtime.block_on(history(&app))["spans"][0]["intervals"].as_array().unwrap().len();
        runtime.block_on(intervals(&app, before + 1));
    }
}

#[test]
fn a_runtime_that_nobody_drives_is_taken_over_from_by_the_one_that_is_asked() {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let (idle, driven) = (runtime(), runtime());
    let app: Router = {
        let _entered = idle.enter();
        routes(&Metrics::new()).build().unwrap().router()
    };
    driven.block_on(intervals(&app, 1));
    // Once it is driven again, it does not sample beside the other one.
    idle.block_on(tokio::task::yield_now());
    driven.block_on(intervals(&app, 2));
}

#[tokio::test]
async fn nothing_is_sampled_once_the_last_router_is_dropped() {
    let metrics = Metrics::new();
    let routes = routes(&metrics).build().unwrap();
    let app: Router = routes.router();
    drop(routes);
    intervals(&app, 1).await;
    drop(app);
    assert_that_nothing_is_sampled(&metrics).await;
}

#[tokio::test]
async fn nothing_is_sampled_once_the_routes_are_closed() {
    let metrics = Metrics::new();
    let routes = routes(&metrics).build().unwrap();
    let app: Router = routes.router();
    intervals(&app, 1).await;
    routes.close();
    assert_that_nothing_is_sampled(&metrics).await;
}

async fn assert_that_nothing_is_sampled(metrics: &Metrics) {
    let still = async {
        loop {
            let sequence = metrics.latest().sequence();
            sleep(Duration::from_millis(2_500)).await;
            if metrics.latest().sequence() == sequence {
                return; // else a sample was in progress
            }
        }
    };
    timeout(LONG / 2, still).await.unwrap();
}

#[tokio::test]
async fn a_graceful_shutdown_waits_for_no_viewer_once_the_routes_are_closed() {
    let metrics = Metrics::new();
    let routes = routes(&metrics).build().unwrap();
    let app: Router = routes.router();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let closing = routes.clone();
    let server = tokio::spawn(async move {
        let signal = async move {
            let _ = stopped.await;
            closing.close();
        };
        axum::serve(listener, app).with_graceful_shutdown(signal).await
    });
    let mut viewer = tokio::net::TcpStream::connect(address).await.unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut viewer, b"GET /events HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .unwrap();
    let mut head = [0; 15];
    tokio::io::AsyncReadExt::read_exact(&mut viewer, &mut head).await.unwrap();
    assert_eq!(&head, b"HTTP/1.1 200 OK");
    stop.send(()).unwrap();
    timeout(LONG, server).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn resets_beside_it_never_make_a_count_negative() {
    let service = Service::start().await;
    let mut recorded = 0;
    let noticed = async {
        loop {
            for _ in 0..10 {
                service.metrics.record_request("/a");
                recorded += 1;
            }
            service.metrics.reset();
            sleep(Duration::from_millis(100)).await;
            let history = service.json("/history").await;
            recorded += 1; // that request
            let intervals = history["spans"][0]["intervals"].as_array().unwrap();
            for interval in intervals {
                assert!(interval["requests"].as_u64().unwrap() <= recorded, "{interval}");
            }
            let with_reset = |interval: &&Value| interval["resets"].as_u64().unwrap() > 0;
            if intervals.iter().filter(with_reset).count() >= 2 {
                return;
            }
        }
    };
    timeout(LONG, noticed).await.unwrap();
}
