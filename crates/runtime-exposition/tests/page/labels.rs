//! Labels go out and come back.

use std::collections::BTreeMap;

use proptest::prelude::*;
use runtime_exposition::{CallerLabels, RequestLabel};
use runtime_metrics::{Metrics, OVERFLOW_LABEL, Snapshot};
use sha2::{Digest, Sha256};

use crate::history::{caller_labels, exposition, history, page, request_label};
use crate::reader::{Labels, Page};

fn labels<const N: usize>(pairs: [(&str, &str); N]) -> Labels {
    pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}

fn overflow() -> Labels {
    labels([("otel_metric_overflow", "true")])
}

/// The first 16 digits of the hexadecimal text of the SHA-256.
fn digits(caller: &str) -> String {
    let text: String = Sha256::digest(caller).iter().map(|byte| format!("{byte:02x}")).collect();
    text[..16].to_owned()
}

/// The label that stands for a caller, if any does. The overflow label stands for itself.
fn shown(callers: CallerLabels, caller: &str) -> Option<String> {
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

fn expected_deliveries(callers: CallerLabels, snapshot: &Snapshot) -> BTreeMap<Labels, u64> {
    let joints = snapshot.served_config().deliveries().map(|delivery| {
        let joint = [delivery.endpoint(), delivery.target(), delivery.caller()].map(str::to_owned);
        (joint, None, delivery.responses())
    });
    expected_joint(callers, joints)
}

fn expected_values(callers: CallerLabels, snapshot: &Snapshot) -> BTreeMap<Labels, u64> {
    let joints = snapshot.served_config().values().map(|value| {
        let joint = [value.endpoint(), value.target(), value.caller()].map(str::to_owned);
        (joint, Some(value.config_name().to_owned()), value.count())
    });
    expected_joint(callers, joints)
}

proptest! {
    #[test]
    fn any_request_label_comes_back_the_same(history in history(), label in request_label()) {
        let snapshot = history.snapshot();
        let name = match label {
            RequestLabel::Route => "http_route",
            RequestLabel::Path => "url_path",
        };
        let expected: BTreeMap<Labels, u64> = snapshot
            .requests()
            .requests_by_path()
            .iter()
            .map(|(path, count)| {
                (if path == OVERFLOW_LABEL { overflow() } else { labels([(name, path)]) }, count)
            })
            .collect();

        let page = Page::read(&page(&exposition(label, CallerLabels::Shown), &snapshot));
        prop_assert_eq!(page.family("exp_http_requests_total").series(), expected);
    }

    #[test]
    fn any_delivery_and_value_label_comes_back_the_same(history in history(), callers in caller_labels()) {
        let snapshot = history.snapshot();
        let page = Page::read(&page(&exposition(RequestLabel::Path, callers), &snapshot));
        prop_assert_eq!(
            page.family("exp_config_deliveries_total").series(),
            expected_deliveries(callers, &snapshot)
        );
        prop_assert_eq!(
            page.family("exp_config_values_served_total").series(),
            expected_values(callers, &snapshot)
        );
    }

    #[test]
    fn series_are_sorted_by_their_labels_and_the_overflow_sample_is_last(
        history in history(),
        callers in caller_labels(),
    ) {
        let page = Page::read(&page(&exposition(RequestLabel::Path, callers), &history.snapshot()));
        for family in &page.families {
            let keys: Vec<_> = family
                .samples
                .iter()
                .map(|sample| {
                    let values = ["url_path", "config_endpoint", "config_target", "caller", "config_name", "family"]
                        .map(|name| sample.label(name));
                    (sample.label("otel_metric_overflow"), values)
                })
                .collect();
            prop_assert!(keys.is_sorted_by(|a, b| a < b), "{}: {keys:?}", family.name);
        }
    }
}

#[test]
fn an_empty_path_and_one_with_only_a_nul_are_series_of_their_own() {
    let metrics = Metrics::new();
    for path in ["", "\0", "", "\0\0", "\u{202e}", ""] {
        metrics.record_request(path);
    }
    let page = Page::read(&page(&exposition(RequestLabel::Path, CallerLabels::Shown), &metrics.snapshot()));
    let expected = [("", 3), ("\0", 1), ("\0\0", 1), ("\u{202e}", 1)];
    assert_eq!(
        page.family("exp_http_requests_total").series(),
        expected.map(|(path, count)| (labels([("url_path", path)]), count)).into()
    );
}

#[test]
fn a_label_over_the_byte_limit_is_in_the_overflow_sample_and_on_no_page() {
    let metrics = Metrics::new();
    let long = "x".repeat(1_000_000);
    metrics.record_request(&long);
    metrics.record_config_delivery("config", "api", &[&long], "local:api");
    metrics.record_config_delivery("config", "api", &["A"], &long);
    let text = page(&exposition(RequestLabel::Path, CallerLabels::Shown), &metrics.snapshot());
    assert!(text.len() < 10_000);
    let page = Page::read(&text);
    assert_eq!(page.family("exp_http_requests_total").series(), [(overflow(), 1)].into());
    assert_eq!(page.family("exp_config_values_served_total").series(), [(overflow(), 2)].into());
}

#[test]
fn labels_are_escaped_on_the_page() {
    let metrics = Metrics::new();
    metrics.record_request("a\\b\"c\nd");
    let text = page(&exposition(RequestLabel::Route, CallerLabels::Shown), &metrics.snapshot());
    assert!(text.contains("\nexp_http_requests_total{http_route=\"a\\\\b\\\"c\\nd\"} 1\n"), "{text}");
}
