use runtime_exposition::RequestLabel;
use runtime_metrics::Metrics;
use serde_json::{Value, json};

use super::*;

/// A registry whose history is shown snapshots at instants of the test's own choice.
struct Watched {
    metrics: Metrics,
    history: History,
    at: Duration,
}

impl Watched {
    fn new(callers: CallerLabels) -> Self {
        let mut watched =
            Self { metrics: Metrics::new(), history: History::new(callers), at: Duration::ZERO };
        watched.sample(0.0);
        watched
    }

    /// Shows a snapshot, so many seconds after the last one.
    fn sample(&mut self, seconds: f64) {
        self.at += Duration::from_secs_f64(seconds);
        self.history.record(self.at, &self.metrics.snapshot());
    }

    fn requests(&self, path: &str, count: u64) {
        (0..count).for_each(|_| self.metrics.record_request(path));
    }

    fn deliver(&self, target: &str, caller: &str) {
        self.metrics.record_config_delivery("config", target, &["A", "B"], caller);
    }

    fn document(&self) -> Value {
        serde_json::to_value(self.history.document(RequestLabel::Path)).unwrap()
    }

    /// A field of the intervals of a span.
    fn column(&self, span: usize, field: &str) -> Vec<Value> {
        let document = self.document();
        let intervals = document["spans"][span]["intervals"].as_array().unwrap();
        intervals.iter().map(|interval| interval[field].clone()).collect()
    }
}

#[test]
fn every_interval_has_what_was_counted_between_two_snapshots_and_its_own_length() {
    let mut watched = Watched::new(CallerLabels::Shown);
    watched.requests("/a", 3);
    watched.sample(1.0);
    watched.requests("/a", 1);
    watched.requests("/b", 1);
    watched.deliver("api", "local:api");
    watched.sample(1.25);
    watched.sample(0.75);

    assert_eq!(watched.column(0, "requests"), [3, 2, 0]);
    assert_eq!(watched.column(0, "responses"), [0, 1, 0]);
    assert_eq!(watched.column(0, "values"), [0, 2, 0]);
    assert_eq!(watched.column(0, "seconds"), [1.0, 1.25, 0.75]);
    let document = watched.document();
    let span = &document["spans"][0];
    assert_eq!(
        span["requests"],
        json!([{"path": "/a", "counts": [3, 1, 0]}, {"path": "/b", "counts": [0, 1, 0]}])
    );
    assert_eq!(
        span["deliveries"],
        json!([{"endpoint": "config", "target": "api", "caller": "local:api", "responses": [0, 1, 0]}])
    );
    assert!(watched.column(1, "requests").is_empty());
}

#[test]
fn a_snapshot_that_comes_too_soon_ends_no_interval_and_loses_nothing() {
    let mut watched = Watched::new(CallerLabels::Shown);
    watched.requests("/", 1);
    watched.sample(0.25);
    watched.requests("/", 1);
    watched.sample(0.25);
    watched.requests("/", 1);
    watched.sample(0.4);
    assert_eq!(watched.column(0, "requests"), [2]);
    watched.sample(0.2);
    assert_eq!(watched.column(0, "requests"), [2, 1]);
    assert_eq!(watched.column(0, "seconds"), [0.5, 0.6]);
}

#[test]
fn a_minute_and_ten_minutes_have_the_sums_of_their_seconds() {
    let mut watched = Watched::new(CallerLabels::Shown);
    for second in 1..=1_200 {
        watched.requests("/", second % 7);
        watched.sample(1.0);
    }
    let of_minute = |minute: u64| (minute * 60 + 1..=(minute + 1) * 60).map(|second| second % 7).sum::<u64>();
    assert_eq!(watched.column(0, "requests").len(), 60);
    assert_eq!(watched.column(1, "requests"), (0..20).map(of_minute).collect::<Vec<_>>());
    assert_eq!(
        watched.column(2, "requests"),
        [(0..10).map(of_minute).sum::<u64>(), (10..20).map(of_minute).sum()]
    );
    assert_eq!(watched.column(2, "seconds"), [600.0, 600.0]);
}

#[test]
fn where_nobody_looked_one_long_interval_covers_the_time() {
    let mut watched = Watched::new(CallerLabels::Shown);
    watched.requests("/", 5);
    watched.sample(200.0);
    for span in 0..2 {
        assert_eq!(watched.column(span, "requests"), [5]);
        assert_eq!(watched.column(span, "seconds"), [200.0]);
    }
}

#[test]
fn after_a_reset_no_count_is_negative_and_only_what_no_snapshot_had_is_missing() {
    let mut watched = Watched::new(CallerLabels::Shown);
    watched.requests("/before", 10);
    watched.sample(1.0);
    watched.requests("/unseen", 4);
    watched.metrics.reset();
    watched.requests("/after", 3);
    watched.sample(1.0);
    watched.requests("/before", 1);
    watched.sample(58.0);

    assert_eq!(watched.column(0, "requests"), [10, 3, 1]);
    assert_eq!(watched.column(0, "resets"), [0, 1, 0]);
    assert_eq!(watched.column(1, "requests"), [14]);
    assert_eq!(watched.column(1, "resets"), [1]);
    assert_eq!(
        watched.document()["spans"][1]["requests"],
        json!([{"path": "/before", "counts": [11]}, {"path": "/after", "counts": [3]}])
    );
}

#[test]
fn a_reset_every_second_leaves_whole_sums() {
    let mut watched = Watched::new(CallerLabels::Shown);
    for _ in 0..60 {
        watched.requests("/", 2);
        watched.sample(1.0);
        watched.metrics.reset();
    }
    assert_eq!(watched.column(1, "requests"), [120]);
    assert_eq!(watched.column(1, "resets"), [59]);
}

#[test]
fn a_snapshot_that_is_not_later_is_passed_over() {
    let (metrics, mut history) = (Metrics::new(), History::new(CallerLabels::Shown));
    let [first, second] = [(); 2].map(|()| {
        metrics.record_request("/");
        metrics.snapshot()
    });
    history.record(Duration::from_secs(1), &second);
    history.record(Duration::from_secs(2), &first);
    history.record(Duration::from_secs(3), &second);
    let document = serde_json::to_value(history.document(RequestLabel::Route)).unwrap();
    assert_eq!(document["spans"][0]["intervals"], json!([]));
    assert_eq!(document["sequence"], second.sequence());
}

#[test]
fn a_series_that_an_interval_does_not_list_has_no_count_there_unless_all_are_listed() {
    let mut watched = Watched::new(CallerLabels::Shown);
    for path in 0..=BUSIEST as u64 {
        watched.requests(&format!("/{path:02}"), 100 - path);
    }
    watched.sample(1.0);
    watched.requests("/10", 5);
    watched.sample(1.0);
    let document = watched.document();
    let series = document["spans"][0]["requests"].as_array().unwrap();
    assert_eq!(series.len(), BUSIEST + 1);
    assert_eq!(series[0], json!({"path": "/00", "counts": [100, 0]}));
    assert_eq!(series[BUSIEST], json!({"path": "/10", "counts": [null, 5]}));
}

#[test]
fn callers_are_shown_hashed_or_added_up() {
    let of = |callers| {
        let mut watched = Watched::new(callers);
        watched.deliver("api", "a");
        watched.deliver("api", "b");
        watched.deliver("api", "b");
        watched.sample(1.0);
        watched.document()["spans"][0]["deliveries"].clone()
    };
    let series = |caller: &str, count: u64| json!({"endpoint": "config", "target": "api", "caller": caller, "responses": [count]});
    assert_eq!(of(CallerLabels::Shown), json!([series("b", 2), series("a", 1)]));
    assert_eq!(
        of(CallerLabels::Hashed),
        json!([series("3e23e8160039594a", 2), series("ca978112ca1bbdca", 1)])
    );
    assert_eq!(of(CallerLabels::Dropped), json!([{"endpoint": "config", "target": "api", "responses": [3]}]));
}

#[test]
fn a_history_that_was_shown_nothing_says_so() {
    let document =
        serde_json::to_value(History::new(CallerLabels::Dropped).document(RequestLabel::Path)).unwrap();
    assert_eq!((&document["instanceId"], &document["sequence"]), (&Value::Null, &Value::Null));
    assert_eq!(
        document["spans"][2],
        json!({"intervalSeconds": 600, "capacity": 144, "intervals": [], "requests": [], "deliveries": []})
    );
}

#[test]
fn a_long_caller_has_the_hash_that_it_has_everywhere() {
    let mut watched = Watched::new(CallerLabels::Hashed);
    // The same as far as they would be kept.
    let callers = ["a", "b"].map(|end| format!("{}{end}", "c".repeat(LONGEST_LABEL)));
    callers.iter().for_each(|caller| watched.deliver("api", caller));
    watched.sample(1.0);
    let document = watched.document();
    let series = document["spans"][0]["deliveries"].as_array().unwrap();
    let shown: Vec<_> = series.iter().map(|series| series["caller"].as_str().unwrap()).collect();
    let mut expected = callers.each_ref().map(|caller| CallerLabels::Hashed.shown(caller).unwrap());
    expected.sort_unstable();
    assert_eq!(shown, expected);
}

#[test]
fn series_that_cut_labels_make_one_leave_no_zero_where_others_were_left_out() {
    let mut watched = Watched::new(CallerLabels::Shown);
    for tail in 0..BUSIEST {
        watched.requests(&format!("/{}{tail}", "x".repeat(LONGEST_LABEL)), 5);
    }
    watched.requests("/seldom", 1);
    watched.sample(1.0);
    watched.requests("/seldom", 2);
    watched.sample(1.0);
    let document = watched.document();
    let series = document["spans"][0]["requests"].as_array().unwrap();
    assert_eq!(series.len(), 2);
    assert_eq!(series[0]["counts"], json!([5 * BUSIEST, 0]));
    assert_eq!(series[1], json!({"path": "/seldom", "counts": [null, 2]}));
}

#[test]
fn resets_between_two_snapshots_are_noticed_as_one() {
    let mut watched = Watched::new(CallerLabels::Shown);
    watched.metrics.reset();
    watched.metrics.reset();
    watched.sample(1.0);
    assert_eq!(watched.column(0, "resets"), [1]);
}

/// What is wrong with the document by its schema.
fn faults(document: &Value) -> Vec<String> {
    let schema = serde_json::from_str(include_str!("../../../../docs/history.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    validator.iter_errors(document).map(|error| format!("{}: {error}", error.instance_path())).collect()
}

#[test]
fn every_document_is_valid_by_the_schema() {
    for callers in [CallerLabels::Shown, CallerLabels::Hashed, CallerLabels::Dropped] {
        assert_eq!(
            faults(&serde_json::to_value(History::new(callers).document(RequestLabel::Path)).unwrap()),
            [""; 0]
        );
        let mut watched = Watched::new(callers);
        for second in 0..700 {
            watched.requests(&format!("/{}", second % 13), second % 5);
            watched.deliver("api", &format!("local:{}", second % 17));
            if second % 100 == 0 {
                watched.metrics.reset();
            }
            watched.sample(1.0);
        }
        for label in [RequestLabel::Path, RequestLabel::Route] {
            let document = serde_json::to_value(watched.history.document(label)).unwrap();
            assert_eq!(document["spans"][2]["intervals"].as_array().unwrap().len(), 1);
            assert_eq!(faults(&document), [""; 0]);
        }
    }
}

#[test]
fn the_schema_refuses_what_is_no_history() {
    let mut watched = Watched::new(CallerLabels::Shown);
    watched.requests("/", 1);
    watched.deliver("api", "a");
    watched.sample(1.0);
    let good = watched.document();
    for (pointer, wrong) in [
        ("/schemaVersion", json!(2)),
        ("/sequence", json!(-1)),
        ("/takenAt", json!("yesterday")),
        ("/callers", json!("secret")),
        ("/spans", json!([])),
        ("/spans/0/intervals/0/seconds", json!(-1)),
        ("/spans/0/intervals/0", json!({})),
        ("/spans/0/requests/0/counts/0", json!("many")),
        ("/spans/0/requests/0", json!({"counts": [1]})),
        ("/spans/0/deliveries/0/endpoint", json!(null)),
        ("/spans/0/deliveries/0", json!({"endpoint": "e", "target": "t", "responses": [1]})), // no caller
    ] {
        let mut document = good.clone();
        *document.pointer_mut(pointer).unwrap() = wrong;
        assert_ne!(faults(&document), [""; 0], "{pointer}");
    }
}
