//! A gRPC service on tonic: counted by method.
//!
//! Calls itself a few times over loopback, prints what was counted, and ends: `cargo run -p runtime-http --example tonic`.

use std::borrow::Cow;
use std::error::Error;
use std::net::Ipv4Addr;

use http::Request;
use runtime_http::RequestMetricsLayer;
use runtime_metrics::Metrics;
use tonic::body::Body;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;

/// What a call is counted under: the path of its method. Whoever calls what is not there takes one series.
fn label(request: &Request<Body>) -> Option<Cow<'_, str>> {
    let path = request.uri().path();
    let is_ours = matches!(path, "/grpc.health.v1.Health/Check" | "/grpc.health.v1.Health/Watch");
    Some(if is_ours { path } else { "others" }.into())
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let metrics = Metrics::new();
    let (_reporter, health) = tonic_health::server::health_reporter();
    let incoming = TcpIncoming::bind((Ipv4Addr::LOCALHOST, 0).into())?;
    let address = incoming.local_addr()?;
    let server = Server::builder()
        .layer(RequestMetricsLayer::by(metrics.clone(), label))
        .add_service(health)
        .serve_with_incoming(incoming);
    let server = tokio::spawn(server);

    let channel = tonic::transport::Endpoint::from_shared(format!("http://{address}"))?.connect().await?;
    let mut client = HealthClient::new(channel.clone());
    for service in ["", "", "nobody"] {
        let answer = client.check(HealthCheckRequest { service: service.to_owned() }).await;
        assert_eq!(answer.is_ok(), service.is_empty()); // what fails is counted as well
    }
    let mut other = tonic::client::Grpc::new(channel);
    other.ready().await?;
    let codec = tonic_prost::ProstCodec::<HealthCheckRequest, HealthCheckRequest>::default();
    let path = http::uri::PathAndQuery::from_static("/nothing.Here/Method");
    assert!(other.unary(tonic::Request::new(HealthCheckRequest::default()), path, codec).await.is_err());
    server.abort();

    let counted = metrics.snapshot();
    let requests = counted.requests().requests_by_path();
    requests.iter().for_each(|(method, count)| println!("{count} {method}"));
    assert_eq!(requests.iter().collect::<Vec<_>>(), [("/grpc.health.v1.Health/Check", 3), ("others", 1)]);
    Ok(())
}
