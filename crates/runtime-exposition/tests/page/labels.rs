//! Labels go out and come back.

use proptest::prelude::*;
use runtime_exposition::{CallerLabels, RequestLabel};
use runtime_metrics::Metrics;

use crate::expected::{expected_deliveries, expected_requests, expected_values, labels, overflow};
use crate::history::{caller_labels, exposition, history, page, request_label};
use crate::reader::Page;

proptest! {
    #[test]
    fn any_request_label_comes_back_the_same(history in history(), label in request_label()) {
        let snapshot = history.snapshot();
        let page = Page::read(&page(&exposition(label, CallerLabels::Shown), &snapshot));
        prop_assert_eq!(page.family("exp_http_requests_total").series(), expected_requests(label, &snapshot));
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
