//! The health and ready documents.

use std::collections::BTreeMap;
use std::fmt;
use std::time::{Duration, UNIX_EPOCH};

use proptest::prelude::*;
use runtime_exposition::health::{HealthDocument, Readiness, ReadyDocument, WorkerState};
use runtime_metrics::{Counts, Metrics, OVERFLOW_LABEL, iso_8601};
use serde::de::{Deserialize, Deserializer, IgnoredAny, MapAccess, Visitor};
use serde_json::{Value, json};

use crate::history::history;

const HEALTH_KEYS: [&str; 21] = [
    "status",
    "environment",
    "timestamp",
    "startedAt",
    "uptimeSeconds",
    "hostname",
    "processId",
    "requestsServed",
    "requestsByPath",
    "configKeysLoaded",
    "configLoadCount",
    "lastConfigLoadedAt",
    "configResponsesServed",
    "configValuesServed",
    "configResponsesByEndpoint",
    "configResponsesByTarget",
    "configResponsesByCaller",
    "configValuesByTarget",
    "configValuesByCaller",
    "configValuesByName",
    "lastConfigServedAt",
];

/// The keys of an object, in the order of the text.
struct Keys(Vec<String>);

impl<'de> Deserialize<'de> for Keys {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct KeysVisitor;
        impl<'de> Visitor<'de> for KeysVisitor {
            type Value = Keys;
            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Keys, A::Error> {
                let mut keys = Vec::new();
                while let Some((key, IgnoredAny)) = map.next_entry()? {
                    keys.push(key);
                }
                Ok(Keys(keys))
            }
        }
        deserializer.deserialize_map(KeysVisitor)
    }
}

fn keys(document: &impl serde::Serialize) -> Vec<String> {
    serde_json::from_str::<Keys>(&serde_json::to_string(document).unwrap()).unwrap().0
}

fn loaded() -> WorkerState {
    WorkerState {
        environment: "test".to_owned(),
        config_keys_loaded: 20,
        config_load_count: 1,
        last_config_loaded_at: Some(UNIX_EPOCH + Duration::from_secs(1)),
    }
}

#[test]
fn a_health_document_has_exactly_the_documented_keys_in_their_order() {
    let snapshot = Metrics::new().snapshot();
    assert_eq!(keys(&HealthDocument::new(&snapshot, &loaded())), HEALTH_KEYS);
}

#[test]
fn a_ready_document_adds_keys_loaded_at_the_end() {
    let snapshot = Metrics::new().snapshot();
    let ready = keys(&ReadyDocument::new(&snapshot, &loaded()));
    assert_eq!(ready[..21], HEALTH_KEYS);
    assert_eq!(ready[21..], ["keysLoaded"]);
}

#[test]
fn a_worker_is_ready_once_a_configuration_was_loaded() {
    let snapshot = Metrics::new().snapshot();
    let (none, loaded) = (WorkerState::default(), loaded());

    let ready = ReadyDocument::new(&snapshot, &loaded);
    assert!(ready.is_ready() && loaded.is_ready());
    let ready = serde_json::to_value(ready).unwrap();
    assert_eq!(
        (&ready["status"], &ready["keysLoaded"], &ready["configKeysLoaded"]),
        (&json!("Ready"), &json!(20), &json!(20))
    );

    let without_keys = WorkerState { config_keys_loaded: 0, ..loaded };
    let ready = serde_json::to_value(ReadyDocument::new(&snapshot, &without_keys)).unwrap();
    assert_eq!((&ready["status"], &ready["keysLoaded"]), (&json!("Ready"), &json!(0)));

    let not_ready = ReadyDocument::new(&snapshot, &none);
    assert!(!not_ready.is_ready() && !none.is_ready());
    let not_ready = serde_json::to_value(not_ready).unwrap();
    assert_eq!((&not_ready["status"], &not_ready["keysLoaded"]), (&json!("NotReady"), &json!(0)));
}

#[test]
fn a_worker_that_answers_is_healthy_whatever_its_configuration() {
    let snapshot = Metrics::new().snapshot();
    for state in [WorkerState::default(), loaded()] {
        assert_eq!(
            serde_json::to_value(HealthDocument::new(&snapshot, &state)).unwrap()["status"],
            "Healthy"
        );
    }
}

#[test]
fn times_that_do_not_exist_are_null_and_maps_without_series_are_empty_objects() {
    let snapshot = Metrics::new().snapshot();
    let document = serde_json::to_value(HealthDocument::new(&snapshot, &WorkerState::default())).unwrap();
    for key in ["lastConfigLoadedAt", "lastConfigServedAt"] {
        assert_eq!(document[key], Value::Null);
    }
    for key in HEALTH_KEYS.iter().filter(|key| key.contains("By")) {
        assert_eq!(document[key], json!({}), "{key}");
    }
}

#[test]
fn times_and_identity_are_those_of_the_snapshot() {
    let metrics = Metrics::new();
    metrics.record_config_delivery("config", "api", &["A"], "local:api");
    let snapshot = metrics.snapshot();
    let document = serde_json::to_value(HealthDocument::new(&snapshot, &loaded())).unwrap();
    let process = snapshot.process();
    for (key, expected) in [
        ("environment", json!("test")),
        ("timestamp", json!(iso_8601(snapshot.taken_at()))),
        ("startedAt", json!(process.started_at())),
        ("uptimeSeconds", json!(process.uptime_seconds())),
        ("hostname", json!(process.hostname())),
        ("processId", json!(std::process::id())),
        ("configLoadCount", json!(1)),
        ("lastConfigLoadedAt", json!("1970-01-01T00:00:01.000000+00:00")),
        ("lastConfigServedAt", json!(snapshot.served_config().last_served_at())),
    ] {
        assert_eq!(document[key], expected, "{key}");
    }
}

#[test]
fn integers_above_2_to_the_53_keep_every_digit() {
    let snapshot = Metrics::new().snapshot();
    let state = WorkerState { config_keys_loaded: u64::MAX, config_load_count: (1 << 53) + 1, ..loaded() };
    let text = serde_json::to_string(&ReadyDocument::new(&snapshot, &state)).unwrap();
    assert!(
        text.contains("\"configKeysLoaded\":18446744073709551615,\"configLoadCount\":9007199254740993,"),
        "{text}"
    );
    assert!(text.ends_with("\"keysLoaded\":18446744073709551615}"), "{text}");
}

fn as_map(counts: &Counts) -> BTreeMap<String, u64> {
    counts.iter().map(|(label, count)| (label.to_owned(), count)).collect()
}

proptest! {
    #[test]
    fn every_map_is_that_of_the_snapshot_with_sorted_keys_and_adds_up(history in history()) {
        let snapshot = history.snapshot();
        let (requests, served) = (snapshot.requests(), snapshot.served_config());
        let state = loaded();
        let document = serde_json::to_string(&HealthDocument::new(&snapshot, &state)).unwrap();
        let document: BTreeMap<String, Box<serde_json::value::RawValue>> = serde_json::from_str(&document).unwrap();
        for (key, counts, total_key, total) in [
            ("requestsByPath", requests.requests_by_path(), "requestsServed", requests.total_requests()),
            (
                "configResponsesByEndpoint",
                served.responses_by_endpoint(),
                "configResponsesServed",
                served.responses_total(),
            ),
            ("configResponsesByTarget", served.responses_by_target(), "configResponsesServed", served.responses_total()),
            ("configResponsesByCaller", served.responses_by_caller(), "configResponsesServed", served.responses_total()),
            ("configValuesByTarget", served.values_by_target(), "configValuesServed", served.values_total()),
            ("configValuesByCaller", served.values_by_caller(), "configValuesServed", served.values_total()),
            ("configValuesByName", served.values_by_name(), "configValuesServed", served.values_total()),
        ] {
            let text = document[key].get();
            let map: BTreeMap<String, u64> = serde_json::from_str(text).unwrap();
            prop_assert_eq!(&map, &as_map(counts), "{}", key);
            prop_assert!(serde_json::from_str::<Keys>(text).unwrap().0.is_sorted_by(|a, b| a < b), "{key}: {text}");
            prop_assert_eq!(map.values().sum::<u64>(), total, "{}", key);
            prop_assert_eq!(document[total_key].get(), total.to_string());
        }
    }
}

#[test]
fn overflow_stands_under_the_overflow_label() {
    let metrics = Metrics::builder().request_series_limit(1).build().unwrap();
    for path in ["/a", "/b", "/c"] {
        metrics.record_request(path);
    }
    let snapshot = metrics.snapshot();
    let document = serde_json::to_value(HealthDocument::new(&snapshot, &loaded())).unwrap();
    assert_eq!(document["requestsServed"], 3);
    assert_eq!(document["requestsByPath"], json!({ "/a": 1, OVERFLOW_LABEL: 2 }));
}

#[test]
fn a_service_without_configuration_has_the_other_keys_alone_and_says_itself_whether_it_is_ready() {
    const CONFIGURATION: [&str; 4] =
        ["environment", "configKeysLoaded", "configLoadCount", "lastConfigLoadedAt"];
    let snapshot = Metrics::new().snapshot();
    let keys = |document: &Value| -> Vec<String> { document.as_object().unwrap().keys().cloned().collect() };
    let mut expected: Vec<&str> =
        HEALTH_KEYS.into_iter().filter(|key| !CONFIGURATION.contains(key)).collect();
    expected.sort_unstable();

    let health = serde_json::to_value(HealthDocument::of_service(&snapshot)).unwrap();
    assert_eq!(
        (keys(&health), &health["status"]),
        (expected.iter().map(|key| (*key).to_owned()).collect(), &json!("Healthy"))
    );
    for (readiness, status) in [(Readiness::Ready, "Ready"), (Readiness::NotReady, "NotReady")] {
        let document = ReadyDocument::of_service(&snapshot, readiness);
        assert_eq!(document.is_ready(), readiness == Readiness::Ready);
        let ready = serde_json::to_value(document).unwrap();
        assert_eq!((keys(&ready), &ready["status"]), (keys(&health), &json!(status)));
    }
}
