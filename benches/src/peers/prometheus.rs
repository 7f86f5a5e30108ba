//! The `prometheus` crate's `IntCounterVec`.

use std::hint::black_box;

use prometheus::core::Collector;
use prometheus::{IntCounter, IntCounterVec, Opts, TextEncoder};

use crate::delivery::Delivery;
use crate::one_handle::OneHandle;
use crate::page::write_text;
use crate::path::RequestPath;
use crate::recorder::Recorder;
use crate::workload::Workload;

fn requests_total() -> prometheus::Result<IntCounterVec> {
    IntCounterVec::new(Opts::new("requests_total", "Requests by path."), &["path"])
}

fn sum(counters: &IntCounterVec) -> u64 {
    let families = counters.collect();
    let counts = families.iter().flat_map(|family| family.get_metric());
    counts.map(|metric| metric.get_counter().get_value() as u64).sum()
}

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
        Ok(Self { counters: requests_total()? })
    }
}

impl Recorder<RequestPath> for PrometheusRequests {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.counters.with_label_values(&[path.text]).inc();
    }

    fn recorded(&self) -> Option<u64> {
        Some(sum(&self.counters))
    }

    fn gather(&self) -> bool {
        black_box(self.counters.collect());
        true
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        write_text(page, |text| TextEncoder::new().encode_utf8(&self.counters.collect(), text)).is_ok()
    }
}

/// Requests by the counter of each path.
#[derive(Debug)]
pub struct PrometheusHandles {
    counters: IntCounterVec,
    handles: Vec<IntCounter>,
}

impl PrometheusHandles {
    /// A counter for each path of `requests`.
    ///
    /// # Errors
    ///
    /// If the crate does not take the metric's name or label.
    pub fn new(requests: &Workload<RequestPath>) -> prometheus::Result<Self> {
        let counters = requests_total()?;
        let handles = requests.items().iter().map(|path| counters.with_label_values(&[path.text])).collect();
        Ok(Self { counters, handles })
    }
}

impl Recorder<RequestPath> for PrometheusHandles {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.handles[path.number].inc();
    }

    fn recorded(&self) -> Option<u64> {
        Some(sum(&self.counters))
    }

    fn gather(&self) -> bool {
        black_box(self.counters.collect());
        true
    }
}

/// Requests, all by the counter of one path.
///
/// # Errors
///
/// If the crate does not take the metric's name or label.
pub fn one_handle(path: RequestPath) -> prometheus::Result<impl Recorder<RequestPath>> {
    let counters = requests_total()?;
    let handle = counters.with_label_values(&[path.text]);
    Ok(OneHandle::new(handle, IntCounter::inc, move || Some(sum(&counters))))
}

/// Deliveries in a counter with four labels: one increment for each name.
#[derive(Debug)]
pub struct PrometheusDeliveries {
    counters: IntCounterVec,
    names: u64,
}

impl PrometheusDeliveries {
    /// An empty counter.
    ///
    /// # Errors
    ///
    /// If the crate does not take the metric's name or labels.
    pub fn new(deliveries: &Workload<Delivery>) -> prometheus::Result<Self> {
        let opts = Opts::new("values_total", "Values by endpoint, target, caller and config name.");
        let labels = ["endpoint", "target", "caller", "config_name"];
        let names = deliveries.items()[0].names.len() as u64;
        Ok(Self { counters: IntCounterVec::new(opts, &labels)?, names })
    }
}

impl Recorder<Delivery> for PrometheusDeliveries {
    #[inline(always)]
    fn record(&self, delivery: &Delivery) {
        for name in &*delivery.names {
            self.counters
                .with_label_values(&[delivery.endpoint, delivery.target, &delivery.caller, name])
                .inc();
        }
    }

    fn recorded(&self) -> Option<u64> {
        Some(sum(&self.counters) / self.names)
    }

    fn gather(&self) -> bool {
        black_box(self.counters.collect());
        true
    }
}
