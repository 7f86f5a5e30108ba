//! The delivery counters of one cut.

use std::fmt;
use std::sync::Arc;
use std::time::SystemTime;

use once_cell::race::OnceBox;

use super::counts::{Counts, Recorded};
use super::delivery::{DeliveryCount, ValueCount};
use super::occupancy::Occupancy;
use super::overflow::Overflow;
use super::table::DeliveryTable;
use crate::cut::Cut;
use crate::roster::DeliveryCounts;
use crate::time_text::iso_8601;

/// Configuration deliveries, as of one cut.
///
/// *Consistency:* the three maps of responses each sum up to [`responses_total`](Self::responses_total), the
/// three maps of values to [`values_total`](Self::values_total), always: a delivery is in all of them or in none.
///
/// *Cost:* a clone is one reference count. The first read of a total sums up all series, that of a map derives all maps, those of
/// [`deliveries`](Self::deliveries) and [`values`](Self::values) these; all linear in the number of series, or of names in them. Series
/// that no earlier snapshot of the window has read are sorted in. None of it blocks.
#[derive(Clone)]
pub struct ServedConfigMetricsSnapshot {
    part: Arc<Part>,
}

struct Part {
    cut: Arc<Cut>,
    occupancy: Occupancy,
    rejected: Box<[Arc<str>]>,
    /// When the last delivery was made, if one was.
    last_served: Option<SystemTime>,
    counted: OnceBox<Counted>,
    marginals: OnceBox<Marginals>,
    deliveries: OnceBox<Vec<u64>>,
    values: OnceBox<Vec<u64>>,
}

/// What is derived from the cut.
struct Counted {
    items: DeliveryCounts,
    table: DeliveryTable,
    responses_total: u64,
    values_total: u64,
    last_served_at: Option<String>,
    overflow: Overflow,
}

/// The maps.
struct Marginals {
    responses_by_endpoint: Counts,
    responses_by_target: Counts,
    responses_by_caller: Counts,
    values_by_target: Counts,
    values_by_caller: Counts,
    values_by_name: Counts,
}

impl ServedConfigMetricsSnapshot {
    pub(super) fn new(cut: Arc<Cut>, last_served: Option<SystemTime>) -> Self {
        let part = Part {
            occupancy: Occupancy::new(cut.tables.delivery_occupancy()),
            rejected: cut.tables.rejected_deliveries(),
            last_served,
            counted: OnceBox::new(),
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
        self.counted().responses_total
    }

    /// Configuration values in them.
    #[must_use]
    pub fn values_total(&self) -> u64 {
        self.counted().values_total
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
        self.counted().last_served_at.as_deref()
    }

    /// [`last_served_at`](Self::last_served_at) as a time.
    #[must_use]
    pub fn last_served_instant(&self) -> Option<SystemTime> {
        self.part.last_served.filter(|_| self.responses_total() > 0)
    }

    /// The joint counts of responses: one item per (endpoint, target, caller), sorted.
    ///
    /// *Cost:* two passes over the [table](Self::table), besides deriving.
    pub fn deliveries(&self) -> impl ExactSizeIterator<Item = DeliveryCount<'_>> {
        let roster = &self.counted().items.roster;
        Recorded::of(self.response_counts()).map(|(place, responses)| {
            let [endpoint, target, caller] = roster.joint(place);
            DeliveryCount { endpoint, target, caller, responses }
        })
    }

    /// The joint counts of values: one item per (endpoint, target, caller, config name), sorted.
    ///
    /// *Cost:* two passes over the [table](Self::table), besides deriving.
    pub fn values(&self) -> impl ExactSizeIterator<Item = ValueCount<'_>> {
        let roster = &self.counted().items.roster;
        Recorded::of(self.value_counts()).map(|(place, count)| {
            let ([endpoint, target, caller], config_name) = roster.value(place);
            ValueCount { endpoint, target, caller, config_name, count }
        })
    }

    /// The series that [`response_counts`](Self::response_counts) and [`value_counts`](Self::value_counts) are of.
    #[must_use]
    pub fn table(&self) -> &DeliveryTable {
        &self.counted().table
    }

    /// Responses by place among the [table](Self::table)'s deliveries; 0 for what was not recorded.
    #[must_use]
    pub fn response_counts(&self) -> &[u64] {
        self.part.deliveries.get_or_init(|| Box::new(self.counted().items.responses_by_joint()))
    }

    /// Values by place among the [table](Self::table)'s values; 0 for what was not recorded.
    #[must_use]
    pub fn value_counts(&self) -> &[u64] {
        self.part.values.get_or_init(|| Box::new(self.counted().items.values_by_value()))
    }

    /// Deliveries of which a label was over a limit.
    #[must_use]
    pub fn overflow(&self) -> &Overflow {
        &self.counted().overflow
    }

    /// Series (endpoint, target, caller, config names) in use, and their limit.
    #[must_use]
    pub fn occupancy(&self) -> Occupancy {
        self.part.occupancy
    }

    fn counted(&self) -> &Counted {
        self.part.counted.get_or_init(|| Box::new(self.part.count()))
    }

    fn marginals(&self) -> &Marginals {
        self.part.marginals.get_or_init(|| Box::new(Marginals::of(&self.counted().items)))
    }
}

impl Part {
    fn count(&self) -> Counted {
        let items = DeliveryCounts::of(&self.cut, self.cut.tables.delivery_roster.get(&self.cut));
        let responses_total = items.responses_total();
        Counted {
            responses_total,
            values_total: items.values_total(),
            last_served_at: self.last_served.filter(|_| responses_total > 0).map(iso_8601),
            overflow: Overflow { records: items.overflowed(), rejected: self.rejected.clone() },
            table: DeliveryTable(Arc::clone(&items.roster)),
            items,
        }
    }
}

impl Marginals {
    fn of(items: &DeliveryCounts) -> Self {
        let roster = &items.roster;
        let responses_by_target = Counts::new(roster.targets(), &items.responses_by_target());
        let responses_by_caller = Counts::new(roster.callers(), &items.responses_by_caller());
        Self {
            responses_by_endpoint: Counts::new(roster.endpoints(), &items.responses_by_endpoint()),
            // A response without values shows its target and caller all the same.
            values_by_target: responses_by_target.of_same(&items.values_by_target()),
            values_by_caller: responses_by_caller.of_same(&items.values_by_caller()),
            responses_by_target,
            responses_by_caller,
            values_by_name: Counts::new(roster.names(), &items.values_by_name()),
        }
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
