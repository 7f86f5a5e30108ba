//! Rosters of windows that grow.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::hashing::label_hash;
use crate::label::OVERFLOW_LABEL;
use crate::limits::Limits;
use crate::series::{Plan, PlanLabels, PlanNames, Series};
use crate::tables::Tables;
use crate::unlabelled::Unlabelled;

/// By labels, those that count something.
type Sums<L> = BTreeMap<L, u64>;

/// Everything that can be read off a cut.
#[derive(Debug, Default, PartialEq)]
struct Shown {
    requests: Sums<String>,
    responses_by_endpoint: Sums<String>,
    responses_by_target: Sums<String>,
    responses_by_caller: Sums<String>,
    values_by_target: Sums<String>,
    values_by_caller: Sums<String>,
    values_by_name: Sums<String>,
    responses: Sums<[String; 3]>,
    values: Sums<([String; 3], String)>,
    overflowed: u64,
}

/// The same, by going through every series and adding up.
fn expected(cut: &Cut) -> Shown {
    let mut shown = Shown::default();
    let overflow = || OVERFLOW_LABEL.to_owned();
    let unlabelled = ([overflow(), overflow(), overflow()], vec![(overflow(), cut.unlabelled.values)]);
    let mut deliveries = vec![(unlabelled, cut.unlabelled.responses)];
    for (source, series) in cut.series_past(Extent::default()).0 {
        let count = cut.records(source);
        match series {
            Series::Request { path } => add(&mut shown.requests, path.to_string(), count),
            Series::Delivery { plan, caller } => {
                let names = match &plan.names {
                    PlanNames::Each(names) => {
                        names.iter().map(|name| (name.text().to_string(), count)).collect()
                    }
                    PlanNames::Unlabelled(names) => vec![(overflow(), names * count)],
                };
                let labels =
                    [plan.endpoint.text(), plan.target.text(), caller].map(|label| label.to_string());
                deliveries.push(((labels, names), count));
            }
        }
    }
    for ((labels, names), count) in deliveries {
        let [endpoint, target, caller] = labels.clone();
        add(&mut shown.responses_by_endpoint, endpoint, count);
        add(&mut shown.responses_by_target, target.clone(), count);
        add(&mut shown.responses_by_caller, caller.clone(), count);
        add(&mut shown.responses, labels.clone(), count);
        if labels.iter().chain(names.iter().map(|(name, _)| name)).any(|label| label == OVERFLOW_LABEL) {
            shown.overflowed += count;
        }
        for (name, values) in names {
            add(&mut shown.values_by_target, target.clone(), values);
            add(&mut shown.values_by_caller, caller.clone(), values);
            add(&mut shown.values_by_name, name.clone(), values);
            add(&mut shown.values, (labels.clone(), name), values);
        }
    }
    shown
}

fn add<L: Ord>(sums: &mut Sums<L>, labels: L, count: u64) {
    if count > 0 {
        *sums.entry(labels).or_default() += count;
    }
}

/// What rosters show of a cut.
fn shown(cut: &Cut, requests: &RequestRoster, deliveries: Arc<DeliveryRoster>) -> Shown {
    let counts = DeliveryCounts::of(cut, deliveries);
    let roster = &counts.roster;
    let by_label = |labels: &[Arc<str>], counts: Vec<u64>| {
        assert!(labels.is_sorted_by(|a, b| a < b));
        sums(labels.iter().map(|label| label.to_string()), counts)
    };
    let owned = |labels: [&str; 3]| labels.map(str::to_owned);
    Shown {
        requests: by_label(requests.paths(), requests.counts(cut)),
        responses_by_endpoint: by_label(roster.endpoints(), counts.responses_by_endpoint()),
        responses_by_target: by_label(roster.targets(), counts.responses_by_target()),
        responses_by_caller: by_label(roster.callers(), counts.responses_by_caller()),
        values_by_target: by_label(roster.targets(), counts.values_by_target()),
        values_by_caller: by_label(roster.callers(), counts.values_by_caller()),
        values_by_name: by_label(roster.names(), counts.values_by_name()),
        responses: sums((0..).map(|rank| owned(roster.joint(rank))), counts.responses_by_joint()),
        values: sums(
            (0..).map(|rank| (owned(roster.value(rank).0), roster.value(rank).1.to_owned())),
            counts.values_by_value(),
        ),
        overflowed: counts.overflowed(),
    }
}

fn sums<L: Ord>(labels: impl Iterator<Item = L>, counts: Vec<u64>) -> Sums<L> {
    let mut sums = Sums::new();
    // The counts first: there are no labels past their end.
    counts.into_iter().zip(labels).for_each(|(count, labels)| add(&mut sums, labels, count));
    sums
}

/// A step in the life of a window.
#[derive(Debug, Clone)]
enum Step {
    Request(u8),
    Delivery {
        target: u8,
        names: Vec<u8>,
        caller: u8,
    },
    /// A delivery of which no label fits, with a cell for its number of names.
    Unlabelled(u8),
    LateRequest(u8),
    LateDelivery {
        target: u8,
        caller: u8,
    },
    /// A snapshot is read.
    Read,
}

fn step() -> impl Strategy<Value = Step> {
    let small = || 0..6_u8;
    prop_oneof![
        small().prop_map(Step::Request),
        (small(), prop::collection::vec(small(), 0..4), small())
            .prop_map(|(target, names, caller)| Step::Delivery { target, names, caller }),
        small().prop_map(Step::Unlabelled),
        small().prop_map(Step::LateRequest),
        (small(), small()).prop_map(|(target, caller)| Step::LateDelivery { target, caller }),
        Just(Step::Read),
    ]
}

/// A window, and the cut that is taken of it now.
struct World {
    tables: Arc<Tables>,
    counts: Vec<u64>,
    late: Vec<(Series, u64)>,
}

impl World {
    fn new() -> Self {
        // Few places, so that labels overflow.
        let limits = Limits { request_series: 4, delivery_series: 8, label_bytes: 16 };
        Self { tables: Arc::new(Tables::new(limits, label_hash())), counts: vec![0], late: Vec::new() }
    }

    fn cut(&self) -> Cut {
        Cut {
            tables: Arc::clone(&self.tables),
            counts: self.counts.clone(),
            late: self.late.clone(),
            unlabelled: Unlabelled { responses: 2, values: 9 },
        }
    }

    fn count(&mut self, cell: u32) {
        self.counts.resize(self.tables.published(), 0);
        self.counts[cell as usize] += 1;
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Request(path) => self.count(self.tables.request(&path.to_string())),
            Step::Delivery { target, names, caller } => {
                let names: Vec<String> = names.iter().map(u8::to_string).collect();
                if let Some(cell) =
                    self.tables.delivery("e", &target.to_string(), &names, &caller.to_string())
                {
                    self.count(cell);
                }
            }
            Step::Unlabelled(names) => {
                if let Some(cell) = self.tables.unlabelled(u64::from(*names)) {
                    self.count(cell);
                }
            }
            Step::LateRequest(path) => self.late.push((Series::Request { path: path.to_string().into() }, 3)),
            Step::LateDelivery { target, caller } => {
                let target = &target.to_string();
                let plan = Plan::new(PlanLabels { endpoint: "e", target, names: ["1", "1"].into_iter() });
                let series = Series::Delivery { plan: Arc::new(plan), caller: caller.to_string().into() };
                self.late.push((series, 5));
            }
            Step::Read => {}
        }
    }
}

proptest! {
    #[test]
    fn rosters_that_grow_with_their_window_show_every_count_under_its_labels(
        steps in prop::collection::vec(step(), 1..40),
    ) {
        let mut world = World::new();
        let (requests, deliveries) = (RosterCache::new(), RosterCache::new());
        let mut earlier: Vec<Cut> = Vec::new();
        for step in steps.iter().chain([&Step::Read]) {
            world.take(step);
            if matches!(step, Step::Read) {
                earlier.push(world.cut());
                // A snapshot may be read late, too, by way of the roster that a later one has made.
                for cut in &earlier {
                    prop_assert_eq!(shown(cut, &requests.get(cut), deliveries.get(cut)), expected(cut));
                }
            }
        }
    }
}

#[test]
fn a_series_that_is_only_just_being_met_shows_once_it_was_met() {
    let mut world = World::new();
    let cache = RosterCache::<RequestRoster>::new();
    world.take(&Step::Request(1));
    // A cell that counts as published, and has no series yet.
    world.counts.push(0);
    let before = cache.get(&world.cut());
    assert!(!Arc::ptr_eq(&before, &cache.get(&world.cut())), "it does not know all, and is not kept");
    world.take(&Step::Request(2));
    let after = cache.get(&world.cut());
    assert_eq!(after.counts(&world.cut()), [1, 1, 0], "of 1, of 2, of the overflow");
    assert!(Arc::ptr_eq(&after, &cache.get(&world.cut())));
}

#[test]
fn snapshots_share_a_roster_until_a_series_is_met() {
    let mut world = World::new();
    let cache = RosterCache::<RequestRoster>::new();
    world.take(&Step::Request(1));
    let one = cache.get(&world.cut());
    world.take(&Step::Request(1));
    assert!(Arc::ptr_eq(&one, &cache.get(&world.cut())));
    let known = world.cut();
    world.take(&Step::Request(2));
    let two = cache.get(&world.cut());
    assert_eq!(two.paths().iter().map(|path| &**path).collect::<Vec<_>>(), ["1", "2", "__overflow__"]);
    assert!(Arc::ptr_eq(&two, &cache.get(&known)), "and it serves earlier ones, too");
}

#[test]
fn a_series_of_one_family_leaves_the_roster_of_the_other_as_it_is() {
    let mut world = World::new();
    let (requests, deliveries) = (RosterCache::<RequestRoster>::new(), RosterCache::<DeliveryRoster>::new());
    let delivery = |caller| Step::Delivery { target: 1, names: vec![1], caller };
    world.take(&Step::Request(1));
    world.take(&delivery(1));
    let (of_requests, of_deliveries) = (requests.get(&world.cut()), deliveries.get(&world.cut()));
    world.take(&Step::Request(2));
    assert!(Arc::ptr_eq(&of_deliveries, &deliveries.get(&world.cut())));
    assert!(!Arc::ptr_eq(&of_requests, &requests.get(&world.cut())));
    let of_requests = requests.get(&world.cut());
    world.take(&delivery(2));
    assert!(Arc::ptr_eq(&of_requests, &requests.get(&world.cut())));
    assert!(!Arc::ptr_eq(&of_deliveries, &deliveries.get(&world.cut())));
}
