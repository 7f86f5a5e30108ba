//! A gRPC service on tonic: counted by method, whatever comes of the call.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed test may say so by any panic

use std::net::Ipv4Addr;
use std::time::Duration;

use http::Request;
use http::uri::PathAndQuery;
use runtime_http::RequestMetricsLayer;
use runtime_metrics::Metrics;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use tonic::Code;
use tonic::body::Body;
use tonic::client::Grpc;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Channel, Endpoint, Error, Server};
use tonic_health::ServingStatus;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_health::server::HealthReporter;
use tonic_prost::ProstCodec;

/// No answer takes longer, on however busy a machine.
const LONG: Duration = Duration::from_secs(30);

const CHECK: &str = "/grpc.health.v1.Health/Check";
const WATCH: &str = "/grpc.health.v1.Health/Watch";

/// A health service on loopback, counted by the path of the method.
struct Service {
    metrics: Metrics,
    reporter: HealthReporter,
    channel: Channel,
    server: JoinHandle<Result<(), Error>>,
}

impl Drop for Service {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl Service {
    async fn start() -> Self {
        let metrics = Metrics::new();
        let (reporter, health) = tonic_health::server::health_reporter();
        let incoming = TcpIncoming::bind((Ipv4Addr::LOCALHOST, 0).into()).unwrap();
        let address = incoming.local_addr().unwrap();
        let layer =
            RequestMetricsLayer::by(metrics.clone(), |request: &Request<Body>| match request.uri().path() {
                path @ (CHECK | WATCH) => Some(path.into()),
                _ => Some("others".into()),
            });
        let server = Server::builder().layer(layer).add_service(health).serve_with_incoming(incoming);
        let server = tokio::spawn(server);
        let channel = Endpoint::from_shared(format!("http://{address}")).unwrap().connect().await.unwrap();
        Self { metrics, reporter, channel, server }
    }

    fn counted(&self) -> Vec<(String, u64)> {
        let snapshot = self.metrics.snapshot();
        let requests = snapshot.requests().requests_by_path();
        requests.iter().map(|(label, count)| (label.to_owned(), count)).collect()
    }
}

fn request(service: &str) -> HealthCheckRequest {
    HealthCheckRequest { service: service.to_owned() }
}

#[tokio::test]
async fn a_call_is_counted_under_its_method_whether_it_succeeds_or_fails() {
    let service = Service::start().await;
    let mut client = HealthClient::new(service.channel.clone());
    for _ in 0..2 {
        assert!(timeout(LONG, client.check(request(""))).await.unwrap().is_ok());
    }
    let failed = timeout(LONG, client.check(request("nobody"))).await.unwrap().unwrap_err();
    assert_eq!(failed.code(), Code::NotFound);
    assert_eq!(service.counted(), [(CHECK.to_owned(), 3)]);
}

#[tokio::test]
async fn a_method_that_is_not_there_is_counted_under_one_label_whatever_it_is_called() {
    let service = Service::start().await;
    for path in ["/nothing.Here/Method", "/grpc.health.v1.Health/Check2"] {
        let mut client = Grpc::new(service.channel.clone());
        timeout(LONG, client.ready()).await.unwrap().unwrap();
        let codec = ProstCodec::<HealthCheckRequest, HealthCheckRequest>::default();
        let call = client.unary(tonic::Request::new(request("")), PathAndQuery::from_static(path), codec);
        assert_eq!(timeout(LONG, call).await.unwrap().unwrap_err().code(), Code::Unimplemented, "{path}");
    }
    assert_eq!(service.counted(), [("others".to_owned(), 2)]);
}

#[tokio::test]
async fn a_stream_of_answers_is_counted_once_when_it_begins() {
    let service = Service::start().await;
    let mut client = HealthClient::new(service.channel.clone());
    let mut watched = timeout(LONG, client.watch(request(""))).await.unwrap().unwrap().into_inner();
    assert!(timeout(LONG, watched.message()).await.unwrap().unwrap().is_some());
    assert_eq!(service.counted(), [(WATCH.to_owned(), 1)]);
    service.reporter.set_service_status("", ServingStatus::NotServing).await;
    assert!(timeout(LONG, watched.message()).await.unwrap().unwrap().is_some());
    assert_eq!(service.counted(), [(WATCH.to_owned(), 1)]);
}
