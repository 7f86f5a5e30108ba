//! Cuts, step by step.
//!
//! A thread that takes a cut stands still before each piece of memory that it takes or gives back on the way: these places lie
//! in every stage of a snapshot and of a reset. While it stands, the [stage](stage) is read off the registry, and the test does
//! there what it is about. Then the thread goes on to its next stop. So every stage is met in every cut, in order; nothing is
//! left to chance.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod allocator;
mod causes;
mod child;
mod forks;
mod gate;
mod parent;
mod stage;

use crate::Metrics;
use crate::barrier::is_asymmetric_available;
use crate::fence::FenceMode;
use crate::limits::Limits;
use crate::registry::Registry;
use crate::snapshot::Snapshot;

use gate::Gate;
use stage::{Cut, Stage, Walk};

/// A small registry with these fences, if the kernel grants them.
fn metrics(mode: FenceMode) -> Option<Metrics> {
    let limits = Limits { request_series: 64, delivery_series: 8, label_bytes: 64 };
    let is_available = mode == FenceMode::Portable || is_asymmetric_available();
    if !is_available {
        println!("{mode:?} fences are not available");
    }
    is_available.then(|| Metrics::of(Registry::new(mode, limits, str::to_lowercase).into()))
}

/// Takes a cut in a thread of its own, and calls `at_stop` wherever that stands still, with the stage and the number of stops
/// so far in this stage.
fn step_through(metrics: &Metrics, cut: Cut, mut at_stop: impl FnMut(Stage, u32)) -> Snapshot {
    let mut walk = Walk::beginning(metrics.registry(), cut);
    let gate = Gate::new();
    let taken = std::thread::scope(|scope| {
        let taking = scope.spawn(|| {
            gate.walk(|| match cut {
                Cut::Snapshot => metrics.snapshot(),
                Cut::Reset => metrics.reset(),
            })
        });
        for stop in gate.stops() {
            let stage = walk.stage_at(stop);
            at_stop(stage, walk.stops_in_stage());
        }
        taking.join().unwrap()
    });
    assert_eq!(taken.sequence(), walk.sequence(), "the thread that was stopped goes on, and takes its cut");
    taken
}
