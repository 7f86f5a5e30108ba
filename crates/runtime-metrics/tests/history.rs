//! Random histories of all operations show the same in a registry as in the naive model.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod model;

use model::{Limits, Model};
use proptest::prelude::*;
use runtime_metrics::{DeliveryPlan, Metrics, OVERFLOW_LABEL, RequestCounter, Snapshot};
use std::time::Duration;

/// One operation on a registry.
#[derive(Debug, Clone)]
enum Operation {
    Request(String),
    Delivery { endpoint: String, target: String, names: Vec<String>, caller: String },
    PrepareRequest(String),
    PreparedRequest(usize),
    PreparePlan { endpoint: String, target: String, names: Vec<String> },
    PlannedDelivery(usize, String),
    Snapshot,
    SnapshotWithin,
    Reset,
}

/// Labels that meet often, in all their spellings, among some that never do.
fn label() -> impl Strategy<Value = String> {
    let alphabet = ["api", "web", "", "ΌΣ", "İx", "a\u{301}", "\u{202e}rtl", "nul\0", "😀", OVERFLOW_LABEL];
    let known =
        (prop::sample::select(alphabet.to_vec()), 0..6_u8).prop_map(|(label, spelling)| match spelling {
            0 => format!(" {label}\t"),
            1 => format!("\u{1f}{label}\u{3000}"),
            2 => label.to_uppercase(),
            _ => label.to_owned(),
        });
    prop_oneof![8 => known, 1 => any::<String>(), 1 => "[a-z]{0,40}"]
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let few = prop::collection::vec(label(), 0..5);
    let many = (label(), 0..600_usize).prop_map(|(name, count)| vec![name; count]);
    prop_oneof![9 => few, 1 => many]
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        8 => label().prop_map(Operation::Request),
        8 => (label(), label(), names(), label())
            .prop_map(|(endpoint, target, names, caller)| Operation::Delivery { endpoint, target, names, caller }),
        1 => label().prop_map(Operation::PrepareRequest),
        4 => any::<usize>().prop_map(Operation::PreparedRequest),
        1 => (label(), label(), names())
            .prop_map(|(endpoint, target, names)| Operation::PreparePlan { endpoint, target, names }),
        4 => (any::<usize>(), label()).prop_map(|(plan, caller)| Operation::PlannedDelivery(plan, caller)),
        2 => Just(Operation::Snapshot),
        1 => Just(Operation::SnapshotWithin),
        1 => Just(Operation::Reset),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    (1..8_usize, 1..8_usize, prop_oneof![1..12_usize, Just(1_024)]).prop_map(
        |(request_series, delivery_series, label_bytes)| Limits {
            request_series,
            delivery_series,
            label_bytes,
        },
    )
}

/// A registry, its model, and the handles made so far.
struct Run {
    metrics: Metrics,
    model: Model,
    limits: Limits,
    counters: Vec<RequestCounter>,
    plans: Vec<DeliveryPlan>,
    cuts: u64,
}

impl Run {
    fn new(limits: Limits) -> Self {
        let metrics = Metrics::builder()
            .request_series_limit(limits.request_series as u32)
            .delivery_series_limit(limits.delivery_series as u32)
            .max_label_bytes(limits.label_bytes)
            .build()
            .unwrap();
        Self { metrics, model: Model::new(limits), limits, counters: Vec::new(), plans: Vec::new(), cuts: 0 }
    }

    fn apply(&mut self, operation: &Operation) {
        match operation {
            Operation::Request(path) => {
                self.metrics.record_request(path);
                self.model.record_request(path);
            }
            Operation::Delivery { endpoint, target, names, caller } => {
                self.metrics.record_config_delivery(endpoint, target, names, caller);
                self.model.record_config_delivery(endpoint, target, names, caller);
            }
            Operation::PrepareRequest(path) => self.counters.push(self.metrics.request_counter(path)),
            Operation::PreparedRequest(pick) if !self.counters.is_empty() => {
                let counter = &self.counters[pick % self.counters.len()];
                counter.record();
                self.model.record_request(counter.path());
            }
            Operation::PreparePlan { endpoint, target, names } => {
                self.plans.push(self.metrics.delivery_plan(endpoint, target, names));
            }
            Operation::PlannedDelivery(pick, caller) if !self.plans.is_empty() => {
                let plan = &self.plans[pick % self.plans.len()];
                plan.record(caller);
                let names: Vec<String> = plan.config_names().map(str::to_owned).collect();
                self.model.record_config_delivery(plan.endpoint_name(), plan.target(), &names, caller);
            }
            Operation::PreparedRequest(_) | Operation::PlannedDelivery(..) => {}
            Operation::Snapshot => {
                let snapshot = self.metrics.snapshot();
                self.check_cut(&snapshot);
                assert_eq!(self.metrics.latest(), snapshot);
                assert_eq!(self.metrics.snapshot_within(Duration::MAX), snapshot);
            }
            Operation::SnapshotWithin => {
                let before = self.metrics.latest().sequence();
                let snapshot = self.metrics.snapshot_within(Duration::ZERO);
                if snapshot.sequence() > before {
                    self.check_cut(&snapshot);
                }
            }
            Operation::Reset => {
                let ended = self.metrics.reset();
                self.check_cut(&ended);
                self.model = Model::new(self.limits);
                self.model.assert_shown_by(&self.metrics.latest());
            }
        }
    }

    fn check_cut(&mut self, snapshot: &Snapshot) {
        self.cuts += 1;
        assert_eq!(snapshot.sequence(), self.cuts);
        self.model.assert_shown_by(snapshot);
        let (requests, deliveries) = (snapshot.requests().occupancy(), snapshot.served_config().occupancy());
        assert!(requests.series() as usize <= self.limits.request_series);
        assert!(deliveries.series() as usize <= self.limits.delivery_series);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_history_shows_the_same_as_in_the_naive_model(
        limits in limits(),
        history in prop::collection::vec(operation(), 1..120),
    ) {
        let mut run = Run::new(limits);
        for operation in &history {
            run.apply(operation);
        }
        run.apply(&Operation::Snapshot);
    }

    #[test]
    fn a_history_made_by_ever_new_threads_shows_the_same_as_in_the_naive_model(
        limits in limits(),
        history in prop::collection::vec(operation(), 1..40),
    ) {
        let mut run = Run::new(limits);
        for operation in &history {
            std::thread::scope(|scope| scope.spawn(|| run.apply(operation)).join().unwrap());
        }
        run.apply(&Operation::Snapshot);
    }
}
