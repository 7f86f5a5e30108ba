//! The `measured` crate's counter, its labels interned by `paracord`.
//!
//! It interns by reference, so no label is copied for a record; endpoint, target, caller and name are looked up one by one.

use std::fmt;
use std::mem;

use measured::metric::name::MetricName;
use measured::metric::{LabelId, MetricFamilyEncoding};
use measured::text::TextEncoder;
use measured::{CounterVec, LabelGroup};
use paracord::ParaCord;

use crate::delivery::Delivery;
use crate::page;
use crate::path::RequestPath;
use crate::recorder::Recorder;
use crate::workload::Workload;

const REQUESTS: &str = "requests_total";
const VALUES: &str = "values_total";

#[derive(Clone, Copy, LabelGroup)]
#[label(set = RequestLabels)]
struct RequestLabel<'a> {
    #[label(dynamic_with = ParaCord, default)]
    path: &'a str,
}

#[derive(Clone, Copy, LabelGroup)]
#[label(set = ValueLabels)]
struct ValueLabel<'a> {
    #[label(dynamic_with = ParaCord, default)]
    endpoint: &'a str,
    #[label(dynamic_with = ParaCord, default)]
    target: &'a str,
    #[label(dynamic_with = ParaCord, default)]
    caller: &'a str,
    #[label(dynamic_with = ParaCord, default)]
    config_name: &'a str,
}

/// Replaces `page` by the samples of `counters`.
fn encode<C>(counters: &C, name: &'static str, page: &mut Vec<u8>) -> bool
where
    C: MetricFamilyEncoding<TextEncoder<Vec<u8>>>,
{
    page.clear();
    let mut encoder = TextEncoder::new(mem::take(page));
    let done = counters.collect_family_into(MetricName::from_str(name), &mut encoder).is_ok();
    *page = encoder.writer;
    done
}

/// The sum over the samples of `counters`.
fn sum<C>(counters: &C, name: &'static str) -> Option<u64>
where
    C: MetricFamilyEncoding<TextEncoder<Vec<u8>>>,
{
    let mut bytes = Vec::new();
    encode(counters, name, &mut bytes).then(|| page::sum(&String::from_utf8_lossy(&bytes), name))
}

/// Requests in a counter with one label.
pub struct MeasuredRequests {
    counters: CounterVec<RequestLabels>,
}

impl Default for MeasuredRequests {
    fn default() -> Self {
        Self { counters: CounterVec::with_label_set(RequestLabels::new()) }
    }
}

impl fmt::Debug for MeasuredRequests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeasuredRequests").finish_non_exhaustive()
    }
}

impl Recorder<RequestPath> for MeasuredRequests {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.counters.inc(RequestLabel { path: path.text });
    }

    fn recorded(&self) -> Option<u64> {
        sum(&self.counters, REQUESTS)
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        encode(&self.counters, REQUESTS, page)
    }
}

/// Requests by the number that the crate gives each path.
pub struct MeasuredHandles {
    requests: MeasuredRequests,
    handles: Vec<LabelId<RequestLabels>>,
}

impl MeasuredHandles {
    /// A number for each path of `requests`.
    #[must_use]
    pub fn new(requests: &Workload<RequestPath>) -> Self {
        let family = MeasuredRequests::default();
        let paths = requests.items().iter();
        let handles =
            paths.map(|path| family.counters.with_labels(RequestLabel { path: path.text })).collect();
        Self { requests: family, handles }
    }
}

impl fmt::Debug for MeasuredHandles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeasuredHandles").field("requests", &self.requests).finish_non_exhaustive()
    }
}

impl Recorder<RequestPath> for MeasuredHandles {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.requests.counters.get_metric(self.handles[path.number]).inc();
    }

    fn recorded(&self) -> Option<u64> {
        self.requests.recorded()
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        self.requests.encode(page)
    }
}

/// Deliveries in a counter with four labels: one increment for each name.
pub struct MeasuredDeliveries {
    counters: CounterVec<ValueLabels>,
    names: u64,
}

impl MeasuredDeliveries {
    /// An empty counter.
    #[must_use]
    pub fn new(deliveries: &Workload<Delivery>) -> Self {
        let names = deliveries.items()[0].names.len() as u64;
        Self { counters: CounterVec::with_label_set(ValueLabels::new()), names }
    }
}

impl fmt::Debug for MeasuredDeliveries {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MeasuredDeliveries").finish_non_exhaustive()
    }
}

impl Recorder<Delivery> for MeasuredDeliveries {
    #[inline(always)]
    fn record(&self, delivery: &Delivery) {
        for name in &*delivery.names {
            self.counters.inc(ValueLabel {
                endpoint: delivery.endpoint,
                target: delivery.target,
                caller: &delivery.caller,
                config_name: name,
            });
        }
    }

    fn recorded(&self) -> Option<u64> {
        Some(sum(&self.counters, VALUES)? / self.names)
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        encode(&self.counters, VALUES, page)
    }
}
