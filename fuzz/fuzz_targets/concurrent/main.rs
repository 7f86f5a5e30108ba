//! Whatever several threads do to a registry at once, every snapshot keeps the six rules of its consistency contract.
//!
//! An input is a schedule: small limits, the steps of two to four writers, and what two observers do beside them (snapshots,
//! resets, looks at what is published). It is done by real threads, so one input may go many ways; what each thread saw is
//! then checked against every cut. See [`check`] for how.

#![no_main]
#![allow(clippy::unwrap_used)] // a panic is how a fuzz target speaks

mod bounds;
mod check;
mod crew;
mod expected;
mod labels;
mod run;
mod schedule;
mod sums;
mod tally;

use libfuzzer_sys::fuzz_target;
use schedule::Schedule;

/// Threads meet differently each time.
const ROUNDS: usize = 2;

fuzz_target!(|schedule: Schedule| {
    for _ in 0..ROUNDS {
        check::check(schedule.limits, &run::run(&schedule));
    }
});
