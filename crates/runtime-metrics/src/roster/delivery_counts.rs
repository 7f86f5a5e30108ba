//! What the delivery series of a window count in one cut.

use std::sync::Arc;

use super::DeliveryRoster;
use super::ranking::sums_by;
use crate::cut::Cut;

/// The counts of a roster's items in one cut, and the sums over them.
pub(crate) struct DeliveryCounts {
    pub(crate) roster: Arc<DeliveryRoster>,
    /// By item.
    responses: Vec<u64>,
    /// By item: how often each name of its plan was served.
    served: Vec<u64>,
}

impl DeliveryCounts {
    /// What is counted in `cut`, all series of which `roster` knows.
    pub(crate) fn of(cut: &Cut, roster: Arc<DeliveryRoster>) -> Self {
        let responses = roster.sources.iter().map(|source| cut.records(*source)).collect();
        let served = roster.sources.iter().map(|source| cut.served(*source)).collect();
        Self { roster, responses, served }
    }

    /// Responses in all.
    pub(crate) fn responses_total(&self) -> u64 {
        self.responses.iter().fold(0, |sum, responses| sum.wrapping_add(*responses))
    }

    /// Values in all.
    pub(crate) fn values_total(&self) -> u64 {
        self.values().fold(0, u64::wrapping_add)
    }

    /// Responses, by endpoint.
    pub(crate) fn responses_by_endpoint(&self) -> Vec<u64> {
        self.roster.plans.endpoints.sums(self.by_plan(self.responses.iter().copied()).into_iter())
    }

    /// Responses, by target.
    pub(crate) fn responses_by_target(&self) -> Vec<u64> {
        self.roster.plans.targets.sums(self.by_plan(self.responses.iter().copied()).into_iter())
    }

    /// Responses, by caller.
    pub(crate) fn responses_by_caller(&self) -> Vec<u64> {
        self.roster.callers.sums(self.responses.iter().copied())
    }

    /// Values, by target.
    pub(crate) fn values_by_target(&self) -> Vec<u64> {
        self.roster.plans.targets.sums(self.by_plan(self.values()).into_iter())
    }

    /// Values, by caller.
    pub(crate) fn values_by_caller(&self) -> Vec<u64> {
        self.roster.callers.sums(self.values())
    }

    /// Values, by name.
    pub(crate) fn values_by_name(&self) -> Vec<u64> {
        let plans = &self.roster.plans;
        let served = (0..).zip(self.by_plan(self.served.iter().copied()));
        plans.names.sums(served.flat_map(|(plan, served)| times(served, plans.servings_of(plan))))
    }

    /// Values, by the ranks of [`DeliveryRoster::value`].
    pub(crate) fn values_by_value(&self) -> Vec<u64> {
        let roster = &self.roster;
        let served = roster.plan_of.iter().zip(&self.served);
        let counts = served.flat_map(|(plan, served)| times(*served, roster.plans.servings_of(*plan)));
        roster.values().sums(counts)
    }

    /// Responses, by the ranks of [`DeliveryRoster::joint`].
    pub(crate) fn responses_by_joint(&self) -> Vec<u64> {
        self.roster.joints.sums(self.responses.iter().copied())
    }

    /// Responses of which a label is the overflow label.
    pub(crate) fn overflowed(&self) -> u64 {
        let roster = &self.roster;
        let is_overflow = (roster.plan_of.iter().enumerate())
            .map(|(item, plan)| roster.plans.is_overflow(*plan) || roster.callers.has_first_key(item));
        let overflowed = self.responses.iter().zip(is_overflow).filter(|(_, is_overflow)| *is_overflow);
        overflowed.fold(0, |sum, (responses, _)| sum.wrapping_add(*responses))
    }

    /// Values, by item.
    fn values(&self) -> impl Iterator<Item = u64> {
        let served = self.roster.plan_of.iter().zip(&self.served);
        served.map(|(plan, served)| served.wrapping_mul(self.roster.plans.width(*plan)))
    }

    /// The sums of what is by item, by plan.
    fn by_plan(&self, by_item: impl Iterator<Item = u64>) -> Vec<u64> {
        sums_by(&self.roster.plan_of, self.roster.plans.plans().len(), by_item)
    }
}

/// The counts of servings, if each was served so often.
fn times(served: u64, servings: impl Iterator<Item = (u32, u64)>) -> impl Iterator<Item = u64> {
    servings.map(move |(_, times)| served.wrapping_mul(times))
}
