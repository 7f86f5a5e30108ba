//! The `prometheus` crate's `IntCounterVec`.

use prometheus::core::Collector;
use prometheus::{IntCounterVec, Opts};

use crate::delivery::{Delivery, ENDPOINT, NAMES, TARGET};
use crate::path::RequestPath;
use crate::recorder::Recorder;

/// Requests in a counter with one label.
#[derive(Debug)]
pub struct PrometheusRequests {
    counters: IntCounterVec,
}

impl PrometheusRequests {
    /// An empty counter.
    ///
    /// # Errors
    ///
    /// If the crate does not take the metric's name or label.
    pub fn new() -> prometheus::Result<Self> {
        let opts = Opts::new("requests_total", "Requests by path.");
        Ok(Self { counters: IntCounterVec::new(opts, &["path"])? })
    }
}

impl Recorder<RequestPath> for PrometheusRequests {
    #[inline]
    fn record(&self, path: &RequestPath) {
        self.counters.with_label_values(&[path.text]).inc();
    }

    fn recorded(&self) -> Option<u64> {
        Some(sum(&self.counters))
    }
}

/// Deliveries in a counter with four labels: one increment for each name.
#[derive(Debug)]
pub struct PrometheusDeliveries {
    counters: IntCounterVec,
}

impl PrometheusDeliveries {
    /// An empty counter.
    ///
    /// # Errors
    ///
    /// If the crate does not take the metric's name or labels.
    pub fn new() -> prometheus::Result<Self> {
        let opts = Opts::new("values_total", "Values by endpoint, target, caller and config name.");
        let labels = ["endpoint", "target", "caller", "config_name"];
        Ok(Self { counters: IntCounterVec::new(opts, &labels)? })
    }
}

impl Recorder<Delivery> for PrometheusDeliveries {
    #[inline]
    fn record(&self, delivery: &Delivery) {
        for name in NAMES {
            self.counters.with_label_values(&[ENDPOINT, TARGET, delivery.caller.as_str(), name]).inc();
        }
    }

    fn recorded(&self) -> Option<u64> {
        Some(sum(&self.counters) / NAMES.len() as u64)
    }
}

fn sum(counters: &IntCounterVec) -> u64 {
    let families = counters.collect();
    let counts = families.iter().flat_map(|family| family.get_metric());
    counts.map(|metric| metric.get_counter().get_value() as u64).sum()
}
