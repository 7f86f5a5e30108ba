use std::sync::Arc;

use super::*;
use crate::filter::Filter;
use crate::sample;
use crate::snapshot::Snapshot;

const ONLY: &str = r#"and on (job, instance) target_info{service_instance_id="i-1"}"#;

fn live() -> Questions<'static> {
    Questions {
        namespace: "exp",
        instance_id: "i-1",
        taken_at: Timestamp::from_millisecond(20_000).unwrap(),
        requests_by: Some(RequestsBy::Path),
        since: None,
    }
}

/// A moment ten seconds before.
fn since(from_window_start: bool) -> Since {
    let text = sample::document().replace("2026-11-30T12:02:03.500000", "1970-01-01T00:00:10.000000");
    let snapshot = Snapshot::parse(text.as_bytes(), sample::at(0.0)).unwrap();
    Since { snapshot: Arc::new(snapshot), from_window_start }
}

fn one(label: &str, asked: impl FnOnce(Which<'_>) -> String) -> String {
    asked(Which::One(&Key::label(label)))
}

#[test]
fn a_family_is_a_sum_of_rates_by_its_label() {
    for (family, label, metric) in [
        (FamilyName::Paths, "url_path", "http_requests_total"),
        (FamilyName::Endpoints, "config_endpoint", "config_deliveries_total"),
        (FamilyName::Targets, "config_target", "config_deliveries_total"),
        (FamilyName::Callers, "caller", "config_deliveries_total"),
        (FamilyName::Names, "config_name", "config_values_served_total"),
    ] {
        let expected = format!("sum by ({label}) (rate(exp_{metric}[5m]) {ONLY})");
        assert_eq!(live().rates(family, Which::All), expected);
    }
}

#[test]
fn a_row_is_one_series_its_label_escaped() {
    let asked = |label| one(label, |which| live().rates(FamilyName::Paths, which));
    let expected = |quoted: &str| {
        format!("sum by (url_path) (rate(exp_http_requests_total{{url_path={quoted}}}[5m]) {ONLY})")
    };
    assert_eq!(asked("/\"\\\n"), expected(r#""/\"\\\n""#));
    assert_eq!(asked("/\r\u{1b}[201~\u{7f}日"), expected(r#""/\u000d\u001b[201~\u007f日""#));
}

#[test]
fn a_filter_is_an_expression_that_matches_the_same_text() {
    let mut filter = Filter::default();
    r"a.b\".chars().for_each(|character| filter.add(character));
    let asked = live().rates(FamilyName::Names, Which::of(None, &filter));
    assert!(asked.contains(r#"{config_name=~"(?i).*a\\.b\\\\.*"}[5m]"#), "{asked}");
}

#[test]
fn the_overflow_has_no_label_of_its_family() {
    assert_eq!(
        live().rates(FamilyName::Targets, Which::One(&Key::Overflow)),
        format!(r#"sum (rate(exp_config_deliveries_total{{otel_metric_overflow="true"}}[5m]) {ONLY})"#)
    );
}

#[test]
fn a_route_is_asked_for_by_the_label_that_the_service_uses() {
    let asked = Questions { requests_by: Some(RequestsBy::Route), ..live() };
    assert!(asked.rates(FamilyName::Paths, Which::All).starts_with("sum by (http_route) (rate("));
}

#[test]
fn as_long_as_no_request_was_seen_either_label_is_asked_for() {
    let unseen = Questions { requests_by: None, ..live() };
    assert_eq!(
        unseen.rates(FamilyName::Paths, Which::All),
        format!("sum by (url_path, http_route) (rate(exp_http_requests_total[5m]) {ONLY})")
    );
    assert_eq!(
        unseen.rates(FamilyName::Paths, Which::Matching("api")),
        format!(
            r#"sum by (url_path, http_route) ((rate(exp_http_requests_total{{url_path=~"(?i).*api.*"}}[5m]) or rate(exp_http_requests_total{{http_route=~"(?i).*api.*"}}[5m])) {ONLY})"#
        )
    );
}

#[test]
fn two_moments_are_a_difference_at_their_times() {
    let since = since(false);
    let compared = Questions { since: Some(&since), ..live() };
    let metric = "exp_config_deliveries_total";
    assert_eq!(
        compared.rates(FamilyName::Targets, Which::All),
        format!(
            "sum by (config_target) (({metric} @ 20.000 - ({metric} @ 10.000 or {metric} @ 20.000 * 0)) {ONLY} @ 20.000)"
        )
    );
}

#[test]
fn since_the_window_began_it_is_the_count_itself_a_reset_is_no_fall_from_the_window_before() {
    let since = since(true);
    let compared = Questions { since: Some(&since), ..live() };
    assert_eq!(
        compared.rates(FamilyName::Targets, Which::All),
        format!("sum by (config_target) ((exp_config_deliveries_total @ 20.000) {ONLY} @ 20.000)")
    );
}

#[test]
fn an_empty_label_is_not_the_overflow_which_has_none() {
    let asked = one("", |which| live().rates(FamilyName::Callers, which));
    assert!(asked.contains(r#"{caller="",otel_metric_overflow=""}"#), "{asked}");
}

#[test]
fn what_is_over_a_limit_is_in_no_cell_of_a_pivot() {
    let axes = [Dimension::Caller, Dimension::Target];
    assert_eq!(
        live().pivot(axes, Which::All, Some((Dimension::Endpoint, "config")), false),
        format!(
            r#"sum by (caller, config_target) (rate(exp_config_deliveries_total{{config_endpoint="config",otel_metric_overflow=""}}[5m]) {ONLY})"#
        )
    );
}

#[test]
fn a_row_of_a_pivot_and_a_filter_of_it_narrow_its_rows() {
    let axes = [Dimension::Target, Dimension::Endpoint];
    let expected = |matcher: &str| {
        format!(
            r#"sum by (config_target, config_endpoint) (rate(exp_config_values_served_total{{{matcher},otel_metric_overflow=""}}[5m]) {ONLY})"#
        )
    };
    for label in ["api", ""] {
        let asked = one(label, |which| live().pivot(axes, which, None, true));
        assert_eq!(asked, expected(&format!(r#"config_target="{label}""#)));
    }
    let asked = live().pivot(axes, Which::Matching("a"), None, true);
    assert_eq!(asked, expected(r#"config_target=~"(?i).*a.*""#));
}
