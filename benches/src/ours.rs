//! This project's ways to record.

use std::hint::black_box;

use runtime_metrics::{DeliveryPlan, Metrics, RequestCounter};

use crate::delivery::{Delivery, ENDPOINT, NAMES, TARGET};
use crate::path::RequestPath;
use crate::recorder::Recorder;
use crate::workload::Workload;

/// Requests, by string.
#[derive(Debug, Default)]
pub struct RequestsByString {
    metrics: Metrics,
}

impl Recorder<RequestPath> for RequestsByString {
    #[inline]
    fn record(&self, path: &RequestPath) {
        self.metrics.record_request(path.text);
    }

    fn recorded(&self) -> Option<u64> {
        Some(self.metrics.snapshot().requests().total_requests())
    }
}

/// Requests, by a handle for each path.
#[derive(Debug)]
pub struct RequestsByHandle {
    metrics: Metrics,
    handles: Vec<RequestCounter>,
}

impl RequestsByHandle {
    /// A recorder with a handle for each path of `requests`.
    #[must_use]
    pub fn new(requests: &Workload<RequestPath>) -> Self {
        let metrics = Metrics::new();
        let handles = requests.items().iter().map(|path| metrics.request_counter(path.text)).collect();
        Self { metrics, handles }
    }
}

impl Recorder<RequestPath> for RequestsByHandle {
    #[inline]
    fn record(&self, path: &RequestPath) {
        self.handles[path.number].record();
    }

    fn recorded(&self) -> Option<u64> {
        Some(self.metrics.snapshot().requests().total_requests())
    }
}

/// Deliveries, by strings.
#[derive(Debug, Default)]
pub struct DeliveriesByString {
    metrics: Metrics,
}

impl Recorder<Delivery> for DeliveriesByString {
    #[inline]
    fn record(&self, delivery: &Delivery) {
        let labels = black_box((ENDPOINT, TARGET, &NAMES[..])); // not constants to the compiler
        self.metrics.record_config_delivery(labels.0, labels.1, labels.2, &delivery.caller);
    }

    fn recorded(&self) -> Option<u64> {
        Some(self.metrics.snapshot().served_config().responses_total())
    }
}

/// Deliveries, by a plan of the document; the caller by string.
#[derive(Debug)]
pub struct DeliveriesByPlan {
    metrics: Metrics,
    plan: DeliveryPlan,
}

impl Default for DeliveriesByPlan {
    fn default() -> Self {
        let metrics = Metrics::new();
        let plan = metrics.delivery_plan(ENDPOINT, TARGET, &NAMES);
        Self { metrics, plan }
    }
}

impl Recorder<Delivery> for DeliveriesByPlan {
    #[inline]
    fn record(&self, delivery: &Delivery) {
        self.plan.record(&delivery.caller);
    }

    fn recorded(&self) -> Option<u64> {
        Some(self.metrics.snapshot().served_config().responses_total())
    }
}
