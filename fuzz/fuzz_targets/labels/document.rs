//! The health document.

use std::collections::BTreeMap;

use runtime_exposition::health::WorkerState;
use runtime_exposition::{CallerLabels, Exposition};
use runtime_metrics::{Counts, Snapshot};
use serde::Deserialize;

use crate::day::Options;
use crate::entries::Entries;
use crate::expected::shown;

/// The part of the documents in which labels are.
#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    environment: String,
    requests_served: u64,
    requests_by_path: Entries<u64>,
    config_responses_served: u64,
    config_values_served: u64,
    config_responses_by_endpoint: Entries<u64>,
    config_responses_by_target: Entries<u64>,
    config_responses_by_caller: Entries<u64>,
    config_values_by_target: Entries<u64>,
    config_values_by_caller: Entries<u64>,
    config_values_by_name: Entries<u64>,
}

/// Fails unless both documents show what the snapshot holds: each label once, sorted.
pub(crate) fn check(options: &Options, exposition: &Exposition, snapshot: &Snapshot) {
    let state = WorkerState { environment: options.environment.clone(), ..WorkerState::default() };
    let (requests, served) = (snapshot.requests(), snapshot.served_config());
    let expected = Document {
        environment: options.environment.clone(),
        requests_served: requests.total_requests(),
        requests_by_path: entries(requests.requests_by_path()),
        config_responses_served: served.responses_total(),
        config_values_served: served.values_total(),
        config_responses_by_endpoint: entries(served.responses_by_endpoint()),
        config_responses_by_target: entries(served.responses_by_target()),
        config_responses_by_caller: by_caller(options.caller_labels, served.responses_by_caller()),
        config_values_by_target: entries(served.values_by_target()),
        config_values_by_caller: by_caller(options.caller_labels, served.values_by_caller()),
        config_values_by_name: entries(served.values_by_name()),
    };
    let health = serde_json::to_string(&exposition.health_document(snapshot, &state)).unwrap();
    assert_eq!(serde_json::from_str::<Document>(&health).unwrap(), expected);
    let ready = serde_json::to_string(&exposition.ready_document(snapshot, &state)).unwrap();
    assert_eq!(serde_json::from_str::<Document>(&ready).unwrap(), expected);
}

fn entries(counts: &Counts) -> Entries<u64> {
    Entries(counts.iter().map(|(label, count)| (label.to_owned(), count)).collect())
}

/// The counts as the options show callers: added up where they come to look the same.
fn by_caller(callers: CallerLabels, counts: &Counts) -> Entries<u64> {
    let mut sums = BTreeMap::new();
    for (caller, count) in counts.iter() {
        if let Some(caller) = shown(callers, caller) {
            *sums.entry(caller).or_insert(0) += count;
        }
    }
    Entries(sums.into_iter().collect())
}
