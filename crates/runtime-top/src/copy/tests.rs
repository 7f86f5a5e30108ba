use std::sync::Arc;

use crossterm::Command as _;
use crossterm::clipboard::CopyToClipboard;
use serde_json::{Value, json};

use super::*;
use crate::action::{Action, Rows, Tabs};
use crate::sample::{self, Cut, INSTANCE, at};
use crate::snapshot::Snapshot;
use crate::view::Effect;

/// A view of a document.
fn view(document: &str) -> View {
    let mut view = View::new();
    let snapshot = Snapshot::parse(document.as_bytes(), at(0.0)).unwrap();
    view.take_snapshot(Arc::new(snapshot), at(0.0));
    view
}

/// A view of two cuts, a second apart, of which the first is marked.
fn marked(paths: &[(&str, u64)]) -> View {
    let mut view = View::new();
    view.take_snapshot(Arc::new(Cut::new(0.0, &[("/a", 1)]).snapshot()), at(0.0));
    view.apply(Action::Mark, at(0.0));
    view.take_snapshot(Arc::new(Cut::new(1.0, paths).snapshot()), at(1.0));
    view
}

fn act(view: &mut View, actions: &[Action]) {
    for action in actions {
        view.apply(*action, at(1.0));
    }
}

fn export(view: &View) -> Value {
    serde_json::from_str(&copy(view, Language::Json).unwrap().text).unwrap()
}

fn question(view: &View) -> String {
    copy(view, Language::PromQl).unwrap().text
}

fn tab(number: usize) -> Action {
    Action::Tab(Tabs::Number(number - 1))
}

#[test]
fn a_table_is_copied_with_its_snapshot_its_rows_in_their_order_and_their_labels_as_they_are() {
    let view = marked(&[("/a", 3), ("/\u{1b}[2J", 9)]);
    assert_eq!(
        export(&view),
        json!({
            "instanceId": INSTANCE,
            "sequence": 8,
            "takenAt": "2026-11-30T12:02:04.500000+00:00",
            "windowStartedAt": "2026-11-30T12:00:00.000000+00:00",
            "family": "paths",
            "rows": [
                { "label": "/\u{1b}[2J", "count": 9, "rate": 9.0, "share": 0.75, "opened": 9, "mark": 9 },
                { "label": "/a", "count": 3, "rate": 2.0, "share": 0.25, "opened": 2, "mark": 2 },
            ],
        })
    );
    let clip = copy(&view, Language::Json).unwrap();
    assert!(!clip.text.chars().any(char::is_control));
    assert_eq!(clip.what, "2 rows of #8 as JSON");
}

#[test]
fn the_overflow_is_told_values_are_counted_too_and_what_is_not_known_is_null() {
    let mut view = view(&sample::document());
    act(&mut view, &[tab(4)]);
    let exported = export(&view);
    assert_eq!(exported["family"], "callers");
    let rows = [
        json!({ "label": "local:api", "count": 5, "values": 15, "rate": null, "share": 5.0 / 6.0, "opened": 0 }),
        json!({ "overflow": true, "count": 1, "values": 2, "rate": null, "share": 1.0 / 6.0, "opened": 0 }),
    ];
    assert_eq!(exported["rows"], json!(rows));
}

#[test]
fn counts_are_exact_to_64_bits() {
    let mut view = View::new();
    for (second, count) in [(0.0, 0), (1.0, u64::MAX)] {
        view.take_snapshot(Arc::new(Cut::new(second, &[("/", count)]).snapshot()), at(second));
    }
    let text = copy(&view, Language::Json).unwrap().text;
    assert!(text.contains(r#""count":18446744073709551615"#), "{text}");
    assert!(text.contains(r#""opened":18446744073709551615"#), "{text}");
}

#[test]
fn what_is_paused_filtered_or_selected_is_what_is_copied() {
    let mut view = marked(&[("/a", 3), ("/b", 9), ("/ab", 5)]);
    let labels = |view: &View| {
        let rows = export(view)["rows"].as_array().unwrap().clone();
        rows.iter().map(|row| row["label"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    act(&mut view, &[Action::Pause]);
    view.take_snapshot(Arc::new(Cut::new(2.0, &[("/c", 1)]).snapshot()), at(2.0));
    assert_eq!(
        (labels(&view), &export(&view)["sequence"]),
        (vec!["/b".into(), "/ab".into(), "/a".into()], &json!(8))
    );
    assert!(question(&view).contains("(exp_http_requests_total[5m])"));
    act(&mut view, &[Action::Filter, Action::Type('A'), Action::Accept]);
    assert_eq!(labels(&view), ["/ab", "/a"]);
    assert!(question(&view).contains(r#"{url_path=~"(?i).*A.*"}"#));
    act(&mut view, &[Action::Go(Rows::Last)]);
    assert_eq!(labels(&view), ["/a"]);
    assert!(question(&view).contains(r#"{url_path="/a"}"#));
    assert_eq!(copy(&view, Language::PromQl).unwrap().what, "the selected row as PromQL");
    assert_eq!(copy(&view, Language::Json).unwrap().what, "1 row of #8 as JSON");
    // A row that is out of the table is not selected.
    act(&mut view, &[Action::Filter, Action::EraseAll, Action::Type('b'), Action::Accept]);
    assert_eq!(labels(&view), ["/b", "/ab"]);
}

#[test]
fn a_pivot_is_copied_with_what_it_counts_and_from_when() {
    let mut view = view(&sample::document());
    act(&mut view, &[tab(6), Action::Narrow]);
    let exported = export(&view);
    assert_eq!(
        exported["pivot"],
        json!({
            "rows": "caller", "columns": "target", "measure": "responses", "endpoint": "run-time",
            "cells": [{ "caller": "local:api", "target": "api", "count": 4 }],
        })
    );
    assert_eq!(exported.get("comparedWith"), None);
    let only = format!(r#"and on (job, instance) target_info{{service_instance_id="{INSTANCE}"}}"#);
    assert_eq!(
        question(&view),
        format!(
            r#"sum by (caller, config_target) (rate(exp_config_deliveries_total{{config_endpoint="run-time",otel_metric_overflow=""}}[5m]) {only})"#
        )
    );
    act(&mut view, &[Action::Turn, Action::Turn, Action::Measure, Action::Go(Rows::First)]);
    assert_eq!(
        export(&view)["pivot"]["cells"],
        json!([
            { "target": "api", "endpoint": "run-time", "count": 12 },
            { "target": "api", "endpoint": "build-time", "count": 3 },
        ])
    );
    assert!(question(&view).contains(r#"exp_config_values_served_total{config_target="api",otel"#));
    act(&mut view, &[Action::Since]);
    let moment = json!({ "moment": "opened", "sequence": 7, "takenAt": "2026-11-30T12:02:03.500000+00:00" });
    assert_eq!(export(&view)["comparedWith"], moment);
    assert!(question(&view).contains(" @ 1796040123.500 - ("));
    act(&mut view, &[Action::Mark, Action::Since]);
    assert_eq!(export(&view)["comparedWith"]["moment"], "mark");
    act(&mut view, &[Action::ForgetMark]);
    for language in [Language::Json, Language::PromQl] {
        assert_eq!(copy(&view, language), Err(CopyError::Unknown));
    }
}

#[test]
fn a_pivot_counts_from_the_beginning_of_a_window_that_was_opened_later() {
    let mut view = view(&sample::document());
    let reset =
        sample::document().replace(r#""window":{"id":1,"openedBy":0"#, r#""window":{"id":5,"openedBy":7"#);
    let reset = reset.replace(r#""sequence":7"#, r#""sequence":8"#);
    view.take_snapshot(Arc::new(Snapshot::parse(reset.as_bytes(), at(1.0)).unwrap()), at(1.0));
    act(&mut view, &[tab(6), Action::Since]);
    let moment = json!({ "moment": "window start", "takenAt": "2026-11-30T12:00:00.000000+00:00" });
    assert_eq!(export(&view)["comparedWith"], moment);
    assert!(
        question(&view)
            .contains("((exp_config_deliveries_total{otel_metric_overflow=\"\"} @ 1796040123.500) and")
    );
}

#[test]
fn callers_that_are_dropped_narrow_no_pivot() {
    let document = sample::document()
        .replace(r#""callers":"shown""#, r#""callers":"dropped""#)
        .replace(r#","caller":"local:api""#, "");
    let mut view = view(&document);
    act(&mut view, &[tab(6), Action::Filter, Action::Type('n'), Action::Accept, Action::Go(Rows::First)]);
    assert_eq!(export(&view)["pivot"]["cells"], json!([{ "caller": null, "target": "api", "count": 5 }]));
    assert!(question(&view).contains(r#"exp_config_deliveries_total{otel_metric_overflow=""}"#));
}

#[test]
fn a_label_of_requests_is_remembered_over_a_reset() {
    let document = sample::document().replace(r#"{"path":"#, r#"{"route":"#);
    let mut view = view(&document);
    view.take_snapshot(Arc::new(Cut::new(1.0, &[]).in_window(4, 0.5).snapshot()), at(1.0));
    assert!(question(&view).starts_with("sum by (http_route) ("));
}

#[test]
fn without_a_namespace_that_is_one_there_is_no_question_and_all_the_same_json() {
    for namespace in
        ["", r#""metricsNamespace":"9","#, r#""metricsNamespace":"a\nb","#, r#""metricsNamespace":"","#]
    {
        let view = view(&sample::document().replace(r#""metricsNamespace":"exp","#, namespace));
        assert_eq!(copy(&view, Language::PromQl), Err(CopyError::NoNamespace), "{namespace}");
        assert_eq!(export(&view)["family"], "paths");
    }
}

#[test]
fn where_there_are_no_rows_nothing_is_copied_and_the_foot_says_why() {
    assert_eq!(copy(&View::new(), Language::Json), Err(CopyError::NoSnapshot));
    let mut view = view(&sample::document());
    for number in [7, 8] {
        act(&mut view, &[tab(number)]);
        for language in [Language::Json, Language::PromQl] {
            assert_eq!(view.apply(Action::Copy(language), at(1.0)), []);
            assert_eq!(view.said(), Some(CopyError::NoRows.to_string().as_str()));
        }
    }
}

#[test]
fn what_is_copied_is_told_with_its_length_and_given_to_the_terminal() {
    let mut view = view(&sample::document());
    let Clip { text, .. } = copy(&view, Language::Json).unwrap();
    let length = text.len();
    assert_eq!(view.apply(Action::Copy(Language::Json), at(0.0)), [Effect::Copy(text)]);
    let said = format!("Copied 4 rows of #7 as JSON, {length} bytes. If nothing is there: see ?");
    assert_eq!(view.said(), Some(said.as_str()));
}

#[test]
fn what_is_longer_than_terminals_take_is_refused_and_the_longest_that_is_not_fits() {
    let sequence = |length: usize| {
        let mut sequence = String::new();
        CopyToClipboard::to_clipboard_from("x".repeat(length)).write_ansi(&mut sequence).unwrap();
        sequence.len()
    };
    assert!(sequence(LONGEST) <= LONGEST_SEQUENCE && sequence(LONGEST + 1) > LONGEST_SEQUENCE);
    let paths: Vec<_> = (0..2 * MOST_ENTRIES).map(|number| format!("/{number}")).collect();
    let counts: Vec<_> = paths.iter().map(|path| (path.as_str(), 1)).collect();
    let mut view = View::new();
    view.take_snapshot(Arc::new(Cut::new(0.0, &counts).snapshot()), at(0.0));
    assert_eq!(copy(&view, Language::Json), Err(CopyError::TooLong));
    assert!(question(&view).len() < 200);
    act(&mut view, &[Action::Filter, Action::Type('9'), Action::Type('9'), Action::Accept]);
    let rows = export(&view)["rows"].as_array().unwrap().len();
    assert!(rows > 100 && rows < MOST_ENTRIES, "{rows}");
}

#[test]
fn every_refusal_fits_a_line_of_80_columns() {
    use CopyError::{NoNamespace, NoRows, NoSnapshot, TooLong, Unknown};
    for error in [NoNamespace, NoRows, NoSnapshot, TooLong, Unknown] {
        assert!(crate::label::columns(&error.to_string()) <= 80, "{error}");
    }
}
