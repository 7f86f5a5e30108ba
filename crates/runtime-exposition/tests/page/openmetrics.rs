//! OpenMetrics pages, read by a reader that others have written.

use std::collections::BTreeMap;

use openmetrics_parser::openmetrics::parse_openmetrics;
use openmetrics_parser::{MetricFamily, MetricNumber, MetricsExposition, OpenMetricsType, OpenMetricsValue};
use proptest::prelude::*;
use runtime_exposition::{CallerLabels, Exposition, RequestLabel, TextFormat, openmetrics};
use runtime_metrics::Snapshot;

use crate::expected::{expected_deliveries, expected_requests, expected_values, overflow};
use crate::history::{caller_labels, exposition, history, page, request_label};
use crate::reader::Labels;

type Page = MetricsExposition<OpenMetricsType, OpenMetricsValue>;

fn text(exposition: &Exposition, snapshot: &Snapshot) -> String {
    let mut text = String::new();
    exposition.openmetrics_text(snapshot, &mut text);
    text
}

/// The reader is stricter than the format: samples of one family must have the same label names, and there must be one. So it gets
/// the page without overflow samples and without families that have no other. And it takes a carriage return for the end of a
/// line, which the format does not: see [`without_return`].
fn read(text: &str) -> Page {
    let is_overflow = |line: &&str| line.contains("{otel_metric_overflow=\"true\"}");
    let mut readable: Vec<&str> = Vec::new();
    for line in text.split_terminator('\n').filter(|line| !is_overflow(line)) {
        if line.starts_with("# HELP") || line == "# EOF" {
            while readable.last().is_some_and(|last| last.starts_with('#')) {
                readable.pop();
            }
        }
        readable.push(line);
    }
    parse_openmetrics(&without_return(&(readable.join("\n") + "\n"))).expect("a page that can be read")
}

fn series(page: &Page, family: &str) -> BTreeMap<Labels, u64> {
    let family: Option<&MetricFamily<_, _>> = page.families.get(family);
    family
        .into_iter()
        .flat_map(MetricFamily::iter_samples)
        .map(|sample| {
            let labels = sample.get_labelset().expect("labels");
            let labels = labels.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
            let OpenMetricsValue::Counter(counter) = &sample.value else { panic!("a counter") };
            assert!(counter.created.is_some());
            let MetricNumber::Int(count) = counter.value else { panic!("an integer") };
            (labels, count.try_into().expect("a count"))
        })
        .collect()
}

/// The text with another character for each carriage return.
fn without_return(text: &str) -> String {
    text.replace('\r', "\u{e000}")
}

/// The series as the reader sees them.
fn readable(mut series: BTreeMap<Labels, u64>) -> BTreeMap<Labels, u64> {
    series.remove(&overflow());
    let labels =
        |labels: Labels| labels.into_iter().map(|(name, value)| (name, without_return(&value))).collect();
    series.into_iter().map(|(series, count)| (labels(series), count)).collect()
}

proptest! {
    #[test]
    fn any_label_comes_back_the_same_through_another_reader(
        history in history(),
        label in request_label(),
        callers in caller_labels(),
    ) {
        let snapshot = history.snapshot();
        let page = read(&text(&exposition(label, callers), &snapshot));
        let expected = [
            ("exp_http_requests", expected_requests(label, &snapshot)),
            ("exp_config_deliveries", expected_deliveries(callers, &snapshot)),
            ("exp_config_values_served", expected_values(callers, &snapshot)),
        ];
        for (family, expected) in expected {
            prop_assert_eq!(series(&page, family), readable(expected));
        }
    }

    #[test]
    fn both_formats_have_the_same_samples_and_openmetrics_says_of_each_counter_when_it_was_0(
        history in history(),
        callers in caller_labels(),
    ) {
        let snapshot = history.snapshot();
        let exposition = exposition(RequestLabel::Path, callers);
        let (plain, page) = (page(&exposition, &snapshot), text(&exposition, &snapshot));
        let samples = |text: &str| -> Vec<String> {
            text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect()
        };
        let mut others = Vec::new();
        let mut created = 0;
        let mut before = String::new();
        for line in samples(&page) {
            if line.contains("_created") && !before.contains("_created") && before.contains("_total") {
                let total = before.rsplit_once(' ').expect("a value").0;
                prop_assert_eq!(line.rsplit_once(' ').expect("a value").0.replacen("_created", "_total", 1), total);
                created += 1;
            } else {
                others.push(line.clone());
            }
            before = line;
        }
        let totals = others.iter().filter(|line| line.split(['{', ' ']).next().expect("a name").ends_with("_total"));
        prop_assert_eq!(created, totals.count());
        prop_assert_eq!(others, samples(&plain));
    }
}

#[test]
fn the_families_say_their_types_and_units_and_the_end_is_marked() {
    let metrics = runtime_metrics::Metrics::new();
    metrics.record_request("/");
    metrics.record_config_delivery("config", "api", &["A"], "local:api");
    let text = text(&exposition(RequestLabel::Path, CallerLabels::Shown), &metrics.snapshot());
    assert!(text.ends_with("\n# EOF\n"));
    let page = read(&text);
    let of = |name: &str| (&page.families[name].family_type, &*page.families[name].unit);
    assert_eq!(of("target"), (&OpenMetricsType::Info, ""));
    assert_eq!(of("exp_build"), (&OpenMetricsType::Info, ""));
    assert_eq!(of("exp_uptime_seconds"), (&OpenMetricsType::Gauge, "seconds"));
    assert_eq!(of("exp_config_last_delivery_timestamp_seconds"), (&OpenMetricsType::Gauge, "seconds"));
    assert_eq!(of("exp_http_requests"), (&OpenMetricsType::Counter, ""));
    assert_eq!(page.families.len(), 13);
}

#[test]
fn each_format_has_its_content_type() {
    assert_eq!(openmetrics::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8");
    assert_eq!(TextFormat::OpenMetrics.content_type(), openmetrics::CONTENT_TYPE);
    assert_eq!(TextFormat::default().content_type(), runtime_exposition::prometheus::CONTENT_TYPE);
}
