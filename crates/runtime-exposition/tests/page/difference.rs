//! The document of an interval.

use proptest::prelude::*;
use runtime_exposition::{CallerLabels, Exposition, Interval, RequestLabel};
use runtime_metrics::{Metrics, Snapshot, iso_8601};
use serde_json::{Value, json};

use crate::document::faults;
use crate::document_reader::Document;
use crate::history::{caller_labels, exposition};

fn difference(exposition: &Exposition, interval: &Interval) -> Vec<u8> {
    let mut json = Vec::new();
    exposition.difference_json(interval, &mut json);
    json
}

fn whole(exposition: &Exposition, snapshot: &Snapshot) -> Vec<u8> {
    let mut json = Vec::new();
    exposition.snapshot_json(snapshot, &mut json);
    json
}

/// What a difference holds beside the cut that it begins with.
fn counts(json: &[u8]) -> Document {
    let mut document: Value = serde_json::from_slice(json).unwrap();
    document.as_object_mut().unwrap().remove("since").unwrap();
    Document::read(&serde_json::to_vec(&document).unwrap())
}

/// One of a few paths, and one of a few deliveries, some of which overflow.
fn record(metrics: &Metrics, what: u8) {
    metrics.record_request(["/", "/a", "/b", "/c"][usize::from(what % 4)]);
    let caller = ["x", "y", "z"][usize::from(what % 3)];
    metrics.record_config_delivery("config", "api", &["A", "B"][..usize::from(what % 3)], caller);
}

proptest! {
    #[test]
    fn what_was_there_and_what_came_since_are_what_is_there(
        before in prop::collection::vec(any::<u8>(), 0..20),
        after in prop::collection::vec(any::<u8>(), 0..20),
        callers in caller_labels(),
    ) {
        let metrics = Metrics::builder().request_series_limit(3).delivery_series_limit(4).build().unwrap();
        before.iter().for_each(|what| record(&metrics, *what));
        let since = metrics.snapshot();
        after.iter().for_each(|what| record(&metrics, *what));
        let until = metrics.snapshot();

        let exposition = exposition(RequestLabel::Path, callers);
        let interval = Interval::between(since.clone(), until.clone()).unwrap();
        let [earlier, later] = [&since, &until].map(|snapshot| Document::read(&whole(&exposition, snapshot)));
        let grown = counts(&difference(&exposition, &interval));
        let sum = |of: &dyn Fn(&Document) -> u64| (of(&earlier) + of(&grown), of(&later));
        for (sum, total) in [
            sum(&|document| document.requests.total),
            sum(&|document| document.requests.overflow.records),
            sum(&|document| document.deliveries.responses_total),
            sum(&|document| document.deliveries.values_total),
        ] {
            prop_assert_eq!(sum, total);
        }
        for (labels, count) in later.deliveries() {
            let [earlier, grown] = [&earlier, &grown].map(|document| document.deliveries().get(&labels).copied().unwrap_or(0));
            prop_assert_eq!(earlier + grown, count);
        }
        for (labels, count) in later.requests(RequestLabel::Path) {
            let part = |document: &Document| document.requests(RequestLabel::Path).get(&labels).copied().unwrap_or(0);
            prop_assert_eq!(part(&earlier) + part(&grown), count);
        }
    }
}

#[test]
fn a_difference_says_between_which_cuts_it_is_and_has_only_what_grew() {
    let (metrics, exposition) = (Metrics::new(), Exposition::builder().build().unwrap());
    metrics.record_request("/before");
    let since = metrics.snapshot();
    metrics.record_request("/after");
    let until = metrics.snapshot();
    let interval = Interval::between(since.clone(), until.clone()).unwrap();
    let document: Value = serde_json::from_slice(&difference(&exposition, &interval)).unwrap();
    assert_eq!(faults(&document), [""; 0]);
    assert_eq!(
        document["since"],
        json!({"sequence": since.sequence(), "takenAt": iso_8601(since.taken_at())})
    );
    assert_eq!(document["sequence"], until.sequence());
    assert_eq!(document["requests"]["total"], 1);
    assert_eq!(document["requests"]["series"], json!([{"path": "/after", "count": 1}]));
}

#[test]
fn a_difference_from_the_begin_of_a_window_is_the_snapshot_and_names_the_cut_of_the_reset() {
    let (metrics, exposition) = (Metrics::new(), exposition(RequestLabel::Route, CallerLabels::Shown));
    metrics.record_request("/before");
    let ended = metrics.reset();
    metrics.record_request("/after");
    let until = metrics.snapshot();
    let json = difference(&exposition, &Interval::of_window(until.clone()));
    let mut document: Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(faults(&document), [""; 0]);
    let since = document.as_object_mut().unwrap().remove("since").unwrap();
    assert_eq!(since, json!({"sequence": ended.sequence(), "takenAt": iso_8601(until.window_started_at())}));
    assert_eq!(document, serde_json::from_slice::<Value>(&whole(&exposition, &until)).unwrap());
}
