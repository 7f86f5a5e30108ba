use std::sync::Arc;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::*;
use crate::action::{of_key, of_typed_key};
use crate::label;
use crate::news::News;
use crate::past::Past;
use crate::sample::{self, Cut, at};
use crate::snapshot::Snapshot;
use crate::trouble::{Trouble, TroubleKind};

/// A view of the sample.
fn view() -> View {
    let mut view = View::new();
    let snapshot = Arc::new(sample::snapshot());
    view.take_snapshot(Arc::clone(&snapshot), at(0.0));
    let instance_id = snapshot.process.instance_id.clone();
    view.take(News::Environment { instance_id, name: Some("staging".to_owned()) }, at(0.0));
    view
}

/// A view of a service whose requests come in more and more, of which the first minute is known from its history.
fn busy() -> View {
    let mut view = View::new();
    for second in 0..30 {
        let counts =
            [("/a", second * second), ("/b", 3), ("/日本", second), ("/\u{202e}evil\u{1b}[2J", 7 * second)];
        let cut = Cut::new(second as f64, &counts);
        view.take_snapshot(Arc::new(cut.snapshot()), at(cut.seconds));
    }
    let intervals: Vec<_> = (0..60)
        .map(|second: i64| {
            let ended_at = at(second as f64 - 60.0 + 0.4).wall;
            format!(
                r#"{{"endedAt":"{ended_at}","seconds":1.0,"requests":{},"responses":{}}}"#,
                second % 7,
                second / 20
            )
        })
        .collect();
    let span = format!(
        r#"{{"intervals":[{}],"requests":[{{"path":"/a","counts":[5,1]}}],"deliveries":[{{"endpoint":"e","target":"t","caller":"c","responses":[2]}}]}}"#,
        intervals.join(",")
    );
    let past = Past::parse(
        format!(
            r#"{{"instanceId":"{}","takenAt":"2026-11-30T12:02:32.500000+00:00","spans":[{span},{span},{span}]}}"#,
            sample::INSTANCE
        )
        .as_bytes(),
    );
    assert!(past.is_some());
    view.take(News::Past(past.map(Box::new)), at(29.0));
    view
}

fn press(view: &mut View, keys: &str) {
    for key in keys.chars() {
        let code = match key {
            '\n' => KeyCode::Enter,
            '\u{1b}' => KeyCode::Esc,
            '\t' => KeyCode::Tab,
            other => KeyCode::Char(other),
        };
        let key = KeyEvent::new(code, KeyModifiers::NONE);
        let action = if view.mode() == Mode::Filter { of_typed_key(key) } else { of_key(key) };
        view.apply(action.unwrap(), at(29.0));
    }
}

fn screen(view: &View, width: u16, height: u16) -> String {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    terminal
        .draw(|frame| {
            draw(frame, view, "http://127.0.0.1:8080", at(30.0), Palette::new(true));
        })
        .unwrap();
    terminal.backend().to_string()
}

#[test]
fn the_sample_at_usual_sizes() {
    insta::assert_snapshot!("sample_80x24", screen(&view(), 80, 24));
    insta::assert_snapshot!("sample_120x40", screen(&view(), 120, 40));
    insta::assert_snapshot!("sample_40x12", screen(&view(), 40, 12));
}

#[test]
fn rates_trends_and_what_the_service_remembers() {
    let mut view = busy();
    press(&mut view, "m");
    insta::assert_snapshot!("busy_80x24", screen(&view, 80, 24));
    insta::assert_snapshot!("busy_120x40", screen(&view, 120, 40));
    insta::assert_snapshot!("busy_40x12", screen(&view, 40, 12));
    press(&mut view, "7");
    insta::assert_snapshot!("past_80x24", screen(&view, 80, 24));
    insta::assert_snapshot!("past_40x12", screen(&view, 40, 12));
}

#[test]
fn every_tab_at_80_columns() {
    let mut view = view();
    for name in ["endpoints", "targets", "callers", "names", "pivot"] {
        press(&mut view, "\t");
        insta::assert_snapshot!(format!("{name}_80x24"), screen(&view, 80, 24));
    }
    press(&mut view, "8");
    insta::assert_snapshot!("limits_80x24", screen(&view, 80, 24));
}

#[test]
fn a_filter_a_selection_a_row_and_the_help() {
    let mut view = busy();
    press(&mut view, "/EVIL");
    insta::assert_snapshot!("typing_80x24", screen(&view, 80, 24));
    press(&mut view, "\nj\n");
    insta::assert_snapshot!("row_80x24", screen(&view, 80, 24));
    press(&mut view, "\u{1b}?");
    insta::assert_snapshot!("help_80x24", screen(&view, 80, 24));
    insta::assert_snapshot!("help_40x12", screen(&view, 40, 12));
    press(&mut view, "G");
    insta::assert_snapshot!("help_end_80x24", screen(&view, 80, 24));
    press(&mut view, "\u{1b}\u{1b}\u{1b}");
    assert!(screen(&view, 80, 24).contains("/b"));
}

#[test]
fn what_came_of_a_copy_is_told_at_the_foot() {
    let mut view = busy();
    press(&mut view, "y");
    let shown = screen(&view, 80, 24);
    assert!(shown.contains("Copied 4 rows of #36 as JSON, "), "{shown}");
    assert!(shown.contains(" bytes. If nothing is there: see ?"), "{shown}");
    press(&mut view, "Y");
    assert!(screen(&view, 80, 24).contains("Copied the table as PromQL, "));
    press(&mut view, "8y");
    assert!(
        screen(&view, 80, 24)
            .contains("Only tables 1 to 6 are copied: /history and /snapshot answer in JSON.")
    );
}

#[test]
fn before_there_is_a_snapshot_and_while_none_comes() {
    let mut view = View::new();
    insta::assert_snapshot!("connecting_80x24", screen(&view, 80, 24));
    view.take(
        News::Trouble(Trouble::new(TroubleKind::Gone, "no connection to http://127.0.0.1:8080 (refused)")),
        at(26.0),
    );
    insta::assert_snapshot!("never_80x24", screen(&view, 80, 24));
    press(&mut view, "?");
    assert!(screen(&view, 80, 24).contains("quit"));
    let mut view = busy();
    view.take(News::Trouble(Trouble::new(TroubleKind::Gone, "it ended the stream")), at(29.5));
    insta::assert_snapshot!("gone_80x24", screen(&view, 80, 24));
    insta::assert_snapshot!("gone_40x12", screen(&view, 40, 12));
}

#[test]
fn a_paused_screen_shows_its_snapshot_while_others_come() {
    let mut view = busy();
    press(&mut view, "p");
    let shown =
        |view: &View| screen(view, 80, 24).lines().skip(3).take(19).map(String::from).collect::<Vec<_>>();
    let before = shown(&view);
    view.take_snapshot(Arc::new(Cut::new(30.0, &[("/a", 5_000)]).snapshot()), at(30.0));
    assert_eq!(shown(&view), before);
    assert!(screen(&view, 80, 24).contains("PAUSED  #36 +1 newer"));
    view.take(News::Trouble(Trouble::new(TroubleKind::Gone, "it ended the stream")), at(30.5));
    assert!(screen(&view, 80, 24).contains("PAUSED GONE  #36 +1 newer"));
    press(&mut view, "p");
    assert!(screen(&view, 80, 24).contains("5,000"));
}

#[test]
fn where_there_is_no_room_for_a_rate_there_is_none_and_a_pause_in_trouble_is_told_all_the_same() {
    let mut view = busy();
    press(&mut view, "p");
    view.take_snapshot(Arc::new(Cut::new(30.0, &[("/a", 5_000)]).snapshot()), at(30.0));
    view.take(News::Trouble(Trouble::new(TroubleKind::Gone, "it ended the stream")), at(30.5));
    let shown = screen(&view, 20, 9);
    assert!(shown.contains("PAUSED GONE  #36\"") && shown.contains("\"Requests 1,076      \""), "{shown}");
}

#[test]
fn no_size_is_too_small_or_too_large() {
    let mut view = busy();
    for tab in "12345678".chars() {
        press(&mut view, &tab.to_string());
        for (width, height) in (1..60).map(|width| (width, 1 + width * 7 % 30)).chain([(500, 200)]) {
            screen(&view, width, height);
        }
    }
}

/// Whatever is in the labels, each line takes just the columns that there are, and none of it acts on the terminal.
#[test]
fn hostile_labels_break_no_column() {
    let labels = [
        "\u{1b}[2J\u{7}",
        "\u{202e}abc",
        "e\u{301}\u{301}",
        "日本語日本語日本語",
        "\u{1f1e9}\u{1f1ea}\u{1f469}\u{200d}\u{1f467}",
        "\u{9b}31m",
        "a\tb\r\n",
    ];
    let long = "日".repeat(300);
    let mut view = View::new();
    for second in 0..3 {
        let mut counts: Vec<_> = labels.iter().map(|label| (*label, 5 + second)).collect();
        counts.push((&long, 1));
        view.take_snapshot(Arc::new(Cut::new(second as f64, &counts).snapshot()), at(second as f64));
    }
    for (width, height) in [(80, 24), (40, 12), (120, 40), (33, 17)] {
        let shown = screen(&view, width, height);
        let lines: Vec<_> = shown.lines().map(|line| line.trim_matches('"').to_owned()).collect();
        assert!(!shown.chars().any(|character| character.is_control() && character != '\n'));
        // The count stands at the same column in every row.
        let head = lines.iter().position(|line| line.starts_with("Path")).unwrap();
        let rows =
            lines[head + 1..].iter().take_while(|line| !line.starts_with("  ") && !line.starts_with('?'));
        let places: std::collections::HashSet<_> = rows
            .filter_map(|line| {
                line.find(" 7 ").or(line.find(" 7\"")).map(|place| label::columns(&line[..place]))
            })
            .collect();
        assert_eq!(places.len(), 1, "{shown}");
    }
}

#[test]
fn without_colours_nothing_is_coloured() {
    let mut view = busy();
    view.take(News::Trouble(Trouble::new(TroubleKind::Gone, "it ended the stream")), at(29.5));
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let mut colors = |palette| {
        terminal
            .draw(|frame| {
                draw(frame, &view, "", at(30.0), palette);
            })
            .unwrap();
        let cells = terminal.backend().buffer().content();
        cells
            .iter()
            .filter(|cell| cell.fg != ratatui::style::Color::Reset || cell.bg != ratatui::style::Color::Reset)
            .count()
    };
    assert_eq!(colors(Palette::new(false)), 0);
    assert!(colors(Palette::new(true)) > 0);
}

#[test]
fn every_number_of_the_tables_is_of_the_snapshot_that_is_named() {
    let mut view = busy();
    let newer: Arc<Snapshot> = Arc::new(Cut::new(31.0, &[("/a", 1_234_567)]).snapshot());
    view.take_snapshot(newer, at(31.0));
    let shown = screen(&view, 80, 24);
    assert!(shown.contains("#38") && shown.contains("1,234,567"));
    press(&mut view, "S");
    assert!(!screen(&view, 80, 24).contains("/b"));
}
