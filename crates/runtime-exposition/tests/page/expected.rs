//! The series that a page should show, from the snapshot that it shows.

use std::collections::BTreeMap;

use runtime_exposition::{CallerLabels, RequestLabel};
use runtime_metrics::{OVERFLOW_LABEL, Snapshot};
use sha2::{Digest, Sha256};

use crate::reader::Labels;

pub(crate) fn labels<const N: usize>(pairs: [(&str, &str); N]) -> Labels {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

/// The labels of an overflow sample.
pub(crate) fn overflow() -> Labels {
    labels([("otel_metric_overflow", "true")])
}

/// The first 16 digits of the hexadecimal text of the SHA-256.
fn digits(caller: &str) -> String {
    let text: String = Sha256::digest(caller).iter().map(|byte| format!("{byte:02x}")).collect();
    text[..16].to_owned()
}

/// The label that stands for a caller, if any does. The overflow label stands for itself.
pub(crate) fn shown(callers: CallerLabels, caller: &str) -> Option<String> {
    match callers {
        CallerLabels::Dropped => None,
        CallerLabels::Hashed if caller != OVERFLOW_LABEL => Some(digits(caller)),
        CallerLabels::Shown | CallerLabels::Hashed => Some(caller.to_owned()),
    }
}

fn expected_joint(
    callers: CallerLabels,
    joints: impl Iterator<Item = ([String; 3], Option<String>, u64)>,
) -> BTreeMap<Labels, u64> {
    let mut expected = BTreeMap::new();
    for ([endpoint, target, caller], name, count) in joints {
        let mut series = labels([("config_endpoint", &endpoint), ("config_target", &target)]);
        series.extend(shown(callers, &caller).map(|caller| ("caller".to_owned(), caller)));
        series.extend(name.map(|name| ("config_name".to_owned(), name)));
        let series = if series.values().any(|value| value == OVERFLOW_LABEL) { overflow() } else { series };
        *expected.entry(series).or_insert(0) += count;
    }
    expected
}

/// The series of the requests of a snapshot.
pub(crate) fn expected_requests(label: RequestLabel, snapshot: &Snapshot) -> BTreeMap<Labels, u64> {
    let name = match label {
        RequestLabel::Route => "http_route",
        RequestLabel::Path => "url_path",
    };
    let counts = snapshot.requests().requests_by_path().iter();
    counts
        .map(|(path, count)| {
            (if path == OVERFLOW_LABEL { overflow() } else { labels([(name, path)]) }, count)
        })
        .collect()
}

/// The series of its deliveries.
pub(crate) fn expected_deliveries(callers: CallerLabels, snapshot: &Snapshot) -> BTreeMap<Labels, u64> {
    let joints = snapshot.served_config().deliveries().map(|delivery| {
        let joint = [delivery.endpoint(), delivery.target(), delivery.caller()].map(str::to_owned);
        (joint, None, delivery.responses())
    });
    expected_joint(callers, joints)
}

/// The series of the values in them.
pub(crate) fn expected_values(callers: CallerLabels, snapshot: &Snapshot) -> BTreeMap<Labels, u64> {
    let joints = snapshot.served_config().values().map(|value| {
        let joint = [value.endpoint(), value.target(), value.caller()].map(str::to_owned);
        (joint, Some(value.config_name().to_owned()), value.count())
    });
    expected_joint(callers, joints)
}
