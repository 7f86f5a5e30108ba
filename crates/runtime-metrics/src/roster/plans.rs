//! The plans of a window's deliveries: what their series have in common.

use std::ops::Range;
use std::sync::Arc;

use super::Ranking;
use super::ranking::ranked_labels;
use crate::series::{Plan, PlanNames};

/// Plans, numbered as they were met. The first is that of deliveries that fit no cell: all its labels are the overflow label,
/// and it has one name.
///
/// A *serving* is one name of one plan.
#[derive(Default)]
pub(super) struct PlanRoster {
    plans: Vec<Arc<Plan>>,
    /// By plan.
    servings: Vec<Range<usize>>,
    /// By serving: how often a delivery serves the name.
    times: Vec<u64>,
    /// By plan.
    pub(super) endpoints: Ranking<Arc<str>>,
    /// By plan.
    pub(super) targets: Ranking<Arc<str>>,
    /// By serving.
    pub(super) names: Ranking<Arc<str>>,
    /// By plan: whether one of its labels is the overflow label.
    is_overflow: Vec<bool>,
}

impl PlanRoster {
    /// The plan that is the first of all.
    pub(super) fn first() -> Arc<Plan> {
        Arc::new(Plan::unlabelled(1))
    }

    /// A roster of these plans and `more`.
    pub(super) fn with(self: &Arc<Self>, more: Vec<Arc<Plan>>) -> Arc<Self> {
        if more.is_empty() {
            return Arc::clone(self);
        }
        let plans = self.plans.iter().cloned().chain(more).collect();
        Arc::new(Self::new(plans, self))
    }

    /// A roster of `plans`, which begin with those of `earlier`.
    fn new(plans: Vec<Arc<Plan>>, earlier: &Self) -> Self {
        let endpoints: Vec<_> = plans.iter().map(|plan| plan.endpoint.text()).collect();
        let endpoints = ranked_labels(&endpoints, &earlier.endpoints);
        let targets: Vec<_> = plans.iter().map(|plan| plan.target.text()).collect();
        let targets = ranked_labels(&targets, &earlier.targets);
        let (mut names, mut times, mut servings) = (Vec::new(), Vec::new(), Vec::new());
        for plan in &plans {
            let begin = names.len();
            match &plan.names {
                PlanNames::Each(each) => names.extend(each.iter().map(|name| name.text())),
                PlanNames::Unlabelled(0) => {}
                PlanNames::Unlabelled(_) => names.push(plan.endpoint.text()),
            }
            let each = if let PlanNames::Unlabelled(names) = plan.names { names } else { 1 };
            times.resize(names.len(), each);
            servings.push(begin..names.len());
        }
        let names = ranked_labels(&names, &earlier.names);
        let is_overflow = |(plan, servings): (usize, &Range<usize>)| {
            let mut servings = servings.clone();
            endpoints.has_first_key(plan)
                || targets.has_first_key(plan)
                || servings.any(|serving| names.has_first_key(serving))
        };
        let is_overflow = servings.iter().enumerate().map(is_overflow).collect();
        Self { plans, servings, times, endpoints, targets, names, is_overflow }
    }

    pub(super) fn plans(&self) -> &[Arc<Plan>] {
        &self.plans
    }

    /// Whether a label of the plan is the overflow label.
    pub(super) fn is_overflow(&self, plan: u32) -> bool {
        self.is_overflow[plan as usize]
    }

    /// The values in a delivery of the plan.
    pub(super) fn width(&self, plan: u32) -> u64 {
        self.plans[plan as usize].width()
    }

    /// The servings of the plan: the rank of the name, and how often a delivery serves it.
    pub(super) fn servings_of(&self, plan: u32) -> impl Iterator<Item = (u32, u64)> {
        let servings = self.servings[plan as usize].clone();
        let names = &self.names.ranks()[servings.clone()];
        names.iter().copied().zip(self.times[servings].iter().copied())
    }
}
