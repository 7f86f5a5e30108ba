//! This project's ways to record.

use std::error::Error;
use std::hint::black_box;

use runtime_exposition::{Exposition, ExpositionError};
use runtime_metrics::{BuildError, DeliveryPlan, Metrics, RequestCounter, Snapshot};

use crate::delivery::Delivery;
use crate::one_handle::OneHandle;
use crate::page::write_text;
use crate::path::RequestPath;
use crate::recorder::Recorder;
use crate::workload::Workload;

/// The default limits, or as many request series as there are paths.
fn registry(paths: usize) -> Result<Metrics, BuildError> {
    let limit = u32::try_from(paths).unwrap_or(u32::MAX);
    if limit <= 10_000 { Ok(Metrics::new()) } else { Metrics::builder().request_series_limit(limit).build() }
}

fn requests_in(snapshot: &Snapshot) -> u64 {
    snapshot.requests().requests_by_path().iter().map(|(_, count)| count).sum()
}

fn responses_in(snapshot: &Snapshot) -> u64 {
    snapshot.served_config().deliveries().map(|delivery| delivery.responses()).sum()
}

/// Requests, by string.
#[derive(Debug)]
pub struct RequestsByString {
    metrics: Metrics,
    exposition: Exposition,
}

impl RequestsByString {
    /// A recorder into a registry of one's own making.
    ///
    /// # Errors
    ///
    /// If the exposition does not take its default options.
    pub fn of(metrics: Metrics) -> Result<Self, ExpositionError> {
        Ok(Self { metrics, exposition: Exposition::builder().build()? })
    }

    /// A recorder with the default limits, or room for all paths of `requests`.
    ///
    /// # Errors
    ///
    /// If there are more paths than a registry can have series.
    pub fn new(requests: &Workload<RequestPath>) -> Result<Self, Box<dyn Error>> {
        Ok(Self::of(registry(requests.items().len())?)?)
    }
}

impl Recorder<RequestPath> for RequestsByString {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.metrics.record_request(path.text);
    }

    fn recorded(&self) -> Option<u64> {
        Some(requests_in(&self.metrics.snapshot()))
    }

    fn gather(&self) -> bool {
        black_box(self.metrics.snapshot());
        true
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        write_text(page, |text| self.exposition.prometheus_text(&self.metrics.snapshot(), text));
        true
    }
}

/// Requests, by a handle for each path.
#[derive(Debug)]
pub struct RequestsByHandle {
    metrics: Metrics,
    handles: Vec<RequestCounter>,
}

impl RequestsByHandle {
    /// A recorder into a registry of one's own making, with a handle for each path of `requests`.
    #[must_use]
    pub fn of(metrics: Metrics, requests: &Workload<RequestPath>) -> Self {
        let handles = requests.items().iter().map(|path| metrics.request_counter(path.text)).collect();
        Self { metrics, handles }
    }

    /// A recorder with a handle for each path of `requests`.
    ///
    /// # Errors
    ///
    /// If there are more paths than a registry can have series.
    pub fn new(requests: &Workload<RequestPath>) -> Result<Self, BuildError> {
        Ok(Self::of(registry(requests.items().len())?, requests))
    }
}

impl Recorder<RequestPath> for RequestsByHandle {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.handles[path.number].record();
    }

    fn recorded(&self) -> Option<u64> {
        Some(requests_in(&self.metrics.snapshot()))
    }

    fn gather(&self) -> bool {
        black_box(self.metrics.snapshot());
        true
    }
}

/// Requests, all by the handle for one path.
#[must_use]
pub fn one_handle(path: RequestPath) -> impl Recorder<RequestPath> {
    let metrics = Metrics::new();
    let handle = metrics.request_counter(path.text);
    OneHandle::new(handle, RequestCounter::record, move || Some(requests_in(&metrics.snapshot())))
}

/// Deliveries, by strings.
#[derive(Debug, Default)]
pub struct DeliveriesByString {
    metrics: Metrics,
}

impl DeliveriesByString {
    /// A recorder into a registry of one's own making.
    #[must_use]
    pub fn of(metrics: Metrics) -> Self {
        Self { metrics }
    }
}

impl Recorder<Delivery> for DeliveriesByString {
    #[inline(always)]
    fn record(&self, delivery: &Delivery) {
        self.metrics.record_config_delivery(
            delivery.endpoint,
            delivery.target,
            &delivery.names,
            &delivery.caller,
        );
    }

    fn recorded(&self) -> Option<u64> {
        Some(responses_in(&self.metrics.snapshot()))
    }

    fn gather(&self) -> bool {
        black_box(self.metrics.snapshot());
        true
    }
}

/// Deliveries, by a plan of the document; the caller by string.
#[derive(Debug)]
pub struct DeliveriesByPlan {
    metrics: Metrics,
    plan: DeliveryPlan,
}

impl DeliveriesByPlan {
    /// A recorder with a plan of the document of `deliveries`.
    #[must_use]
    pub fn new(deliveries: &Workload<Delivery>) -> Self {
        let metrics = Metrics::new();
        let first = &deliveries.items()[0];
        let plan = metrics.delivery_plan(first.endpoint, first.target, &first.names);
        Self { metrics, plan }
    }
}

impl Recorder<Delivery> for DeliveriesByPlan {
    #[inline(always)]
    fn record(&self, delivery: &Delivery) {
        self.plan.record(&delivery.caller);
    }

    fn recorded(&self) -> Option<u64> {
        Some(responses_in(&self.metrics.snapshot()))
    }

    fn gather(&self) -> bool {
        black_box(self.metrics.snapshot());
        true
    }
}
