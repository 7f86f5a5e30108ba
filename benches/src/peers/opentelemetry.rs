//! The `opentelemetry_sdk` crate's counter, read on demand: nothing is exported in the background.

use std::fmt;
use std::hint::black_box;
use std::sync::{Arc, Weak};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{BoundCounter, Counter, MeterProvider};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::reader::MetricReader;
use opentelemetry_sdk::metrics::{
    InstrumentKind, ManualReader, Pipeline, SdkMeterProvider, Stream, Temporality,
};

use crate::delivery::Delivery;
use crate::path::RequestPath;
use crate::recorder::Recorder;
use crate::workload::Workload;

/// A reader that stays at hand after the provider has taken it.
#[derive(Debug, Clone)]
struct SharedReader(Arc<ManualReader>);

impl MetricReader for SharedReader {
    fn register_pipeline(&self, pipeline: Weak<Pipeline>) {
        self.0.register_pipeline(pipeline);
    }

    fn collect(&self, metrics: &mut ResourceMetrics) -> OTelSdkResult {
        self.0.collect(metrics)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.0.force_flush()
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.0.shutdown_with_timeout(timeout)
    }

    fn temporality(&self, kind: InstrumentKind) -> Temporality {
        self.0.temporality(kind)
    }
}

/// A provider with one counter, and the reader of its counts.
#[derive(Debug)]
struct Pipe {
    // The reader reads only as long as the provider lives.
    _provider: SdkMeterProvider,
    reader: SharedReader,
    counter: Counter<u64>,
}

impl Pipe {
    /// A counter with room for so many series: the default is 2,000.
    fn new(series: usize) -> Self {
        let reader = SharedReader(Arc::new(ManualReader::builder().build()));
        let room = series + 1;
        let provider = SdkMeterProvider::builder()
            .with_reader(reader.clone())
            .with_view(move |_: &_| Stream::builder().with_cardinality_limit(room).build().ok())
            .build();
        let counter = provider.meter("benches").u64_counter("records").build();
        Self { _provider: provider, reader, counter }
    }

    fn collect(&self) -> Option<ResourceMetrics> {
        let mut metrics = ResourceMetrics::default();
        self.reader.collect(&mut metrics).ok()?;
        Some(metrics)
    }

    fn gather(&self) -> bool {
        black_box(self.collect()).is_some()
    }

    fn sum(&self) -> Option<u64> {
        let collected = self.collect()?;
        let metrics = collected.scope_metrics().flat_map(|scope| scope.metrics());
        let counts = metrics.map(|metric| match metric.data() {
            AggregatedMetrics::U64(MetricData::Sum(sum)) => {
                sum.data_points().map(|point| point.value()).sum()
            }
            _ => 0,
        });
        Some(counts.sum())
    }
}

/// Requests by `add` with the path as an owned attribute, which a path that is not `'static` has to be.
#[derive(Debug)]
pub struct OpenTelemetryRequests {
    pipe: Pipe,
}

impl OpenTelemetryRequests {
    /// An empty counter with room for all paths of `requests`.
    #[must_use]
    pub fn new(requests: &Workload<RequestPath>) -> Self {
        Self { pipe: Pipe::new(requests.items().len()) }
    }
}

impl Recorder<RequestPath> for OpenTelemetryRequests {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.pipe.counter.add(1, &[KeyValue::new("path", path.text.to_owned())]);
    }

    fn recorded(&self) -> Option<u64> {
        self.pipe.sum()
    }

    fn gather(&self) -> bool {
        self.pipe.gather()
    }
}

/// Requests by the bound counter of each path: an experimental feature of the crate.
pub struct OpenTelemetryHandles {
    pipe: Pipe,
    handles: Vec<BoundCounter<u64>>,
}

impl OpenTelemetryHandles {
    /// A bound counter for each path of `requests`.
    #[must_use]
    pub fn new(requests: &Workload<RequestPath>) -> Self {
        let pipe = Pipe::new(requests.items().len());
        let handles =
            requests.items().iter().map(|path| pipe.counter.bind(&[KeyValue::new("path", path.text)]));
        Self { handles: handles.collect(), pipe }
    }
}

impl fmt::Debug for OpenTelemetryHandles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenTelemetryHandles").field("pipe", &self.pipe).finish_non_exhaustive()
    }
}

impl Recorder<RequestPath> for OpenTelemetryHandles {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.handles[path.number].add(1);
    }

    fn recorded(&self) -> Option<u64> {
        self.pipe.sum()
    }

    fn gather(&self) -> bool {
        self.pipe.gather()
    }
}

/// Deliveries by `add` with four attributes, once for each name: caller and name owned.
#[derive(Debug)]
pub struct OpenTelemetryDeliveries {
    pipe: Pipe,
    names: u64,
}

impl OpenTelemetryDeliveries {
    /// An empty counter with room for all callers and names of `deliveries`.
    #[must_use]
    pub fn new(deliveries: &Workload<Delivery>) -> Self {
        let (callers, names) = (deliveries.items().len(), deliveries.items()[0].names.len());
        Self { pipe: Pipe::new(callers * names), names: names as u64 }
    }
}

impl Recorder<Delivery> for OpenTelemetryDeliveries {
    #[inline(always)]
    fn record(&self, delivery: &Delivery) {
        for name in &*delivery.names {
            let labels = [
                KeyValue::new("endpoint", delivery.endpoint),
                KeyValue::new("target", delivery.target),
                KeyValue::new("caller", delivery.caller.clone()),
                KeyValue::new("config_name", name.clone()),
            ];
            self.pipe.counter.add(1, &labels);
        }
    }

    fn recorded(&self) -> Option<u64> {
        Some(self.pipe.sum()? / self.names)
    }

    fn gather(&self) -> bool {
        self.pipe.gather()
    }
}
