//! Callers may be principal IDs: hashed or dropped, they are on no way out.

use proptest::prelude::*;
use runtime_exposition::health::WorkerState;
use runtime_exposition::{CallerLabels, RequestLabel};
use runtime_metrics::{Metrics, Snapshot};
use serde_json::Value;

use crate::history::{exposition, history, page};
use crate::reader::Page;

const PRINCIPAL: &str = "8f14e45f-ceea-467f-ab5e-principal";

fn served_to_a_principal() -> Snapshot {
    let metrics = Metrics::new();
    metrics.record_config_delivery("run-time", "api", &["A", "B", "A"], PRINCIPAL);
    metrics.record_config_delivery("run-time", "api", &["B"], "local:api");
    metrics.record_config_delivery("run-time", "web", &[] as &[&str], PRINCIPAL);
    metrics.snapshot()
}

/// Everything that this crate can say about a snapshot.
fn ways_out(callers: CallerLabels, snapshot: &Snapshot) -> [String; 4] {
    let exposition = exposition(RequestLabel::Path, callers);
    let state = WorkerState::default();
    [
        page(&exposition, snapshot),
        serde_json::to_string(&exposition.health_document(snapshot, &state)).unwrap(),
        serde_json::to_string(&exposition.ready_document(snapshot, &state)).unwrap(),
        serde_json::to_string(&exposition.snapshot_document(snapshot)).unwrap(),
    ]
}

#[test]
fn a_shown_caller_is_on_every_way_out() {
    let snapshot = served_to_a_principal();
    assert!(ways_out(CallerLabels::Shown, &snapshot).iter().all(|text| text.contains(PRINCIPAL)));
}

#[test]
fn a_hashed_caller_is_on_no_way_out_and_has_the_same_digits_on_all_of_them() {
    let snapshot = served_to_a_principal();
    for text in ways_out(CallerLabels::Hashed, &snapshot) {
        assert!(!text.contains(PRINCIPAL) && !text.contains("local:api"), "{text}");
        // printf %s local:api | sha256sum
        assert!(text.contains("908b78e5d94e2b2c"), "{text}");
    }
}

#[test]
fn a_dropped_caller_is_on_no_way_out() {
    let snapshot = served_to_a_principal();
    let [page, health, ready, document] = ways_out(CallerLabels::Dropped, &snapshot);
    for text in [&page, &health, &ready, &document] {
        assert!(!text.contains(PRINCIPAL) && !text.contains("local:api"), "{text}");
    }
    assert!(!page.contains("caller"), "{page}");
    assert!(
        page.contains("exp_config_deliveries_total{config_endpoint=\"run-time\",config_target=\"api\"} 2\n")
    );
    assert!(page.contains(
        "exp_config_values_served_total{config_endpoint=\"run-time\",config_target=\"api\",config_name=\"B\"} 2\n"
    ));
    let health: Value = serde_json::from_str(&health).unwrap();
    assert_eq!(health["configResponsesByCaller"], serde_json::json!({}));
    assert_eq!(health["configValuesByCaller"], serde_json::json!({}));
    assert_eq!((&health["configResponsesServed"], &health["configValuesServed"]), (&3.into(), &4.into()));
}

proptest! {
    #[test]
    fn hashed_callers_have_sixteen_digits(history in history()) {
        let snapshot = history.snapshot();
        let page = Page::read(&page(&exposition(RequestLabel::Path, CallerLabels::Hashed), &snapshot));
        for family in &page.families {
            for caller in family.samples.iter().filter_map(|sample| sample.label("caller")) {
                prop_assert_eq!(caller.len(), 16);
                prop_assert!(caller.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f')), "{caller:?}");
            }
        }
    }

    #[test]
    fn hashed_maps_of_the_health_document_still_add_up(history in history()) {
        let snapshot = history.snapshot();
        let [_, health, ..] = ways_out(CallerLabels::Hashed, &snapshot);
        let health: Value = serde_json::from_str(&health).unwrap();
        for (map, total) in [
            ("configResponsesByCaller", snapshot.served_config().responses_total()),
            ("configValuesByCaller", snapshot.served_config().values_total()),
        ] {
            let sum: u64 = health[map].as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum();
            prop_assert_eq!(sum, total);
        }
    }
}
