//! Forks at each step of a cut, in both fence modes.
//!
//! A thread takes a cut, and stands still before each piece of memory that it takes or gives back on the way: these places lie
//! in every stage of a snapshot and of a reset. While it stands, the [stage](stage) is read off the registry, a child is
//! forked and does everything there is to do, and the parent records. Then the thread goes on to its next stop. So every
//! stage is met in every cut, in order; nothing is left to chance.
//!
//! Meanwhile another thread stands in the middle of a record that it began before. What threads do at random around a fork is
//! tried by `tests/fork.rs` and the soak.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod allocator;
mod child;
mod gate;
mod parent;
mod stage;

use std::collections::BTreeMap;

use crate::Metrics;
use crate::barrier::is_asymmetric_available;
use crate::fence::FenceMode;
use crate::limits::Limits;
use crate::registry::Registry;

use child::fork_child;
use gate::Gate;
use parent::Parent;
use stage::{Cut, Stage, Walk};

/// How often each stage of each cut is to be forked in, at least.
const ROUNDS: u32 = 3;

/// How many forks are enough in one stage of one cut.
const ENOUGH: u32 = 24;

/// How often a child was forked in each stage of each cut.
type Forks = BTreeMap<(Cut, Stage), u32>;

fn metrics(mode: FenceMode) -> Metrics {
    let limits = Limits { request_series: 64, delivery_series: 8, label_bytes: 64 };
    Metrics::of(Registry::new(mode, limits).into())
}

/// Takes a cut in a thread of its own, and forks wherever that stands still.
fn fork_along(parent: &mut Parent, cut: Cut, forks: &mut Forks) {
    let metrics = parent.metrics().clone();
    let mut walk = Walk::beginning(metrics.registry(), cut);
    let gate = Gate::new();
    let ended = std::thread::scope(|scope| {
        let taking = scope.spawn(|| {
            gate.walk(|| match cut {
                Cut::Snapshot => metrics.snapshot(),
                Cut::Reset => metrics.reset(),
            })
        });
        for stop in gate.stops() {
            let stage = walk.stage_at(stop);
            if walk.stops_in_stage() <= ENOUGH {
                fork_child(parent, &format!("a child forked at stage {stage:?} of a {cut:?}"));
                *forks.entry((cut, stage)).or_default() += 1;
            }
            parent.record();
        }
        taking.join().unwrap()
    });
    assert_eq!(ended.sequence(), walk.sequence(), "the thread that was stopped goes on, and takes its cut");
    parent.see(cut, &ended);
}

/// Forks in each stage of the cuts of some windows, in each of which a thread stands in the middle of a record.
fn fork_everywhere(mode: FenceMode) {
    let mut forks = Forks::new();
    let mut parent = Parent::new(metrics(mode));
    for _ in 0..ROUNDS {
        fork_child(&parent, "a child forked at rest");
        parent.record();
        parent.beside_a_record_in_progress(|parent| {
            fork_along(parent, Cut::Snapshot, &mut forks);
            fork_along(parent, Cut::Reset, &mut forks);
            // The record is of a generation that drains.
            fork_along(parent, Cut::Snapshot, &mut forks);
        });
        // Now that generation's stripes are taken back.
        fork_along(&mut parent, Cut::Snapshot, &mut forks);
    }
    parent.assert_exact();
    println!("{mode:?}:");
    for ((cut, stage), count) in &forks {
        println!("{count:6} forks: {cut:?}, {stage:?}");
    }
    let unmet: Vec<_> = [Cut::Snapshot, Cut::Reset]
        .into_iter()
        .flat_map(|cut| cut.stages().iter().map(move |stage| (cut, *stage)))
        .filter(|step| forks.get(step).copied().unwrap_or(0) < ROUNDS)
        .collect();
    assert!(unmet.is_empty(), "never forked in: {unmet:?}");
}

#[test]
fn a_child_that_is_forked_at_any_step_of_a_cut_starts_at_zero_with_portable_fences() {
    fork_everywhere(FenceMode::Portable);
}

#[test]
fn a_child_that_is_forked_at_any_step_of_a_cut_starts_at_zero_with_asymmetric_fences() {
    if is_asymmetric_available() {
        fork_everywhere(FenceMode::Asymmetric);
    }
}

/// In the middle of a record, under the locks of the tables, and on the way into a seat.
#[test]
fn a_child_that_is_forked_while_a_thread_meets_labels_starts_at_zero_and_meets_the_same() {
    for mode in [FenceMode::Portable, FenceMode::Asymmetric] {
        if mode == FenceMode::Asymmetric && !is_asymmetric_available() {
            continue;
        }
        let mut parent = Parent::new(metrics(mode));
        let metrics = parent.metrics().clone();
        let gate = Gate::new();
        let (mut before, mut within) = (0, 0);
        // What `live` records, too.
        let record = || {
            metrics.record_request("/child");
            metrics.record_config_delivery("e", "t", &["a", "b"], "Child");
        };
        std::thread::scope(|scope| {
            scope.spawn(|| gate.walk(record));
            for _ in gate.stops() {
                let seats = metrics.registry().open_generation().seats();
                *if seats.iter().any(|seat| seat.is_busy()) { &mut within } else { &mut before } += 1;
                fork_child(&parent, "a child forked while labels are met");
            }
        });
        println!("{mode:?}: {before} forks on the way into a seat, {within} in the middle of a record");
        assert!(before > 0 && within > 0);
        parent.count(1);
        parent.assert_exact();
    }
}
