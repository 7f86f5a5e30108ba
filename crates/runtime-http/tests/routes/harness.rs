//! A service with routes, and a client.

use std::io::Read as _;
use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::{HeaderMap, Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use runtime_exposition::{CallerLabels, Exposition, RequestLabel};
use runtime_http::{RequestMetricsLayer, Routes, RoutesBuilder};
use runtime_metrics::Metrics;
use serde_json::Value;
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tower::ServiceExt as _;

/// No answer takes longer, on however busy a machine.
pub(crate) const LONG: Duration = Duration::from_secs(30);

/// A service that is counted by route, and shows it.
pub(crate) struct Service {
    pub(crate) metrics: Metrics,
    pub(crate) address: SocketAddr,
    server: JoinHandle<()>,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.server.abort();
    }
}

#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Vec<u8>,
}

pub(crate) fn exposition(callers: CallerLabels) -> Exposition {
    Exposition::builder().request_label(RequestLabel::Route).caller_labels(callers).build().unwrap()
}

pub(crate) fn routes(metrics: &Metrics) -> RoutesBuilder {
    Routes::builder(metrics.clone(), exposition(CallerLabels::Shown))
}

impl Service {
    /// With the default options.
    pub(crate) async fn start() -> Self {
        Self::with(|routes| routes).await
    }

    pub(crate) async fn with(options: impl FnOnce(RoutesBuilder) -> RoutesBuilder) -> Self {
        let metrics = Metrics::new();
        let routes = options(routes(&metrics)).build().unwrap();
        Self::of(metrics, &routes).await
    }

    pub(crate) async fn of(metrics: Metrics, routes: &Routes) -> Self {
        let layer = RequestMetricsLayer::by_route(metrics.clone());
        let app: Router = routes.router().layer(layer);
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let make = app.into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move { axum::serve(listener, make).await.unwrap() });
        Self { metrics, address, server }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.ask(Method::GET, path, &[]).await
    }

    pub(crate) async fn json(&self, path: &str) -> Value {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        answer.json()
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Answer {
        let (head, body) = self.begin(method, path, headers).await.into_parts();
        let body = timeout(LONG, body.collect()).await.unwrap().unwrap().to_bytes().to_vec();
        Answer { status: head.status, headers: head.headers, body }
    }

    /// An answer whose body is still to be read.
    pub(crate) async fn begin(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
    ) -> Response<Incoming> {
        let stream = TcpStream::connect(self.address).await.unwrap();
        let (mut client, connection) =
            hyper::client::conn::http1::handshake(TokioIo::new(stream)).await.unwrap();
        tokio::spawn(connection);
        let mut request = Request::builder().method(method).uri(path).header("host", "localhost");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let asked = client.send_request(request.body(Body::empty()).unwrap());
        timeout(LONG, asked).await.unwrap().unwrap()
    }
}

/// What a router answers without a connection: for tests whose clock stands still.
pub(crate) async fn ask(app: &Router, path: &str) -> Answer {
    let request = Request::get(path).body(Body::empty()).unwrap();
    let (head, body) = app.clone().oneshot(request).await.unwrap().into_parts();
    let body = body.collect().await.unwrap().to_bytes().to_vec();
    Answer { status: head.status, headers: head.headers, body }
}

impl Answer {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).map(|value| value.to_str().unwrap())
    }

    /// The body as it was before it was compressed.
    pub(crate) fn plain(&self) -> Vec<u8> {
        match self.header("content-encoding") {
            None => self.body.clone(),
            Some("gzip") => {
                let mut plain = Vec::new();
                flate2::read::GzDecoder::new(&*self.body).read_to_end(&mut plain).unwrap();
                plain
            }
            Some("zstd") => zstd::decode_all(&*self.body).unwrap(),
            Some(other) => panic!("{other}"),
        }
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The text of an error, which is JSON.
    pub(crate) fn error(&self) -> String {
        assert_eq!(self.header("content-type"), Some("application/json"));
        assert!(self.text().ends_with("}\n"), "a terminal shows its prompt on the next line");
        self.json()["error"].as_str().unwrap().to_owned()
    }
}
