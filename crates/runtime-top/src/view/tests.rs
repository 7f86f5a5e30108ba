use super::*;
use crate::action::{Action, Rows, Tabs};
use crate::sample::{Cut, INSTANCE, at};
use crate::snapshot::Measure;
use crate::trends::Series;
use crate::trouble::{Trouble, TroubleKind};

const REQUESTS: Series<'_> = Series::Total(Measure::Requests);

fn take(view: &mut View, cut: Cut) -> Vec<Effect> {
    view.take_snapshot(Arc::new(cut.snapshot()), at(cut.seconds))
}

#[test]
fn each_process_life_is_asked_once_for_its_past_and_its_environment() {
    let mut view = View::new();
    let asks = vec![Effect::AskPast, Effect::AskEnvironment];
    assert_eq!(take(&mut view, Cut::new(0.0, &[])), asks);
    assert_eq!(take(&mut view, Cut::new(1.0, &[])), []);
    let mut other = Cut::new(2.0, &[]);
    other.instance = "018f4c9e-6f0a-7000-8000-00000000002a";
    assert_eq!(take(&mut view, other.clone()), asks);
    view.take(
        News::Environment { instance_id: other.instance.to_owned(), name: Some("test".to_owned()) },
        at(2.0),
    );
    assert_eq!(view.environment(&other.snapshot()), Some("test"));
    assert_eq!(view.environment(&Cut::new(0.0, &[]).snapshot()), None);
}

#[test]
fn the_past_of_the_rates_is_asked_for_again_only_while_hours_or_days_are_looked_at_and_one_question_at_a_time()
 {
    let mut view = View::new();
    take(&mut view, Cut::new(0.0, &[]));
    view.take(News::Past(None), at(1.0));
    assert_eq!(view.tick(at(1_000.0)), []);
    assert_eq!(view.apply(Action::Scale, at(1_000.0)), [Effect::AskPast]);
    assert_eq!(view.tick(at(2_000.0)), []);
    view.take(News::Past(Some(Box::default())), at(2_000.0));
    assert_eq!(view.tick(at(2_000.5)), [Effect::AskPast]);
}

#[test]
fn what_was_busiest_is_asked_for_again_while_it_is_looked_at_and_not_while_the_view_is_paused() {
    let mut view = View::new();
    take(&mut view, Cut::new(0.0, &[]));
    view.take(News::Past(None), at(1.0));
    assert_eq!(view.apply(Action::Tab(Tabs::Number(6)), at(60.0)), [Effect::AskPast]);
    view.take(News::Past(None), at(61.0));
    assert_eq!(view.tick(at(65.0)), []);
    assert_eq!(view.tick(at(71.0)), [Effect::AskPast]);
    view.take(News::Past(None), at(72.0));
    view.apply(Action::Pause, at(72.0));
    assert_eq!(view.tick(at(200.0)), []);
    assert_eq!(view.apply(Action::Scale, at(200.0)), [Effect::AskPast]);
}

#[test]
fn a_history_of_another_process_life_is_not_shown() {
    let mut view = View::new();
    take(&mut view, Cut::new(0.0, &[]));
    let past = |instance_id: &str| {
        let span = r#"{"intervals":[],"requests":[{"path":"/","counts":[1]}],"deliveries":[]}"#;
        let text = format!(r#"{{"instanceId":"{instance_id}","spans":[{span}]}}"#);
        News::Past(Past::parse(text.as_bytes()).map(Box::new))
    };
    let busiest = |view: &View| view.past().span(Scale::Minute).busiest[0].len();
    let mut other = Cut::new(2.0, &[]);
    other.instance = "018f4c9e-6f0a-7000-8000-00000000002a";
    view.take(past(other.instance), at(0.0));
    assert_eq!(busiest(&view), 0);
    view.take(past(INSTANCE), at(0.0));
    assert_eq!(busiest(&view), 1);
    take(&mut view, other);
    assert_eq!(busiest(&view), 0);
}

#[test]
fn a_snapshot_that_is_here_already_ends_trouble_and_changes_no_number() {
    let mut view = View::new();
    take(&mut view, Cut::new(0.0, &[("/", 1)]));
    take(&mut view, Cut::new(1.0, &[("/", 3)]));
    view.take(News::Trouble(Trouble::new(TroubleKind::Gone, "gone")), at(2.0));
    assert_eq!(view.link().state(), LinkState::Trouble(TroubleKind::Gone));
    take(&mut view, Cut::new(1.0, &[("/", 3)]));
    assert_eq!(view.link().state(), LinkState::Live);
    assert_eq!(view.scene().unwrap().rate(REQUESTS), Some(2.0));
}

#[test]
fn counts_begin_anew_when_another_process_answers() {
    let mut view = View::new();
    take(&mut view, Cut::new(0.0, &[("/", 100)]));
    view.apply(Action::Mark, at(0.0));
    let mut other = Cut::new(5.0, &[("/", 4)]).in_window(1, 2.0);
    other.instance = "018f4c9e-6f0a-7000-8000-00000000002a";
    take(&mut view, other);
    let scene = view.scene().unwrap();
    assert_eq!(scene.since_opened(REQUESTS), Some(4));
    assert_eq!(scene.since_mark(REQUESTS), None);
    assert_eq!(scene.rate(REQUESTS), Some(2.0));
}

#[test]
fn a_pause_holds_the_snapshot_its_rates_and_what_it_is_compared_with() {
    let mut view = View::new();
    take(&mut view, Cut::new(0.0, &[("/", 1)]));
    take(&mut view, Cut::new(1.0, &[("/", 3)]));
    view.apply(Action::Pause, at(1.0));
    take(&mut view, Cut::new(2.0, &[("/", 30)]).in_window(9, 0.5));
    let scene = view.scene().unwrap();
    assert_eq!((scene.snapshot.total(Measure::Requests), scene.rate(REQUESTS)), (3, Some(2.0)));
    assert_eq!((scene.since_opened(REQUESTS), view.missed()), (Some(2), Some(1)));
    // What is marked is what is seen.
    view.apply(Action::Mark, at(2.0));
    assert_eq!(view.scene().unwrap().since_mark(REQUESTS), Some(0));
    view.apply(Action::Pause, at(2.0));
    assert_eq!((view.scene().unwrap().since_opened(REQUESTS), view.missed()), (Some(30), None));
}

#[test]
fn escape_takes_back_one_thing_at_a_time() {
    let mut view = View::new();
    take(&mut view, Cut::new(0.0, &[("/a", 1), ("/b", 1)]));
    take(&mut view, Cut::new(1.0, &[("/a", 1), ("/b", 1)]).in_window(5, 0.5));
    for action in [Action::Filter, Action::Type('b'), Action::Accept, Action::Go(Rows::Down), Action::Detail]
    {
        view.apply(action, at(1.0));
    }
    let state = |view: &View| {
        let notice = view.link().banner(view.newest(), at(1.0)).is_some();
        (view.mode(), view.filter().is_some_and(|filter| !filter.is_empty()), view.selected_any(), notice)
    };
    let mut seen = vec![state(&view)];
    for _ in 0..4 {
        view.apply(Action::Back, at(1.0));
        seen.push(state(&view));
    }
    assert_eq!(
        seen,
        [
            (Mode::Detail, true, true, true),
            (Mode::Table, true, true, true),
            (Mode::Table, false, true, true),
            (Mode::Table, false, true, false),
            (Mode::Table, false, false, false),
        ]
    );
}

#[test]
fn what_is_pasted_is_typed_into_the_filter_and_its_control_characters_are_not() {
    let mut view = View::new();
    take(&mut view, Cut::new(0.0, &[("/a", 1)]));
    view.apply(Action::Filter, at(0.0));
    view.paste("/a\r\nq\u{1b}");
    assert_eq!((view.filter().map(Filter::text), view.mode()), (Some("/aq"), Mode::Filter));
}

#[test]
fn quitting_closes_what_is_open_first_and_trying_now_is_for_trouble() {
    let mut view = View::new();
    assert_eq!(view.apply(Action::Retry, at(0.0)), [Effect::Retry]);
    take(&mut view, Cut::new(0.0, &[]));
    assert_eq!(view.apply(Action::Retry, at(0.0)), []);
    view.apply(Action::Help, at(0.0));
    assert_eq!(view.apply(Action::Leave, at(0.0)), []);
    assert_eq!(view.apply(Action::Leave, at(0.0)), [Effect::Quit]);
    view.apply(Action::Help, at(0.0));
    assert_eq!(view.apply(Action::Quit, at(0.0)), [Effect::Quit]);
}

#[test]
fn of_the_last_minute_the_views_own_rates_are_shown_and_before_them_the_services() {
    let mut view = View::new();
    let point = |seconds: f64, requests: f64| {
        let ended_at = at(seconds).wall;
        format!(r#"{{"endedAt":"{ended_at}","seconds":1.0,"requests":{requests:.0},"responses":0}}"#)
    };
    let points = [point(-3.1, 5.0), point(-0.1, 6.0), point(0.9, 7.0)].join(",");
    let text = format!(
        r#"{{"instanceId":"{INSTANCE}","spans":[{{"intervals":[{points}],"requests":[],"deliveries":[]}}]}}"#
    );
    take(&mut view, Cut::new(0.0, &[("/", 1)]));
    view.take(News::Past(Past::parse(text.as_bytes()).map(Box::new)), at(0.5));
    let rates = |view: &View| {
        let scene = view.scene().unwrap();
        view.points(&scene).iter().map(|point| point.requests).collect::<Vec<_>>()
    };
    assert_eq!(rates(&view), [Some(5.0), Some(6.0)]);
    take(&mut view, Cut::new(1.0, &[("/", 9)]));
    assert_eq!(rates(&view), [Some(5.0), Some(6.0), Some(8.0)]);
}
