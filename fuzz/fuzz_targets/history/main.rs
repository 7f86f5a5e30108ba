//! Any history of all operations shows the same in a registry as in the naive model, which the tests of `runtime-metrics` share.
//!
//! The bytes of an input are small limits and a list of operations (see [`history`]), so that two labels meet, and limits
//! are reached, within a few operations.

#![no_main]

mod history;
mod label;
#[allow(clippy::unwrap_used)] // a panic is how a fuzz target speaks
#[path = "../../../crates/runtime-metrics/tests/model/mod.rs"]
mod model;
mod operation;

use history::{History, Thread};
use libfuzzer_sys::fuzz_target;
use model::run::Run;

fuzz_target!(|history: History| {
    let mut run = Run::new(history.limits);
    for step in &history.steps {
        match step.thread {
            Thread::Long => run.apply(&step.operation),
            Thread::Fresh => run.apply_on_fresh_thread(&step.operation),
        }
    }
    run.finish();
});
