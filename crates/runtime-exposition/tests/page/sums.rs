//! Samples add up: rules 1 and 2 of the consistency contract, as a scraper sees them.

use proptest::prelude::*;
use runtime_exposition::{CallerLabels, RequestLabel};
use runtime_metrics::Metrics;

use crate::history::{caller_labels, exposition, history, page};
use crate::reader::Page;

proptest! {
    #[test]
    fn samples_add_up_to_the_totals_of_the_snapshot(history in history(), callers in caller_labels()) {
        let snapshot = history.snapshot();
        let page = Page::read(&page(&exposition(RequestLabel::Path, callers), &snapshot));
        prop_assert_eq!(page.family("exp_http_requests_total").sum(), snapshot.requests().total_requests());
        prop_assert_eq!(
            page.family("exp_config_deliveries_total").sum(),
            snapshot.served_config().responses_total()
        );
        prop_assert_eq!(
            page.family("exp_config_values_served_total").sum(),
            snapshot.served_config().values_total()
        );
    }

    #[test]
    fn with_callers_dropped_endpoints_and_targets_add_up_to_the_marginal_maps(history in history()) {
        let snapshot = history.snapshot();
        let page = Page::read(&page(&exposition(RequestLabel::Path, CallerLabels::Dropped), &snapshot));
        let samples = &page.family("exp_config_deliveries_total").samples;
        for (name, counts) in [
            ("config_endpoint", snapshot.served_config().responses_by_endpoint()),
            ("config_target", snapshot.served_config().responses_by_target()),
        ] {
            for (label, count) in counts.iter() {
                let sum: u64 = samples.iter().filter(|s| s.label(name) == Some(label)).map(|s| s.integer()).sum();
                let overflow: u64 =
                    samples.iter().filter(|s| s.label("otel_metric_overflow").is_some()).map(|s| s.integer()).sum();
                // what is missing overflowed in the endpoint or the target, not in the caller
                prop_assert!(sum <= count && count <= sum + overflow, "{name}={label:?}: {sum} of {count}");
            }
        }
    }

    #[test]
    fn two_pages_of_one_snapshot_are_the_same_bytes(history in history(), callers in caller_labels()) {
        let exposition = exposition(RequestLabel::Path, callers);
        let snapshot = history.snapshot();
        prop_assert_eq!(page(&exposition, &snapshot), page(&exposition, &snapshot.clone()));
    }
}

#[test]
fn a_reset_takes_all_series_away_and_leaves_the_families_announced() {
    let metrics = Metrics::new();
    metrics.record_request("/");
    metrics.record_config_delivery("config", "api", &["A"], "local:api");
    metrics.reset();
    let snapshot = metrics.snapshot();
    let page = Page::read(&page(&exposition(RequestLabel::Path, CallerLabels::Shown), &snapshot));
    for name in ["exp_http_requests_total", "exp_config_deliveries_total", "exp_config_values_served_total"] {
        assert!(page.family(name).samples.is_empty());
    }
    assert!(page.families.iter().all(|family| family.name != "exp_config_last_delivery_timestamp_seconds"));
    assert_eq!(page.only("exp_snapshots_total").integer(), snapshot.sequence());
}

#[test]
fn a_page_is_appended_to_the_buffer_and_a_reused_buffer_stops_growing() {
    let metrics = Metrics::new();
    metrics.record_request("/");
    let snapshot = metrics.snapshot();
    let exposition = exposition(RequestLabel::Path, CallerLabels::Shown);
    let alone = page(&exposition, &snapshot);

    let mut buffer = "before\n".to_owned();
    exposition.prometheus_text(&snapshot, &mut buffer);
    assert_eq!(buffer, format!("before\n{alone}"));

    let capacity = buffer.capacity();
    buffer.clear();
    exposition.prometheus_text(&snapshot, &mut buffer);
    assert_eq!((buffer.as_str(), buffer.capacity()), (alone.as_str(), capacity));
}

#[test]
fn ten_thousand_series_stay_exact() {
    let metrics = Metrics::new();
    for n in 0..10_000_u32 {
        for _ in 0..=n % 3 {
            metrics.record_request(&format!("/{n}"));
        }
    }
    let snapshot = metrics.snapshot();
    let page = Page::read(&page(&exposition(RequestLabel::Path, CallerLabels::Shown), &snapshot));
    assert_eq!(page.family("exp_http_requests_total").sum(), snapshot.requests().total_requests());
}
