//! The `prometheus-client` crate's `Family`.
//!
//! Its look-up takes a reference to the whole label set, so labels that come from outside are copied for each record.

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::Registry;

use crate::delivery::Delivery;
use crate::page::{self, write_text};
use crate::path::RequestPath;
use crate::recorder::Recorder;
use crate::workload::Workload;

/// As pages call them; the crate appends `_total`.
const REQUESTS: &str = "requests";
const VALUES: &str = "values";

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct RequestLabels {
    path: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
struct ValueLabels {
    endpoint: String,
    target: String,
    caller: String,
    config_name: String,
}

/// The sum over the samples of the metric with this name.
fn sum(registry: &Registry, name: &str) -> Option<u64> {
    let mut text = String::new();
    text::encode(&mut text, registry).ok()?;
    Some(page::sum(&text, &format!("{name}_total")))
}

/// Requests in a family with one label.
#[derive(Debug)]
pub struct ClientRequests {
    registry: Registry,
    family: Family<RequestLabels, Counter>,
}

impl Default for ClientRequests {
    fn default() -> Self {
        let (mut registry, family) = (Registry::default(), Family::default());
        registry.register(REQUESTS, "Requests by path", Family::clone(&family));
        Self { registry, family }
    }
}

impl Recorder<RequestPath> for ClientRequests {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.family.get_or_create(&RequestLabels { path: path.text.to_owned() }).inc();
    }

    fn recorded(&self) -> Option<u64> {
        sum(&self.registry, REQUESTS)
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        write_text(page, |text| text::encode(text, &self.registry)).is_ok()
    }
}

/// Requests by the counter of each path.
#[derive(Debug)]
pub struct ClientHandles {
    requests: ClientRequests,
    handles: Vec<Counter>,
}

impl ClientHandles {
    /// A counter for each path of `requests`.
    #[must_use]
    pub fn new(requests: &Workload<RequestPath>) -> Self {
        let family = ClientRequests::default();
        let labels = requests.items().iter().map(|path| RequestLabels { path: path.text.to_owned() });
        let handles = labels.map(|labels| family.family.get_or_create_owned(&labels)).collect();
        Self { requests: family, handles }
    }
}

impl Recorder<RequestPath> for ClientHandles {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.handles[path.number].inc();
    }

    fn recorded(&self) -> Option<u64> {
        self.requests.recorded()
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        self.requests.encode(page)
    }
}

/// Deliveries in a family with four labels: one increment for each name.
#[derive(Debug)]
pub struct ClientDeliveries {
    registry: Registry,
    family: Family<ValueLabels, Counter>,
    names: u64,
}

impl ClientDeliveries {
    /// An empty family.
    #[must_use]
    pub fn new(deliveries: &Workload<Delivery>) -> Self {
        let (mut registry, family) = (Registry::default(), Family::default());
        registry.register(VALUES, "Values by all labels", Family::clone(&family));
        Self { registry, family, names: deliveries.items()[0].names.len() as u64 }
    }
}

impl Recorder<Delivery> for ClientDeliveries {
    #[inline(always)]
    fn record(&self, delivery: &Delivery) {
        // One set for all names, of which only the name is written anew: the crate at its best.
        let mut labels = ValueLabels {
            endpoint: delivery.endpoint.to_owned(),
            target: delivery.target.to_owned(),
            caller: delivery.caller.clone(),
            config_name: String::new(),
        };
        for name in &*delivery.names {
            labels.config_name.clone_from(name);
            self.family.get_or_create(&labels).inc();
        }
    }

    fn recorded(&self) -> Option<u64> {
        Some(sum(&self.registry, VALUES)? / self.names)
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        write_text(page, |text| text::encode(text, &self.registry)).is_ok()
    }
}
