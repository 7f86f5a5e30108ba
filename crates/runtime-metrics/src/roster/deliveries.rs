//! The delivery series of a window.

use std::collections::HashMap;
use std::sync::Arc;

use once_cell::race::OnceBox;

use super::plans::PlanRoster;
use super::ranking::ranked_labels;
use super::{Ranking, Roster};
use crate::cut::{Cut, Extent, Place};
use crate::label::OVERFLOW_LABEL;
use crate::series::{Plan, Series};

/// The delivery series of a window. Its *items* are series, of which two may have the same labels; the first one stands for
/// the deliveries that fit no cell.
#[derive(Default)]
pub(crate) struct DeliveryRoster {
    extent: Extent,
    /// By item: where its count stands.
    places: Vec<Place>,
    /// By item.
    plan_of: Vec<u32>,
    plans: PlanRoster,
    /// By item.
    callers: Ranking<Arc<str>>,
    /// By item: the ranks of endpoint, target and caller.
    joints: Ranking<[u32; 3]>,
    /// By item, and for each by name of its plan: the ranks of the joint labels and of the name.
    values: OnceBox<Ranking<[u32; 2]>>,
}

/// What the items count in one cut.
pub(crate) struct Items {
    pub(crate) roster: Arc<DeliveryRoster>,
    /// By item.
    responses: Vec<u64>,
    /// By item: how often each name of its plan was served.
    served: Vec<u64>,
}

impl Roster for DeliveryRoster {
    fn new(cut: &Cut, earlier: Option<&Self>) -> Self {
        let nothing = Self::default();
        let earlier = earlier.unwrap_or(&nothing);
        let overflow_label = OVERFLOW_LABEL.into();
        let mut places = earlier.places.clone();
        let mut plan_of = earlier.plan_of.clone();
        let mut plans = earlier.plans.plans().to_vec();
        let mut callers: Vec<&Arc<str>> = earlier.callers.items().collect();
        if places.is_empty() {
            places.push(Place::Unlabelled);
            plan_of.push(0);
            plans.push(PlanRoster::first());
            callers.push(&overflow_label);
        }
        let mut numbers: HashMap<*const Plan, u32> = plans.iter().map(Arc::as_ptr).zip(0..).collect();
        let (unknown, extent) = cut.series_past(earlier.extent);
        for (place, series) in unknown {
            if let Series::Delivery { plan, caller } = series {
                let number = *numbers.entry(Arc::as_ptr(plan)).or_insert(plans.len() as u32);
                if number as usize == plans.len() {
                    plans.push(Arc::clone(plan));
                }
                places.push(place);
                plan_of.push(number);
                callers.push(caller);
            }
        }
        let plans = PlanRoster::new(plans, &earlier.plans);
        let callers = ranked_labels(&callers, &earlier.callers);
        let joints: Vec<[u32; 3]> = plan_of
            .iter()
            .zip(callers.ranks())
            .map(|(plan, caller)| [plans.endpoints.rank(*plan), plans.targets.rank(*plan), *caller])
            .collect();
        let joints = Ranking::new(&joints, earlier.joints.order(), |joint| *joint);
        Self { extent, places, plan_of, plans, callers, joints, values: OnceBox::new() }
    }

    fn extent(&self) -> Extent {
        self.extent
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

    fn values(&self) -> &Ranking<[u32; 2]> {
        self.values.get_or_init(|| {
            let joints = self.joints.ranks().iter().zip(&self.plan_of);
            let values = joints
                .flat_map(|(joint, plan)| self.plans.servings_of(*plan).map(|(name, _)| [*joint, name]))
                .collect::<Vec<_>>();
            Box::new(Ranking::new(&values, &[], |value| *value))
        })
    }
}

impl Items {
    /// What is counted in `cut`, all series of which `roster` knows.
    pub(crate) fn of(cut: &Cut, roster: Arc<DeliveryRoster>) -> Self {
        let responses = roster.places.iter().map(|place| cut.records(*place)).collect();
        let served = roster.places.iter().map(|place| cut.served(*place)).collect();
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
        let mut sums = vec![0_u64; self.roster.plans.plans().len()];
        for (plan, count) in self.roster.plan_of.iter().zip(by_item) {
            let sum = &mut sums[*plan as usize];
            *sum = sum.wrapping_add(count);
        }
        sums
    }
}

/// The counts of servings, if each was served so often.
fn times(served: u64, servings: impl Iterator<Item = (u32, u64)>) -> impl Iterator<Item = u64> {
    servings.map(move |(_, times)| served.wrapping_mul(times))
}
