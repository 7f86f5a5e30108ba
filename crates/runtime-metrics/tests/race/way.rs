//! The ways to record. Each records for some rounds, and returns what it has recorded.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use crate::count::Count;
use crate::shared::{PLANNED, Shared};

pub(crate) type Way = fn(&Shared, u32) -> Count;

pub(crate) const ALL: [Way; 6] =
    [by_labels, by_shared_handles, by_own_handles, by_new_labels, without_labels, giving_up];

/// More documents than there are places for, and numbers of names past those that have a cell.
const NUMBERS_OF_NAMES: usize = 300;

fn by_labels(shared: &Shared, rounds: u32) -> Count {
    for round in 0..rounds {
        shared
            .metrics
            .record_request(["/a", "/b", "/a/path/of/more/than/thirty-two/bytes"][round as usize % 3]);
        shared.metrics.record_config_delivery("Run-Time", " API ", &["c", "d"], " Me ");
    }
    sum(rounds, 2)
}

fn by_shared_handles(shared: &Shared, rounds: u32) -> Count {
    for _ in 0..rounds {
        shared.counter.record();
        shared.plan.record("all");
    }
    sum(rounds, PLANNED.len())
}

fn by_own_handles(shared: &Shared, rounds: u32) -> Count {
    let (counter, plan) = (shared.counter.clone(), shared.plan.clone());
    for _ in 0..rounds {
        counter.record();
        plan.record("own");
    }
    sum(rounds, PLANNED.len())
}

fn by_new_labels(shared: &Shared, rounds: u32) -> Count {
    for round in 0..rounds {
        shared.metrics.record_request(&format!("/{}", round % 20));
        shared.plan.record(&format!("Caller {}", round % 20));
    }
    sum(rounds, PLANNED.len())
}

fn without_labels(shared: &Shared, rounds: u32) -> Count {
    let names = vec!["n"; NUMBERS_OF_NAMES];
    let deliveries = (0..rounds as usize).map(|round| {
        let names = &names[..round % NUMBERS_OF_NAMES];
        shared.metrics.record_config_delivery("e", &(round % 40).to_string(), names, "c");
        Count::of_deliveries(1, names.len())
    });
    deliveries.collect()
}

/// Begins deliveries, and panics in the middle of each: nothing of them counts. They add to no cell, so nothing but their end
/// orders what they did before their stripe is taken away.
fn giving_up(shared: &Shared, rounds: u32) -> Count {
    struct Broken;

    impl AsRef<str> for Broken {
        fn as_ref(&self) -> &str {
            resume_unwind(Box::new(()))
        }
    }

    for round in 0..rounds {
        let record = || shared.metrics.record_config_delivery("e", "t", &[Broken], "c");
        assert!(catch_unwind(AssertUnwindSafe(record)).is_err());
        if round % 100 == 0 {
            shared.sit_cuts_out();
        }
    }
    Count::default()
}

/// A request and a delivery in each round.
fn sum(rounds: u32, names: usize) -> Count {
    let rounds = u64::from(rounds);
    [Count::of_requests(rounds), Count::of_deliveries(rounds, names)].into_iter().collect()
}
