//! Deltas: whatever is recorded is told once.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;
use proptest::prelude::*;
use runtime_exposition::otlp::{Deltas, Interval};
use runtime_exposition::{CallerLabels, Exposition, RequestLabel};
use runtime_metrics::{Metrics, Snapshot};

use super::{delta, nanoseconds};
use crate::expected::{expected_deliveries, expected_requests, expected_values};
use crate::history::{Operation, caller_labels, exposition, recorded};
use crate::otlp_reader::Request;
use crate::reader::Labels;

type Sums = BTreeMap<(&'static str, Labels), u64>;

fn add(sums: &mut Sums, name: &'static str, series: BTreeMap<Labels, u64>) {
    for (labels, count) in series {
        *sums.entry((name, labels)).or_default() += count;
    }
}

/// Adds what a window has counted to `sums`.
fn add_window(sums: &mut Sums, callers: CallerLabels, window: &Snapshot) {
    add(sums, "requests", expected_requests(RequestLabel::Path, window));
    add(sums, "deliveries", expected_deliveries(callers, window));
    add(sums, "values", expected_values(callers, window));
    add(sums, "overflow", overflow(window));
}

/// The records of a window that overflowed.
fn overflow(window: &Snapshot) -> BTreeMap<Labels, u64> {
    [("deliveries", window.served_config().overflow()), ("requests", window.requests().overflow())]
        .map(|(family, overflow)| (crate::expected::labels([("family", family)]), overflow.records()))
        .into_iter()
        .filter(|(_, records)| *records > 0)
        .collect()
}

/// Adds what a request tells.
fn add_request(sums: &mut Sums, request: &Request) {
    for (name, metric) in [
        ("requests", "exp.http.requests"),
        ("deliveries", "exp.config.deliveries"),
        ("values", "exp.config.values_served"),
        ("overflow", "exp.series_overflow"),
    ] {
        let series = request.series(metric);
        assert!(series.values().all(|count| *count > 0), "what did not change is left out");
        add(sums, name, series);
    }
}

/// A sender, and a collector that adds up what arrives.
struct Pushes {
    exposition: Exposition,
    deltas: Deltas,
    told: Sums,
    cuts: u64,
    /// The times that intervals cover, with their windows.
    covered: Vec<(u64, u64, u64)>,
}

impl Pushes {
    fn new(callers: CallerLabels) -> Self {
        Self {
            exposition: exposition(RequestLabel::Path, callers),
            deltas: Deltas::new(),
            told: Sums::new(),
            cuts: 0,
            covered: Vec::new(),
        }
    }

    /// Sends all there is to send, of which `arriving` intervals arrive.
    fn push(&mut self, snapshot: &Snapshot, arriving: usize) {
        for _ in 0..arriving {
            let Some(interval) = self.deltas.next(snapshot) else { return };
            let request = delta(&self.exposition, &interval);
            self.check_times(&interval, &request);
            add_request(&mut self.told, &request);
            self.cuts += request.series("exp.snapshots").values().sum::<u64>();
            self.deltas.acknowledge(&interval);
        }
    }

    fn check_times(&mut self, interval: &Interval, request: &Request) {
        let (start, time) = (nanoseconds(interval.started_at()), nanoseconds(interval.until().taken_at()));
        for (name, metric) in &request.metrics {
            assert!(metric.temporality.is_none_or(|is| is == AggregationTemporality::Delta), "{name}");
            for point in &metric.points {
                let start = if metric.temporality.is_some() { start } else { 0 };
                assert_eq!((point.start, point.time), (start, time), "{name}");
            }
        }
        let window = interval.until().window_id();
        let last = self.covered.iter().rev().find(|(of, ..)| *of == window).map(|(.., time)| *time);
        let expected = last.unwrap_or_else(|| nanoseconds(interval.until().window_started_at()));
        assert_eq!(start, expected, "an interval begins where the last one of its window ended");
        self.covered.push((window, start, time));
    }
}

#[derive(Debug, Clone)]
enum Step {
    Record(Operation),
    /// Whoever resets tells so at once, or after the next push.
    Reset {
        is_told_late: bool,
    },
    Push {
        arriving: usize,
    },
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        8 => recorded().prop_map(Step::Record),
        2 => any::<bool>().prop_map(|is_told_late| Step::Reset { is_told_late }),
        4 => (0_usize..4).prop_map(|arriving| Step::Push { arriving }),
    ]
}

fn small() -> Metrics {
    Metrics::builder().request_series_limit(5).delivery_series_limit(5).max_label_bytes(40).build().unwrap()
}

proptest! {
    #[test]
    fn deltas_add_up_to_exactly_what_was_recorded(
        steps in prop::collection::vec(step(), 0..40),
        callers in caller_labels(),
    ) {
        let metrics = small();
        let mut pushes = Pushes::new(callers);
        let (mut recorded, mut late) = (Sums::new(), Vec::new());
        for step in steps {
            match step {
                Step::Record(operation) => operation.record(&metrics),
                Step::Reset { is_told_late } => {
                    let ended = metrics.reset();
                    add_window(&mut recorded, callers, &ended);
                    if is_told_late { late.push(ended) } else { pushes.deltas.window_ended(ended) }
                }
                Step::Push { arriving } => {
                    pushes.push(&metrics.snapshot(), arriving);
                    late.drain(..).for_each(|ended| pushes.deltas.window_ended(ended));
                }
            }
        }
        late.into_iter().for_each(|ended| pushes.deltas.window_ended(ended));
        let last = metrics.snapshot();
        add_window(&mut recorded, callers, &last);
        prop_assume!(pushes.deltas.lost_windows() == 0);
        pushes.push(&last, usize::MAX);
        prop_assert_eq!(&pushes.told, &recorded);
        prop_assert_eq!(pushes.cuts, last.sequence());
        prop_assert_eq!(pushes.deltas.next(&last), None);
    }

    #[test]
    fn of_resets_that_nobody_tells_only_the_rest_of_their_windows_is_lost_and_nothing_comes_twice(
        steps in prop::collection::vec(step(), 0..40),
        callers in caller_labels(),
    ) {
        let metrics = small();
        let mut pushes = Pushes::new(callers);
        let (mut recorded, mut pushed) = (Sums::new(), None::<Snapshot>);
        for step in steps {
            match step {
                Step::Record(operation) => operation.record(&metrics),
                Step::Reset { .. } => {
                    metrics.reset();
                    if let Some(last) = pushed.take() {
                        add_window(&mut recorded, callers, &last);
                    }
                }
                Step::Push { arriving } => {
                    let snapshot = metrics.snapshot();
                    pushes.push(&snapshot, arriving);
                    if arriving > 0 {
                        pushed = Some(snapshot);
                    }
                }
            }
        }
        if let Some(last) = pushed {
            add_window(&mut recorded, callers, &last);
        }
        prop_assert_eq!(pushes.told, recorded);
    }
}

/// What all intervals up to `snapshot` tell of requests.
fn requests(deltas: &mut Deltas, snapshot: &Snapshot) -> Vec<u64> {
    let exposition = exposition(RequestLabel::Path, CallerLabels::Shown);
    std::iter::from_fn(|| {
        let interval = deltas.next(snapshot)?;
        deltas.acknowledge(&interval);
        Some(delta(&exposition, &interval).series("exp.http.requests").values().sum())
    })
    .collect()
}

#[test]
fn what_was_known_at_the_beginning_is_not_told() {
    let metrics = Metrics::new();
    metrics.record_request("/");
    let mut deltas = Deltas::since(metrics.snapshot());
    metrics.record_request("/");
    assert_eq!(requests(&mut deltas, &metrics.snapshot()), [1]);
}

#[test]
fn a_snapshot_that_is_not_newer_than_what_was_told_has_nothing_to_tell() {
    let metrics = Metrics::new();
    let mut deltas = Deltas::new();
    assert_eq!(deltas.next(&metrics.latest()), None, "no cut was taken");
    metrics.record_request("/");
    let older = metrics.snapshot();
    metrics.record_request("/");
    assert_eq!(requests(&mut deltas, &metrics.snapshot()), [2]);
    assert_eq!(deltas.next(&older), None);
    assert_eq!(deltas.next(&metrics.latest()), None);
    metrics.reset();
    assert_eq!(deltas.next(&metrics.latest()), None, "an empty window that nobody has cut");
}

#[test]
fn an_interval_that_did_not_arrive_comes_again_with_what_was_counted_since() {
    let metrics = Metrics::new();
    let deltas = Deltas::new();
    let told = |count: u64| {
        metrics.record_request("/");
        let interval = deltas.next(&metrics.snapshot()).unwrap();
        assert_eq!(interval.until().requests().total_requests(), count);
        assert_eq!(interval.since(), None);
    };
    told(1);
    told(2);
}

#[test]
fn an_ended_window_is_told_before_its_successor_and_only_once() {
    let metrics = Metrics::new();
    let mut deltas = Deltas::new();
    metrics.record_request("/");
    assert_eq!(requests(&mut deltas, &metrics.snapshot()), [1]);
    metrics.record_request("/");
    metrics.record_request("/");
    let ended = metrics.reset();
    deltas.window_ended(ended.clone());
    deltas.window_ended(ended.clone());
    metrics.record_request("/");
    let snapshot = metrics.snapshot();
    assert_eq!(requests(&mut deltas, &snapshot), [2, 1]);
    deltas.window_ended(ended.clone());
    assert_eq!(deltas.next(&snapshot), None);
    assert_eq!(deltas.next(&ended), None, "its window is over");
    assert_eq!(deltas.lost_windows(), 0);
}

#[test]
fn the_oldest_ended_window_of_more_than_are_kept_is_lost_and_counted() {
    let metrics = Metrics::new();
    let mut deltas = Deltas::new();
    for window in 0..20_u64 {
        for _ in 0..=window {
            metrics.record_request("/");
        }
        deltas.window_ended(metrics.reset());
    }
    assert_eq!(deltas.lost_windows(), 4);
    let told = requests(&mut deltas, &metrics.snapshot());
    assert_eq!(told, (5..=20).chain([0]).collect::<Vec<_>>());
}

#[test]
fn windows_whose_end_is_not_told_do_not_pile_up() {
    let metrics = Metrics::new();
    let mut deltas = Deltas::new();
    let mut ended = Vec::new();
    for _ in 0..10 {
        metrics.record_request("/");
        assert_eq!(requests(&mut deltas, &metrics.snapshot()), [1]);
        metrics.record_request("/");
        ended.push(metrics.reset());
    }
    assert_eq!(deltas.lost_windows(), 6);
    ended.into_iter().for_each(|ended| deltas.window_ended(ended));
    let told = requests(&mut deltas, &metrics.snapshot());
    assert_eq!(told, [1, 1, 1, 1, 0], "the rest of the last four, and nothing of the others twice");
}

#[test]
fn the_windows_of_two_registries_are_never_mixed() {
    let (one, other) = (Metrics::new(), Metrics::new());
    one.record_request("/");
    other.record_request("/");
    let mut deltas = Deltas::new();
    assert_eq!(requests(&mut deltas, &one.snapshot()), [1]);
    one.record_request("/");
    assert_eq!(requests(&mut deltas, &other.snapshot()), [1]);
    assert_eq!(requests(&mut deltas, &one.snapshot()), [1]);
    assert_eq!(Interval::between(one.snapshot(), other.snapshot()), None);
}

#[test]
fn an_interval_is_between_two_snapshots_of_one_window_in_their_order() {
    let metrics = Metrics::new();
    let (first, second, ended) = (metrics.snapshot(), metrics.snapshot(), metrics.reset());
    let between = |since: &Snapshot, until: &Snapshot| Interval::between(since.clone(), until.clone());
    let interval = between(&first, &second).unwrap();
    assert_eq!((interval.since(), interval.until()), (Some(&first), &second));
    assert_eq!(interval.started_at(), first.taken_at());
    assert!(between(&first, &ended).is_some() && between(&first, &first).is_some());
    assert_eq!(between(&second, &first), None);
    assert_eq!(between(&first, &metrics.snapshot()), None);
    assert_eq!(Interval::of_window(second.clone()).started_at(), second.window_started_at());
}
