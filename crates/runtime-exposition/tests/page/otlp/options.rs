//! What a request says beside the counts of series.

use std::time::{Duration, UNIX_EPOCH};

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use runtime_exposition::otlp::Encoding;
use runtime_exposition::{CallerLabels, Exposition, ExpositionBuilder, RequestLabel};
use runtime_metrics::{Metrics, iso_8601};

use super::cumulative;
use crate::expected::labels;
use crate::history::exposition;
use crate::options::some_of_everything;

/// The attributes of the resource, without those of the process.
fn service(builder: ExpositionBuilder) -> Vec<(String, String)> {
    let request = cumulative(&builder.build().unwrap(), &some_of_everything());
    let attributes = request.resource.into_iter().filter_map(|(key, value)| match value {
        Value::StringValue(text) => Some((key, text)),
        _ => None,
    });
    attributes
        .filter(|(key, _)| !["service.instance.id", "process.creation.time"].contains(&key.as_str()))
        .collect()
}

fn pairs<const N: usize>(pairs: [(&str, &str); N]) -> Vec<(String, String)> {
    pairs.map(|(key, value)| (key.to_owned(), value.to_owned())).to_vec()
}

#[test]
fn every_metric_has_its_name_and_unit_and_says_what_it_is() {
    let request = cumulative(&exposition(RequestLabel::Path, CallerLabels::Shown), &some_of_everything());
    let metrics: Vec<_> = request
        .metrics
        .iter()
        .map(|(name, metric)| (name.as_str(), metric.unit.as_str(), metric.temporality.is_some()))
        .collect();
    assert_eq!(
        metrics,
        [
            ("exp.config.deliveries", "{response}", true),
            ("exp.config.last_delivery.timestamp", "s", false),
            ("exp.config.values_served", "{value}", true),
            ("exp.http.requests", "{request}", true),
            ("exp.series", "{series}", false),
            ("exp.series_limit", "{series}", false),
            ("exp.series_overflow", "{record}", true),
            ("exp.snapshot.duration", "s", false),
            ("exp.snapshots", "{snapshot}", true),
            ("exp.uptime", "s", false),
            ("process.uptime", "s", false),
        ]
    );
    assert!(request.metrics.values().all(|metric| metric.description.ends_with('.')));
}

#[test]
fn times_sequence_and_occupancy_are_those_of_the_snapshot() {
    let snapshot = some_of_everything();
    let request = cumulative(&exposition(RequestLabel::Path, CallerLabels::Shown), &snapshot);
    let (process, served) = (snapshot.process(), snapshot.served_config());
    assert_eq!(request.only("exp.snapshots").integer(), snapshot.sequence());
    assert_eq!(request.only("exp.uptime").float(), process.uptime_seconds());
    let near = |name: &str, expected: Duration| {
        let found = request.only(name).float();
        assert!((found - expected.as_secs_f64()).abs() < 2e-6, "{name}: {found}, not {expected:?}");
    };
    near("process.uptime", process.process_uptime());
    near("exp.snapshot.duration", snapshot.duration());
    let last = served.last_served_instant().unwrap();
    near("exp.config.last_delivery.timestamp", last.duration_since(UNIX_EPOCH).unwrap());
    let by_family = |name: &str| {
        let points = request.metrics[name].points.iter();
        points.map(|point| (point.labels.clone(), point.integer())).collect::<Vec<_>>()
    };
    let expected = |deliveries: u64, requests: u64| {
        [("deliveries", deliveries), ("requests", requests)]
            .map(|(name, value)| (labels([("family", name)]), value))
            .to_vec()
    };
    let (deliveries, requests) = (served.occupancy(), snapshot.requests().occupancy());
    assert_eq!(by_family("exp.series"), expected(deliveries.series().into(), requests.series().into()));
    assert_eq!(by_family("exp.series_limit"), expected(200, 100));
    assert_eq!(by_family("exp.series_overflow"), expected(1, 2));
}

#[test]
fn there_is_no_time_of_a_last_delivery_while_there_was_none() {
    let request =
        cumulative(&exposition(RequestLabel::Path, CallerLabels::Shown), &Metrics::new().snapshot());
    for name in ["exp.http.requests", "exp.config.deliveries", "exp.config.last_delivery.timestamp"] {
        assert!(!request.metrics.contains_key(name), "{name}");
    }
}

#[test]
fn the_resource_is_the_process_life_and_the_scope_the_build() {
    let snapshot = some_of_everything();
    let process = snapshot.process();
    let request = cumulative(
        &Exposition::builder().service_version("1.2.3").revision("abc").build().unwrap(),
        &snapshot,
    );
    let text = |text: &str| Value::StringValue(text.to_owned());
    assert_eq!(request.resource["service.instance.id"], text(&process.instance_id().to_string()));
    assert_eq!(request.resource["process.pid"], Value::IntValue(process.process_id().into()));
    assert_eq!(request.resource["process.creation.time"], text(&iso_8601(process.process_started_at())));
    assert_eq!(request.resource["host.name"], text(process.hostname()));
    let (name, version, attributes) = request.scope;
    assert_eq!((&*name, &*version), ("runtime_metrics", "1.2.3"));
    assert_eq!(attributes, [("vcs.ref.head.revision".to_owned(), text("abc"))].into());
}

#[test]
fn a_service_that_nobody_named_is_unknown() {
    let hostname = some_of_everything().process().hostname().to_owned();
    for builder in [
        Exposition::builder(),
        Exposition::builder().service_name("").resource_attribute("", "x").resource_attribute("x", ""),
    ] {
        assert_eq!(service(builder), pairs([("host.name", &hostname), ("service.name", "unknown_service")]));
    }
}

#[test]
fn attributes_from_outside_give_way_to_options_and_never_say_whose_counts_these_are() {
    let builder = Exposition::builder()
        .service_name("exp")
        .resource_attribute("service.name", "other")
        .resource_attribute("service.namespace", "first")
        .resource_attribute("service.namespace", "shop")
        .resource_attribute("host.name", "node-7")
        .resource_attribute("deployment.environment.name", "test")
        .resource_attribute("service.instance.id", "pod")
        .resource_attribute("process.creation.time", "never")
        .resource_attribute("process.pid", "1");
    assert_eq!(
        service(builder.clone()),
        pairs([
            ("deployment.environment.name", "test"),
            ("host.name", "node-7"),
            ("service.name", "exp"),
            ("service.namespace", "shop"),
        ])
    );
    let snapshot = some_of_everything();
    let exposition = builder.build().unwrap();
    let request = cumulative(&exposition, &snapshot);
    let process = snapshot.process();
    assert_eq!(request.resource["process.pid"], Value::IntValue(process.process_id().into()));
    let instance = Value::StringValue(process.instance_id().to_string());
    assert_eq!(request.resource["service.instance.id"], instance);
    // The page names the same.
    let mut page = String::new();
    exposition.prometheus_text(&snapshot, &mut page);
    let target = format!(
        "target_info{{service_name=\"exp\",service_namespace=\"shop\",service_instance_id=\"{}\",host_name=\"node-7\",\
         process_pid=\"{}\",deployment_environment_name=\"test\"}} 1\n",
        process.instance_id(),
        process.process_id()
    );
    assert!(page.contains(&target), "{target}{page}");
}

#[test]
fn a_request_is_appended_to_the_buffer() {
    let snapshot = some_of_everything();
    let exposition = exposition(RequestLabel::Path, CallerLabels::Shown);
    for (encoding, content_type) in
        [(Encoding::Protobuf, "application/x-protobuf"), (Encoding::Json, "application/json")]
    {
        let (mut alone, mut buffer) = (Vec::new(), b"before".to_vec());
        exposition.otlp(encoding, &snapshot, &mut alone);
        exposition.otlp(encoding, &snapshot, &mut buffer);
        assert_eq!(buffer, [b"before", &*alone].concat());
        assert_eq!(encoding.content_type(), content_type);
    }
}
