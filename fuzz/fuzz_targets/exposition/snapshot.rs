//! The snapshot document.

use runtime_exposition::Exposition;
use runtime_metrics::Snapshot;

use crate::day::Options;
use crate::document_reader::Document;
use crate::expected::{expected_deliveries, expected_requests, expected_values};

/// Fails unless the document shows what the snapshot holds.
pub(crate) fn check(options: &Options, exposition: &Exposition, snapshot: &Snapshot) {
    let mut json = Vec::new();
    exposition.snapshot_json(snapshot, &mut json);
    let document = Document::read(&json);
    let (callers, served) = (options.caller_labels, snapshot.served_config());
    assert_eq!(document.requests(options.request_label), expected_requests(options.request_label, snapshot));
    assert_eq!(document.deliveries(), expected_deliveries(callers, snapshot));
    assert_eq!(document.values(), expected_values(callers, snapshot));
    assert_eq!(document.requests.total, snapshot.requests().total_requests());
    assert_eq!(document.deliveries.responses_total, served.responses_total());
    assert_eq!(document.deliveries.values_total, served.values_total());
    assert_eq!(document.metrics_namespace, options.namespace);
    for (key, text) in [
        ("name", &options.service_name),
        ("version", &options.service_version),
        ("revision", &options.revision),
    ] {
        // What is empty is left out.
        assert_eq!(document.service.get(key).map_or("", String::as_str), text);
    }
}
