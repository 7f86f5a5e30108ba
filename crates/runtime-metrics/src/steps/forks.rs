//! Forks at each step of a cut: children do everything there is to do, and the parent records and goes on.
//!
//! Meanwhile another thread stands in the middle of a record that it began before. What threads do at random around a fork is
//! tried by `tests/fork.rs` and the soak.

use std::collections::BTreeMap;

use super::child::fork_children;
use super::gate::Gate;
use super::parent::Parent;
use super::stage::{Cut, Stage};
use super::{metrics, step_through};
use crate::fence::FenceMode;

/// How often each stage of each cut is to be forked in, at least.
const ROUNDS: u32 = 3;

/// How many forks are enough in one stage of one cut.
const ENOUGH: u32 = 24;

/// How often children were forked in each stage of each cut.
type Forks = BTreeMap<(Cut, Stage), u32>;

/// Takes a cut in a thread of its own, and forks wherever that stands still.
fn fork_along(parent: &mut Parent, cut: Cut, forks: &mut Forks) {
    let metrics = parent.metrics().clone();
    let taken = step_through(&metrics, cut, |stage, stops| {
        if stops <= ENOUGH {
            fork_children(parent, &format!("a child forked at stage {stage:?} of a {cut:?}"));
            *forks.entry((cut, stage)).or_default() += 1;
        }
        parent.record();
    });
    parent.see(cut, &taken);
}

/// Forks in each stage of the cuts of some windows, in each of which a thread stands in the middle of a record.
fn fork_everywhere(mode: FenceMode) {
    let mut forks = Forks::new();
    let Some(metrics) = metrics(mode) else { return };
    let mut parent = Parent::new(metrics);
    for _ in 0..ROUNDS {
        fork_children(&parent, "a child forked at rest");
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
    assert_eq!(parent.metrics().fence_mode(), mode);
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
    fork_everywhere(FenceMode::Asymmetric);
}

/// In the middle of a record, under the locks of the tables, and on the way into a seat.
#[test]
fn a_child_that_is_forked_while_a_thread_meets_labels_starts_at_zero_and_meets_the_same() {
    for mode in [FenceMode::Portable, FenceMode::Asymmetric] {
        let Some(metrics) = metrics(mode) else { continue };
        let mut parent = Parent::new(metrics);
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
                fork_children(&parent, "a child forked while labels are met");
            }
        });
        println!("{mode:?}: {before} forks on the way into a seat, {within} in the middle of a record");
        assert!(before > 0 && within > 0);
        parent.count(1);
        parent.assert_exact();
    }
}
