//! The snapshot document.

use std::sync::OnceLock;

use jsonschema::Validator;
use proptest::prelude::*;
use runtime_exposition::{CallerLabels, Exposition, RequestLabel, document};
use runtime_metrics::{Metrics, Snapshot, iso_8601};
use serde_json::{Value, json};

use crate::document_reader::{Document, Occupancy};
use crate::expected::{expected_deliveries, expected_requests, expected_values};
use crate::history::{caller_labels, exposition, history, request_label};

fn json(exposition: &Exposition, snapshot: &Snapshot) -> Vec<u8> {
    let mut json = Vec::new();
    exposition.snapshot_json(snapshot, &mut json);
    json
}

fn schema() -> Value {
    serde_json::from_str(include_str!("../../../../docs/snapshot.schema.json")).unwrap()
}

/// What is wrong with a document.
pub(crate) fn faults(document: &Value) -> Vec<String> {
    static VALIDATOR: OnceLock<Validator> = OnceLock::new();
    let validator = VALIDATOR.get_or_init(|| jsonschema::validator_for(&schema()).unwrap());
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

fn some_of_everything() -> Metrics {
    let metrics = Metrics::builder().max_label_bytes(16).build().unwrap();
    metrics.record_request("/");
    metrics.record_request(&"/long".repeat(10));
    metrics.record_config_delivery("config", "api", &["A"], "local:api");
    metrics.record_config_delivery("config", "api", &["B"], "a-principal-that-is-too-long");
    metrics
}

proptest! {
    #[test]
    fn any_label_and_count_comes_back_the_same(
        history in history(),
        label in request_label(),
        callers in caller_labels(),
    ) {
        let snapshot = history.snapshot();
        let document = Document::read(&json(&exposition(label, callers), &snapshot));
        let (requests, served) = (snapshot.requests(), snapshot.served_config());
        prop_assert_eq!(document.requests(label), expected_requests(label, &snapshot));
        prop_assert_eq!(document.deliveries(), expected_deliveries(callers, &snapshot));
        prop_assert_eq!(document.values(), expected_values(callers, &snapshot));
        prop_assert_eq!(document.requests.overflow.records, requests.overflow().records());
        prop_assert_eq!(document.deliveries.overflow.records, served.overflow().records());
        let rejected: Vec<_> = requests.overflow().rejected_labels().map(str::to_owned).collect();
        prop_assert_eq!(&document.requests.overflow.rejected_labels, &rejected);
    }

    #[test]
    fn the_lists_and_the_overflow_add_up_to_the_totals(history in history(), callers in caller_labels()) {
        let snapshot = history.snapshot();
        let document = Document::read(&json(&exposition(RequestLabel::Path, callers), &snapshot));
        let (requests, deliveries) = (&document.requests, &document.deliveries);
        prop_assert_eq!(document.requests(RequestLabel::Path).values().sum::<u64>(), requests.total);
        prop_assert_eq!(document.deliveries().values().sum::<u64>(), deliveries.responses_total);
        prop_assert_eq!(document.values().values().sum::<u64>(), deliveries.values_total);
        prop_assert_eq!(requests.total, snapshot.requests().total_requests());
        prop_assert_eq!(deliveries.responses_total, snapshot.served_config().responses_total());
        prop_assert_eq!(deliveries.values_total, snapshot.served_config().values_total());
    }

    #[test]
    fn the_same_snapshot_gives_the_same_bytes(history in history(), callers in caller_labels()) {
        let (exposition, snapshot) = (exposition(RequestLabel::Path, callers), history.snapshot());
        prop_assert_eq!(json(&exposition, &snapshot), json(&exposition, &snapshot.clone()));
    }

    #[test]
    fn any_document_is_valid_by_the_schema(
        history in history(),
        label in request_label(),
        callers in caller_labels(),
    ) {
        let document = serde_json::from_slice(&json(&exposition(label, callers), &history.snapshot())).unwrap();
        prop_assert_eq!(faults(&document), Vec::<String>::new());
    }
}

#[test]
fn the_schema_is_valid_itself() {
    assert!(jsonschema::meta::is_valid(&schema()));
    assert_eq!(schema()["properties"]["schemaVersion"]["const"], document::SCHEMA_VERSION);
}

#[test]
fn what_is_no_document_is_refused_by_the_schema() {
    let snapshot = some_of_everything().snapshot();
    let valid = |callers| {
        serde_json::from_slice::<Value>(&json(&exposition(RequestLabel::Path, callers), &snapshot)).unwrap()
    };
    let shown = valid(CallerLabels::Shown);
    assert_eq!(faults(&shown), Vec::<String>::new());
    assert!(!faults(&json!({})).is_empty() && !faults(&json!([])).is_empty());
    // The namespace came after the first documents of this version.
    for key in shown.as_object().unwrap().keys().filter(|key| *key != "metricsNamespace") {
        let mut lacking = shown.clone();
        lacking.as_object_mut().unwrap().remove(key);
        assert!(!faults(&lacking).is_empty(), "without {key}");
    }
    for (place, wrong) in [
        ("/schemaVersion", json!(2)),
        ("/service", json!({ "name": "" })),
        ("/metricsNamespace", json!("my-app")),
        ("/metricsNamespace", json!("")),
        ("/sequence", json!(-1)),
        ("/sequence", json!(1.5)),
        ("/takenAt", json!("yesterday")),
        ("/takenAt", json!("2026-11-22T18:06:00Z")),
        ("/process/instanceId", json!("none")),
        ("/process/parentInstanceId", json!(1)),
        ("/process/uptimeSeconds", json!("1")),
        ("/window/startedAt", json!(null)),
        ("/requests/total", json!("2")),
        ("/requests/series/0/count", json!(0)),
        ("/requests/series/0/path", json!(1)),
        ("/requests/series/0", json!({ "path": "/", "route": "/", "count": 1 })),
        ("/requests/series/0", json!({ "count": 1 })),
        ("/requests/overflow", json!({ "count": 1, "records": 1 })),
        ("/requests/occupancy/limit", json!(0)),
        ("/deliveries/callers", json!("hidden")),
        ("/deliveries/callers", json!("dropped")),
        ("/deliveries/callers", json!("hashed")),
        ("/deliveries/lastServedAt", json!(0)),
        ("/deliveries/series/0", json!({ "endpoint": "e", "target": "t", "responses": 1 })),
        ("/deliveries/values/0", json!({ "endpoint": "e", "target": "t", "caller": "c", "count": 1 })),
        ("/deliveries/overflow", json!({ "responses": 1, "values": 1, "records": 1 })),
    ] {
        let mut document = shown.clone();
        *document.pointer_mut(place).unwrap() = wrong.clone();
        assert!(!faults(&document).is_empty(), "{place}: {wrong}");
    }
    for callers in [CallerLabels::Hashed, CallerLabels::Dropped] {
        let mut document = valid(callers);
        document["deliveries"]["overflow"]["rejectedLabels"] = json!([]);
        assert!(!faults(&document).is_empty(), "{callers:?}: rejected labels may be callers");
    }
}

#[test]
fn everything_beside_the_series_is_as_the_snapshot_has_it() {
    let metrics = some_of_everything();
    let ended = metrics.reset();
    for snapshot in [ended, metrics.snapshot()] {
        let document = Document::read(&json(&exposition(RequestLabel::Path, CallerLabels::Shown), &snapshot));
        let (process, served) = (snapshot.process(), snapshot.served_config());
        assert_eq!(document.schema_version, document::SCHEMA_VERSION);
        assert_eq!(
            (document.sequence, document.taken_at),
            (snapshot.sequence(), iso_8601(snapshot.taken_at()))
        );
        assert_eq!(document.duration_seconds, snapshot.duration().as_nanos() as f64 / 1e9);
        assert_eq!(
            document.process,
            json!({
                "hostname": process.hostname(),
                "processId": process.process_id(),
                "instanceId": process.instance_id().to_string(),
                "parentInstanceId": null,
                "startedAt": iso_8601(process.process_started_at()),
                "uptimeSeconds": process.process_uptime().as_nanos() as f64 / 1e9,
            })
        );
        assert_eq!(
            document.window,
            json!({
                "id": snapshot.window_id(),
                "openedBy": snapshot.window_opened_by(),
                "startedAt": process.started_at(),
                "uptimeSeconds": process.uptime_seconds(),
            })
        );
        assert_eq!(document.deliveries.last_served_at.as_deref(), served.last_served_at());
        assert_eq!(document.deliveries.callers, "shown");
        for (shown, occupancy) in [
            (document.requests.occupancy, snapshot.requests().occupancy()),
            (document.deliveries.occupancy, served.occupancy()),
        ] {
            assert_eq!(shown, Occupancy { series: occupancy.series(), limit: occupancy.limit() });
        }
    }
}

#[test]
fn what_is_configured_about_the_service_is_told_and_nothing_else() {
    let snapshot = some_of_everything().snapshot();
    let service = |exposition: &Exposition| Document::read(&json(exposition, &snapshot)).service;
    assert!(service(&exposition(RequestLabel::Path, CallerLabels::Shown)).is_empty());
    let all = Exposition::builder()
        .service_name("exp")
        .service_namespace("shop \"x\"")
        .service_version("1.2.3")
        .revision("abc");
    let expected = [("name", "exp"), ("namespace", "shop \"x\""), ("revision", "abc"), ("version", "1.2.3")];
    let expected = expected.map(|(key, value)| (key.to_owned(), value.to_owned()));
    assert_eq!(service(&all.build().unwrap()), expected.into());
}

#[test]
fn the_namespace_of_the_metrics_is_told_whether_it_was_given_or_not() {
    let snapshot = some_of_everything().snapshot();
    let told = |exposition: &Exposition| Document::read(&json(exposition, &snapshot)).metrics_namespace;
    assert_eq!(told(&Exposition::builder().namespace("exp_2").build().unwrap()), "exp_2");
    assert_eq!(told(&Exposition::builder().build().unwrap()), "runtime");
}

#[test]
fn rejected_labels_of_deliveries_are_told_only_where_callers_are_shown() {
    let snapshot = some_of_everything().snapshot();
    for callers in [CallerLabels::Shown, CallerLabels::Hashed, CallerLabels::Dropped] {
        let json = json(&exposition(RequestLabel::Path, callers), &snapshot);
        let rejected = Document::read(&json).deliveries.overflow.rejected_labels;
        let expected = ["a-principal-that-is-too-long".to_owned()];
        assert_eq!(rejected.is_some_and(|rejected| rejected == expected), callers == CallerLabels::Shown);
        let text = String::from_utf8(json).unwrap();
        assert_eq!(text.contains("principal"), callers == CallerLabels::Shown, "{text}");
    }
}

#[test]
fn a_document_is_appended_on_one_line() {
    let snapshot = some_of_everything().snapshot();
    let exposition = exposition(RequestLabel::Path, CallerLabels::Shown);
    let alone = json(&exposition, &snapshot);
    let mut buffer = b"before\n".to_vec();
    exposition.snapshot_json(&snapshot, &mut buffer);
    assert_eq!(buffer, [b"before\n", &*alone].concat());
    assert!(!alone.contains(&b'\n'));
    assert_eq!(document::CONTENT_TYPE, "application/json");
}
