//! The delivery series of a window.

use std::collections::HashMap;
use std::sync::Arc;

use once_cell::race::OnceBox;

use super::plans::PlanRoster;
use super::ranking::ranked_labels;
use super::{Ranking, Roster};
use crate::cut::Source;
use crate::label::OVERFLOW_LABEL;
use crate::series::{Plan, Series};

/// The delivery series of a window. Its *items* are series, of which two may have the same labels; the first one stands for
/// the deliveries that fit no cell.
#[derive(Default)]
pub(crate) struct DeliveryRoster {
    /// By item: where its count is.
    pub(super) sources: Vec<Source>,
    /// By item.
    pub(super) plan_of: Vec<u32>,
    pub(super) plans: Arc<PlanRoster>,
    /// By item.
    pub(super) callers: Ranking<Arc<str>>,
    /// By item: the ranks of endpoint, target and caller.
    pub(super) joints: Ranking<[u32; 3]>,
    /// By item, and for each by name of its plan: the ranks of the joint labels and of the name.
    values: OnceBox<Ranking<[u32; 2]>>,
    /// The order of the first of them, if an earlier roster has found it.
    earlier_values: Vec<u32>,
}

impl Roster for DeliveryRoster {
    fn has_in_family(series: &Series) -> bool {
        matches!(series, Series::Delivery { .. })
    }

    fn new(earlier: Option<&Self>, more: &[(Source, &Series)]) -> Self {
        let nothing = Self::default();
        let earlier = earlier.unwrap_or(&nothing);
        let overflow_label = OVERFLOW_LABEL.into();
        let mut sources = earlier.sources.clone();
        let mut plan_of = earlier.plan_of.clone();
        let mut callers: Vec<&Arc<str>> = earlier.callers.items().collect();
        let mut plans = Vec::new();
        if sources.is_empty() {
            sources.push(Source::Unlabelled);
            plan_of.push(0);
            plans.push(PlanRoster::first());
            callers.push(&overflow_label);
        }
        let known = earlier.plans.plans();
        let numbered = known.iter().chain(&plans).map(Arc::as_ptr).zip(0..);
        let mut numbers: HashMap<*const Plan, u32> = numbered.collect();
        for (source, series) in more {
            if let Series::Delivery { plan, caller } = series {
                let next = numbers.len() as u32;
                let number = *numbers.entry(Arc::as_ptr(plan)).or_insert(next);
                if number == next {
                    plans.push(Arc::clone(plan));
                }
                sources.push(*source);
                plan_of.push(number);
                callers.push(caller);
            }
        }
        let plans = earlier.plans.with(plans);
        let callers = ranked_labels(&callers, &earlier.callers);
        let joints: Vec<[u32; 3]> = plan_of
            .iter()
            .zip(callers.ranks())
            .map(|(plan, caller)| [plans.endpoints.rank(*plan), plans.targets.rank(*plan), *caller])
            .collect();
        let joints = Ranking::new(&joints, earlier.joints.order(), |joint| *joint);
        let order_of_values = earlier.values.get().map_or(&*earlier.earlier_values, Ranking::order);
        let earlier_values = order_of_values.to_vec();
        Self { sources, plan_of, plans, callers, joints, values: OnceBox::new(), earlier_values }
    }
}

impl DeliveryRoster {
    /// The endpoints, sorted.
    pub(crate) fn endpoints(&self) -> &Arc<[Arc<str>]> {
        self.plans.endpoints.keys()
    }

    /// The targets, sorted.
    pub(crate) fn targets(&self) -> &Arc<[Arc<str>]> {
        self.plans.targets.keys()
    }

    /// The callers, sorted.
    pub(crate) fn callers(&self) -> &Arc<[Arc<str>]> {
        self.callers.keys()
    }

    /// The names, sorted.
    pub(crate) fn names(&self) -> &Arc<[Arc<str>]> {
        self.plans.names.keys()
    }

    /// How many (endpoint, target, caller) there are.
    pub(crate) fn joint_count(&self) -> usize {
        self.joints.keys().len()
    }

    /// Endpoint, target and caller of this rank among the joint labels.
    pub(crate) fn joint(&self, rank: u32) -> [&str; 3] {
        let [endpoint, target, caller] = *self.joints.key(rank);
        [self.plans.endpoints.key(endpoint), self.plans.targets.key(target), self.callers.key(caller)]
    }

    /// How many (endpoint, target, caller, name) there are.
    pub(crate) fn value_count(&self) -> usize {
        self.values().keys().len()
    }

    /// Endpoint, target and caller, and the name, of this rank among the labels of values.
    pub(crate) fn value(&self, rank: u32) -> ([&str; 3], &str) {
        let [joint, name] = *self.values().key(rank);
        (self.joint(joint), self.plans.names.key(name))
    }

    pub(super) fn values(&self) -> &Ranking<[u32; 2]> {
        self.values.get_or_init(|| {
            let joints = self.joints.ranks().iter().zip(&self.plan_of);
            let values = joints
                .flat_map(|(joint, plan)| self.plans.servings_of(*plan).map(|(name, _)| [*joint, name]))
                .collect::<Vec<_>>();
            Box::new(Ranking::new(&values, &self.earlier_values, |value| *value))
        })
    }
}
