//! A service on axum: counted by route, and shown by routes of its own router.
//!
//! Asks itself a few times over loopback, prints what was counted, and ends: `cargo run -p runtime-http --example axum`.

use std::error::Error;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::routing::get;
use http::Request;
use http_body_util::BodyExt as _;
use hyper_util::rt::TokioIo;
use runtime_exposition::{Exposition, RequestLabel};
use runtime_http::{RequestMetricsLayer, Routes};
use runtime_metrics::Metrics;
use tokio::net::{TcpListener, TcpStream};

/// Hands out a setting, and counts that it did.
async fn setting(State(metrics): State<Metrics>, Path(name): Path<String>) -> &'static str {
    metrics.record_config_delivery("setting", "shop", &[name], "local:shop");
    "on"
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let metrics = Metrics::new();
    let exposition = Exposition::builder()
        .namespace("shop")
        .service_name("shop")
        .request_label(RequestLabel::Route) // it is counted by route
        .build()?;
    let routes = Routes::builder(metrics.clone(), exposition).loopback_only().build()?;
    let app = Router::new()
        .route("/settings/{name}", get(setting))
        .merge(routes.router())
        .layer(RequestMetricsLayer::by_route(metrics.clone()).exclude(["/favicon.ico"])) // last: around all routes
        .with_state(metrics.clone());

    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let signal = async move {
        let _ = stopped.await; // in a service of yours, `tokio::signal::ctrl_c()`
        routes.close(); // viewers of /events would hold the shutdown up
    };
    // `loopback_only` needs to know who asks.
    let service = app.into_make_service_with_connect_info::<std::net::SocketAddr>();
    let server = tokio::spawn(axum::serve(listener, service).with_graceful_shutdown(signal).into_future());

    let stream = TcpStream::connect(address).await?;
    let (mut client, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    let connection = tokio::spawn(connection);
    let mut page = String::new();
    for path in ["/settings/colour", "/settings/size", "/nothing", "/favicon.ico", "/metrics"] {
        let request = Request::get(path).header("host", "localhost").body(Body::empty())?;
        let body = client.send_request(request).await?.into_body().collect().await?.to_bytes();
        page = String::from_utf8(body.to_vec())?;
    }
    drop(client);
    connection.await??;
    let _ = stop.send(());
    server.await??;

    page.lines()
        .filter(|line| line.starts_with("shop_http_requests_total"))
        .for_each(|line| println!("{line}"));
    let counted = metrics.snapshot();
    let requests = counted.requests().requests_by_path();
    assert_eq!(requests.get("/settings/{name}"), Some(2));
    assert_eq!(requests.get("__unmatched__"), Some(1));
    assert_eq!(requests.get("/metrics"), Some(1));
    assert_eq!(requests.total(), 4);
    assert_eq!(counted.served_config().values_by_name().get("size"), Some(1));
    assert!(page.contains("shop_http_requests_total{http_route=\"/settings/{name}\"} 2\n"));
    Ok(())
}
