//! What a request to an OpenTelemetry receiver is, whichever way it is sent.

use runtime_exposition::push::{OtlpCompression, OtlpConfig, OtlpProtocol, Pusher};
use runtime_exposition::{Exposition, ResourceVariables};

use crate::ledger::{Ledger, expected, request, resource_attribute};
use crate::receiver::{Receiver, acknowledge};
use crate::run::{Run, hasty};

#[tokio::test]
async fn requests_say_what_they_are_and_a_reader_reads_them() {
    for (protocol, content_type) in
        [(OtlpProtocol::HttpProtobuf, "application/x-protobuf"), (OtlpProtocol::HttpJson, "application/json")]
    {
        for compression in [OtlpCompression::None, OtlpCompression::Gzip] {
            let receiver = Receiver::start([], acknowledge()).await;
            let config = OtlpConfig::builder()
                .endpoint(receiver.url("/in/v1/metrics?tenant=1"))
                .protocol(protocol)
                .compression(compression)
                .header("Api-Key", "s3cret")
                .schedule(hasty());
            let run = Run::start(config.build().unwrap());
            run.until(|statistics| statistics.acknowledged() >= 2).await;
            let (metrics, statistics) = run.stop().await;
            let arrived = receiver.arrived();
            for arrived in &arrived {
                assert_eq!(arrived.line, "POST /in/v1/metrics?tenant=1 HTTP/1.1");
                assert_eq!(arrived.header("content-type"), Some(content_type));
                assert_eq!(arrived.header("api-key"), Some("s3cret"));
                let encoding = (compression == OtlpCompression::Gzip).then_some("gzip");
                assert_eq!(arrived.header("content-encoding"), encoding);
                assert!(arrived.header("user-agent").unwrap().starts_with("runtime-exposition/"));
            }
            assert_eq!(statistics.sent_bytes(), arrived.iter().map(|one| one.body.len() as u64).sum::<u64>());
            assert_eq!(Ledger::of(&arrived).counts(), expected(&metrics));
        }
    }
}

#[tokio::test]
async fn pushes_name_the_service_that_the_page_names_and_the_build_that_runs() {
    let receiver = Receiver::start([], acknowledge()).await;
    let lookup = |name: &str| {
        Some(match name {
            "OTEL_EXPORTER_OTLP_ENDPOINT" => receiver.url("/"),
            "OTEL_SERVICE_NAME" => "shop".to_owned(),
            "OTEL_RESOURCE_ATTRIBUTES" => {
                "service.name=other,service.version=7,team=a%2Cb,service.instance.id=mine,process.pid=1"
                    .to_owned()
            }
            "OTEL_METRIC_EXPORT_INTERVAL" => "2".to_owned(),
            _ => return None,
        })
    };
    let exposition = Exposition::builder()
        .service_name("exp")
        .service_version("1.2.3")
        .resource_variables(ResourceVariables::from_variables(&lookup).unwrap())
        .build()
        .unwrap();
    assert_eq!(exposition.service_name(), Some("shop"));
    let config = OtlpConfig::from_variables(&lookup).unwrap().unwrap();
    let run = Run::start_pusher(Pusher::new(&exposition, config).unwrap());
    run.until(|statistics| statistics.acknowledged() >= 1).await;
    let (metrics, _) = run.stop().await;
    let arrived = receiver.arrived();
    let request = request(&arrived[0]);
    let snapshot = metrics.snapshot();
    let instance = snapshot.process().instance_id().to_string();
    for (name, value) in [
        ("service.name", "shop"),
        ("service.version", "7"),
        ("team", "a,b"),
        ("service.instance.id", &instance),
    ] {
        assert_eq!(resource_attribute(&request, name), [value], "{name}");
    }
    assert_eq!(resource_attribute(&request, "process.pid"), [format!("IntValue({})", std::process::id())]);
    let scope = request.resource_metrics[0].scope_metrics[0].scope.as_ref().unwrap();
    assert_eq!(scope.version, "1.2.3");
    let mut page = String::new();
    exposition.prometheus_text(&snapshot, &mut page);
    for part in [
        "\ntarget_info{service_name=\"shop\",service_version=\"7\",",
        ",team=\"a,b\"} 1\n",
        "\nruntime_build_info{version=\"1.2.3\"} 1\n",
    ] {
        assert!(page.contains(part), "{part}{page}");
    }
}
