//! Rosters of windows that grow.

use proptest::prelude::*;

use super::*;
use crate::hashing::label_hash;
use crate::limits::Limits;
use crate::series::{Plan, PlanLabels, Series};
use crate::tables::Tables;
use crate::unlabelled::Unlabelled;

/// Everything that can be read off a cut by way of a roster.
fn shown(
    cut: &Cut,
    requests: &RequestRoster,
    deliveries: &Arc<DeliveryRoster>,
) -> impl PartialEq + std::fmt::Debug + use<> {
    let items = Items::of(cut, Arc::clone(deliveries));
    let joints = items.responses_by_joint();
    let values = items.values_by_value();
    let labels = |labels: &[Arc<str>], counts: Vec<u64>| {
        labels
            .iter()
            .map(|label| label.to_string())
            .zip(counts)
            .filter(|(_, count)| *count > 0)
            .collect::<Vec<_>>()
    };
    let owned = |labels: [&str; 3]| labels.map(str::to_owned);
    (
        labels(requests.paths(), requests.counts(cut)),
        [
            labels(deliveries.endpoints(), items.responses_by_endpoint()),
            labels(deliveries.targets(), items.responses_by_target()),
            labels(deliveries.callers(), items.responses_by_caller()),
            labels(deliveries.targets(), items.values_by_target()),
            labels(deliveries.callers(), items.values_by_caller()),
            labels(deliveries.names(), items.values_by_name()),
        ],
        (0..)
            .zip(joints)
            .filter(|(_, n)| *n > 0)
            .map(|(rank, n)| (owned(deliveries.joint(rank)), n))
            .collect::<Vec<_>>(),
        (0..)
            .zip(values)
            .filter(|(_, n)| *n > 0)
            .map(|(rank, n)| (owned(deliveries.value(rank).0), deliveries.value(rank).1.to_owned(), n))
            .collect::<Vec<_>>(),
        items.overflowed(),
    )
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
                let plan = Plan::new(PlanLabels { endpoint: "late", target, names: ["1", "x"].into_iter() });
                let series = Series::Delivery { plan: Arc::new(plan), caller: caller.to_string().into() };
                self.late.push((series, 5));
            }
            Step::Read => {}
        }
    }
}

proptest! {
    #[test]
    fn a_roster_that_grew_with_its_window_shows_what_one_that_is_made_at_once_shows(
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
                    let grown = shown(cut, &requests.get(cut), &deliveries.get(cut));
                    let whole = shown(cut, &RequestRoster::new(cut, None), &Arc::new(DeliveryRoster::new(cut, None)));
                    prop_assert_eq!(grown, whole);
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
