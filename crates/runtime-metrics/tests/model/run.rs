//! A registry and its model, side by side.

use std::time::Duration;

use runtime_metrics::{DeliveryPlan, Metrics, RequestCounter, Snapshot};

use super::{Limits, Model};

/// One operation on a registry. The numbers pick among the handles there are, modulo their count; without any,
/// nothing is done.
#[derive(Debug, Clone)]
pub(crate) enum Operation {
    Request(String),
    Delivery { endpoint: String, target: String, names: Vec<String>, caller: String },
    PrepareRequest(String),
    PreparedRequest(u8),
    DropRequestCounter(u8),
    PreparePlan { endpoint: String, target: String, names: Vec<String> },
    PlannedDelivery(u8, String),
    DropPlan(u8),
    Snapshot,
    SnapshotWithin,
    Reset,
}

/// A registry, its model, and what was made from them.
#[derive(Debug)]
pub(crate) struct Run {
    metrics: Metrics,
    limits: Limits,
    /// The open window.
    model: Model,
    /// The windows that resets ended, with what the resets returned.
    ended: Vec<(Model, Snapshot)>,
    counters: Vec<RequestCounter>,
    plans: Vec<DeliveryPlan>,
    /// Cuts so far, hence the newest sequence number.
    cuts: u64,
}

impl Run {
    pub(crate) fn new(limits: Limits) -> Self {
        let metrics = Metrics::builder()
            .request_series_limit(limits.request_series as u32)
            .delivery_series_limit(limits.delivery_series as u32)
            .max_label_bytes(limits.label_bytes)
            .build()
            .unwrap();
        Self {
            metrics,
            limits,
            model: Model::new(limits),
            ended: Vec::new(),
            counters: Vec::new(),
            plans: Vec::new(),
            cuts: 0,
        }
    }

    /// Checks the open window, and that nothing that was recorded later shows in what the resets returned.
    pub(crate) fn finish(mut self) {
        self.apply(&Operation::Snapshot);
        for (model, snapshot) in &self.ended {
            model.assert_shown_by(snapshot);
        }
    }

    /// Does the operation on a thread that has never recorded before, and ends with it.
    pub(crate) fn apply_on_fresh_thread(&mut self, operation: &Operation) {
        std::thread::scope(|scope| scope.spawn(|| self.apply(operation)).join().unwrap());
    }

    pub(crate) fn apply(&mut self, operation: &Operation) {
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
            Operation::PreparedRequest(number) => {
                if let Some(pick) = pick(*number, &self.counters) {
                    self.counters[pick].record();
                    self.model.record_request(self.counters[pick].path());
                }
            }
            Operation::DropRequestCounter(number) => {
                if let Some(pick) = pick(*number, &self.counters) {
                    drop(self.counters.swap_remove(pick));
                }
            }
            Operation::PreparePlan { endpoint, target, names } => {
                self.plans.push(self.metrics.delivery_plan(endpoint, target, names));
            }
            Operation::PlannedDelivery(number, caller) => {
                if let Some(pick) = pick(*number, &self.plans) {
                    let plan = &self.plans[pick];
                    plan.record(caller);
                    let names: Vec<String> = plan.config_names().map(str::to_owned).collect();
                    self.model.record_config_delivery(plan.endpoint_name(), plan.target(), &names, caller);
                }
            }
            Operation::DropPlan(number) => {
                if let Some(pick) = pick(*number, &self.plans) {
                    drop(self.plans.swap_remove(pick));
                }
            }
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
                let snapshot = self.metrics.reset();
                self.check_cut(&snapshot);
                let model = std::mem::replace(&mut self.model, Model::new(self.limits));
                self.ended.push((model, snapshot));
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

fn pick<T>(number: u8, of: &[T]) -> Option<usize> {
    usize::from(number).checked_rem(of.len())
}
