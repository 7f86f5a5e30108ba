//! A service on hyper, without a router: counted by path, as far as the paths are its own. What was counted is shown by a listener of its own.
//!
//! Asks itself a few times over loopback, prints what was counted, and ends: `cargo run -p runtime-http --example hyper`.

use std::borrow::Cow;
use std::convert::Infallible;
use std::error::Error;
use std::net::SocketAddr;

use axum::body::Body;
use http::{Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use runtime_exposition::Exposition;
use runtime_http::{RequestMetricsLayer, Routes};
use runtime_metrics::Metrics;
use tokio::net::{TcpListener, TcpStream};
use tower::{ServiceBuilder, service_fn};

async fn answer(request: Request<Incoming>) -> Result<Response<String>, Infallible> {
    let mut response = Response::new("hello\n".to_owned());
    if request.uri().path() != "/hello" {
        *response.status_mut() = StatusCode::NOT_FOUND;
    }
    Ok(response)
}

/// What a request is counted under. Nobody else says which paths there are: those that are not ours take one series.
fn label(request: &Request<Incoming>) -> Option<Cow<'_, str>> {
    Some(if request.uri().path() == "/hello" { "/hello" } else { "others" }.into())
}

/// Gives the body of an answer.
async fn get(address: SocketAddr, path: &str) -> Result<String, Box<dyn Error>> {
    let stream = TcpStream::connect(address).await?;
    let (mut client, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
    tokio::spawn(connection);
    let request = Request::get(path).header("host", "localhost").body(Body::empty())?;
    let body = client.send_request(request).await?.into_body().collect().await?.to_bytes();
    Ok(String::from_utf8(body.to_vec())?)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let metrics = Metrics::new();
    let service = ServiceBuilder::new()
        .layer(RequestMetricsLayer::by(metrics.clone(), label))
        .service(service_fn(answer));
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    let server = tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let service = TowerToHyperService::new(service.clone());
            tokio::spawn(
                hyper::server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service),
            );
        }
    });

    // Scrapes are of another listener, which the layer is not around.
    let routes = Routes::builder(metrics.clone(), Exposition::builder().build()?).build()?;
    let shown = TcpListener::bind("127.0.0.1:0").await?;
    let shown_at = shown.local_addr()?;
    let show = tokio::spawn(axum::serve(shown, routes.router::<()>()).into_future());

    for path in ["/hello", "/hello?again", "/a", "/b"] {
        get(address, path).await?;
    }
    let page = get(shown_at, "/metrics").await?;
    server.abort();
    show.abort();

    page.lines()
        .filter(|line| line.starts_with("runtime_http_requests_total"))
        .for_each(|line| println!("{line}"));
    let counted = metrics.snapshot();
    let requests = counted.requests().requests_by_path();
    assert_eq!(requests.iter().collect::<Vec<_>>(), [("/hello", 2), ("others", 2)]);
    assert!(page.contains("runtime_http_requests_total{url_path=\"/hello\"} 2\n"));
    Ok(())
}
