//! The delivery counters of one cut.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use once_cell::race::OnceBox;

use super::counts::{Counts, CountsBuilder};
use super::delivery::{DeliveryCount, ValueCount};
use super::occupancy::Occupancy;
use super::overflow::Overflow;
use crate::cut::Cut;
use crate::hashing::{LabelHash, label_hash};
use crate::label::OVERFLOW_LABEL;
use crate::series::{Plan, Series};
use crate::text::Label;
use crate::time_text::iso_8601;

/// Configuration deliveries, as of one cut.
///
/// *Consistency:* the three maps of responses each sum up to [`responses_total`](Self::responses_total), the
/// three maps of values to [`values_total`](Self::values_total), always: a delivery is in all of them or in none.
///
/// *Cost:* a clone is one reference count; the first read of any count derives all totals and maps from the
/// series, the first reads of [`deliveries`](Self::deliveries) and [`values`](Self::values) derive and sort these.
#[derive(Clone)]
pub struct ServedConfigMetricsSnapshot {
    part: Arc<Part>,
}

struct Part {
    cut: Arc<Cut>,
    occupancy: Occupancy,
    rejected: Box<[Arc<str>]>,
    overflow_label: Arc<str>,
    last_served: Option<SystemTime>,
    marginals: OnceBox<Marginals>,
    deliveries: OnceBox<Vec<DeliveryCount>>,
    values: OnceBox<Vec<ValueCount>>,
}

/// Totals and maps.
struct Marginals {
    responses_total: u64,
    values_total: u64,
    responses_by_endpoint: Counts,
    responses_by_target: Counts,
    responses_by_caller: Counts,
    values_by_target: Counts,
    values_by_caller: Counts,
    values_by_name: Counts,
    last_served_at: Option<String>,
    overflow: Overflow,
}

/// Deliveries of one series, or of all that kept no label.
struct Delivered<'a> {
    endpoint: &'a Arc<str>,
    target: &'a Arc<str>,
    caller: &'a Arc<str>,
    responses: u64,
    names: Names<'a>,
}

/// The names that deliveries served.
enum Names<'a> {
    /// Each of these in every delivery.
    Each(&'a [Label]),
    /// So many in all, under this label.
    InAll(&'a Arc<str>, u64),
}

impl ServedConfigMetricsSnapshot {
    pub(super) fn new(cut: Arc<Cut>, last_served: Option<SystemTime>) -> Self {
        let part = Part {
            occupancy: Occupancy::new(cut.tables.delivery_occupancy()),
            rejected: cut.tables.rejected_deliveries(),
            overflow_label: OVERFLOW_LABEL.into(),
            last_served,
            marginals: OnceBox::new(),
            deliveries: OnceBox::new(),
            values: OnceBox::new(),
            cut,
        };
        Self { part: Arc::new(part) }
    }

    /// Successful configuration responses.
    #[must_use]
    pub fn responses_total(&self) -> u64 {
        self.marginals().responses_total
    }

    /// Configuration values in them.
    #[must_use]
    pub fn values_total(&self) -> u64 {
        self.marginals().values_total
    }

    /// Responses by endpoint, normalised; one entry per endpoint.
    #[must_use]
    pub fn responses_by_endpoint(&self) -> &Counts {
        &self.marginals().responses_by_endpoint
    }

    /// Responses by target, normalised; one entry per target.
    #[must_use]
    pub fn responses_by_target(&self) -> &Counts {
        &self.marginals().responses_by_target
    }

    /// Responses by caller, normalised; one entry per caller.
    #[must_use]
    pub fn responses_by_caller(&self) -> &Counts {
        &self.marginals().responses_by_caller
    }

    /// Values by target; one entry per target that got a response, 0 where no response had a value.
    #[must_use]
    pub fn values_by_target(&self) -> &Counts {
        &self.marginals().values_by_target
    }

    /// Values by caller; one entry per caller that got a response, 0 where no response had a value.
    #[must_use]
    pub fn values_by_caller(&self) -> &Counts {
        &self.marginals().values_by_caller
    }

    /// Values by config name, as given; one entry per name.
    #[must_use]
    pub fn values_by_name(&self) -> &Counts {
        &self.marginals().values_by_name
    }

    /// When the last delivery was made, to a few milliseconds: ISO 8601, UTC. None if and only if
    /// [`responses_total`](Self::responses_total) is 0; else between the window's start and the cut. While a delivery
    /// is in progress at the cut it may be that one's time.
    #[must_use]
    pub fn last_served_at(&self) -> Option<&str> {
        self.marginals().last_served_at.as_deref()
    }

    /// [`last_served_at`](Self::last_served_at) as a time.
    #[must_use]
    pub fn last_served_instant(&self) -> Option<SystemTime> {
        self.part.last_served.filter(|_| self.responses_total() > 0)
    }

    /// The joint counts of responses: one item per (endpoint, target, caller), sorted.
    pub fn deliveries(&self) -> impl ExactSizeIterator<Item = &DeliveryCount> {
        self.part.deliveries.get_or_init(|| Box::new(self.part.derive_deliveries())).iter()
    }

    /// The joint counts of values: one item per (endpoint, target, caller, config name), sorted.
    pub fn values(&self) -> impl ExactSizeIterator<Item = &ValueCount> {
        self.part.values.get_or_init(|| Box::new(self.part.derive_values())).iter()
    }

    /// Deliveries of which a label was over a limit.
    #[must_use]
    pub fn overflow(&self) -> &Overflow {
        &self.marginals().overflow
    }

    /// Series (endpoint, target, caller, config names) in use, and their limit.
    #[must_use]
    pub fn occupancy(&self) -> Occupancy {
        self.part.occupancy
    }

    fn marginals(&self) -> &Marginals {
        self.part.marginals.get_or_init(|| Box::new(self.part.derive_marginals()))
    }
}

impl Part {
    fn delivered(&self) -> impl Iterator<Item = Delivered<'_>> {
        let labelled = self.cut.series().filter_map(|(series, responses)| match series {
            Series::Request { .. } => None,
            Series::Delivery { plan, caller } => {
                let Plan { endpoint, target, names } = &**plan;
                let (endpoint, target) = (endpoint.text(), target.text());
                Some(Delivered { endpoint, target, caller, responses, names: Names::Each(names) })
            }
            Series::Unlabelled { names } => Some(self.unlabelled(responses, responses.wrapping_mul(*names))),
        });
        let rest = self.cut.unlabelled;
        labelled.chain((rest.responses > 0).then(|| self.unlabelled(rest.responses, rest.values)))
    }

    fn unlabelled(&self, responses: u64, values: u64) -> Delivered<'_> {
        let label = &self.overflow_label;
        Delivered {
            endpoint: label,
            target: label,
            caller: label,
            responses,
            names: Names::InAll(label, values),
        }
    }

    fn derive_marginals(&self) -> Marginals {
        let mut responses_by_endpoint = CountsBuilder::new();
        let mut responses_by_target = CountsBuilder::new();
        let mut responses_by_caller = CountsBuilder::new();
        let mut values_by_target = CountsBuilder::new();
        let mut values_by_caller = CountsBuilder::new();
        let mut values_by_name = CountsBuilder::new();
        let mut overflowed: u64 = 0;
        for delivered in self.delivered() {
            let responses = delivered.responses;
            let values = delivered.values();
            responses_by_endpoint.add(delivered.endpoint, responses);
            responses_by_target.add(delivered.target, responses);
            responses_by_caller.add(delivered.caller, responses);
            values_by_target.add(delivered.target, values);
            values_by_caller.add(delivered.caller, values);
            delivered.for_each_name(|name, count| values_by_name.add(name, count));
            if delivered.is_overflow() {
                overflowed = overflowed.wrapping_add(responses);
            }
        }
        let responses_by_endpoint = responses_by_endpoint.build();
        let values_by_target = values_by_target.build();
        let responses_total = responses_by_endpoint.total();
        Marginals {
            responses_total,
            values_total: values_by_target.total(),
            responses_by_endpoint,
            responses_by_target: responses_by_target.build(),
            responses_by_caller: responses_by_caller.build(),
            values_by_target,
            values_by_caller: values_by_caller.build(),
            values_by_name: values_by_name.build(),
            last_served_at: self.last_served.filter(|_| responses_total > 0).map(iso_8601),
            overflow: Overflow { records: overflowed, rejected: self.rejected.clone() },
        }
    }

    fn derive_deliveries(&self) -> Vec<DeliveryCount> {
        let mut sums: HashMap<_, u64, LabelHash> = HashMap::with_hasher(label_hash());
        for delivered in self.delivered() {
            let sum = sums.entry((delivered.endpoint, delivered.target, delivered.caller)).or_default();
            *sum = sum.wrapping_add(delivered.responses);
        }
        let mut deliveries: Vec<_> = sums
            .into_iter()
            .map(|((endpoint, target, caller), responses)| DeliveryCount {
                endpoint: Arc::clone(endpoint),
                target: Arc::clone(target),
                caller: Arc::clone(caller),
                responses,
            })
            .collect();
        deliveries.sort_unstable();
        deliveries
    }

    fn derive_values(&self) -> Vec<ValueCount> {
        let mut sums: HashMap<_, u64, LabelHash> = HashMap::with_hasher(label_hash());
        for delivered in self.delivered() {
            let Delivered { endpoint, target, caller, .. } = delivered;
            delivered.for_each_name(|name, count| {
                let sum = sums.entry((endpoint, target, caller, name)).or_default();
                *sum = sum.wrapping_add(count);
            });
        }
        let mut values: Vec<_> = sums
            .into_iter()
            .map(|((endpoint, target, caller, name), count)| ValueCount {
                endpoint: Arc::clone(endpoint),
                target: Arc::clone(target),
                caller: Arc::clone(caller),
                config_name: Arc::clone(name),
                count,
            })
            .collect();
        values.sort_unstable();
        values
    }
}

impl<'a> Delivered<'a> {
    fn values(&self) -> u64 {
        match self.names {
            Names::Each(names) => self.responses.wrapping_mul(names.len() as u64),
            Names::InAll(_, values) => values,
        }
    }

    fn for_each_name(&self, mut each: impl FnMut(&'a Arc<str>, u64)) {
        match self.names {
            Names::Each(names) => names.iter().for_each(|name| each(name.text(), self.responses)),
            // A name that was served no time does not show.
            Names::InAll(_, 0) => {}
            Names::InAll(label, values) => each(label, values),
        }
    }

    fn is_overflow(&self) -> bool {
        let is_overflow = |label: &Arc<str>| **label == *OVERFLOW_LABEL;
        let names = match self.names {
            Names::Each(names) => names,
            Names::InAll(..) => &[],
        };
        let names = names.iter().map(Label::text);
        [self.endpoint, self.target, self.caller].into_iter().chain(names).any(is_overflow)
    }
}

impl PartialEq for ServedConfigMetricsSnapshot {
    fn eq(&self, other: &Self) -> bool {
        // The totals and maps are sums over the joint counts.
        self.last_served_instant() == other.last_served_instant()
            && self.deliveries().eq(other.deliveries())
            && self.values().eq(other.values())
    }
}

impl Eq for ServedConfigMetricsSnapshot {}

impl fmt::Debug for ServedConfigMetricsSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServedConfigMetricsSnapshot")
            .field("responses_total", &self.responses_total())
            .field("values_total", &self.values_total())
            .field("responses_by_endpoint", self.responses_by_endpoint())
            .field("responses_by_target", self.responses_by_target())
            .field("responses_by_caller", self.responses_by_caller())
            .field("values_by_target", self.values_by_target())
            .field("values_by_caller", self.values_by_caller())
            .field("values_by_name", self.values_by_name())
            .field("last_served_at", &self.last_served_at())
            .finish_non_exhaustive()
    }
}
