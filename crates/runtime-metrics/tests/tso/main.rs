//! The recording protocol in its asymmetric mode, checked in every execution of small scenarios.
//!
//! In the asymmetric mode a record has no fence: its light fence only keeps the compiler from moving accesses, and
//! the collector's heavy fence makes up for it by `membarrier`. No tool that explores Rust's memory model knows that
//! system call, so the protocol is modelled here, apart from the crate, and every state that it can reach is visited.
//!
//! # What is modelled
//!
//! - *x86-TSO*: store buffers, first in, first out, with forwarding to the thread's own loads; a store reaches memory at any time.
//! - *Weak stores*: stores of a thread also overtake each other, except Release stores, which wait for all before them.
//! - `membarrier`: between the call's start and its end each other thread executes one full fence, at a moment of its own, in
//!   any order; the caller executes its own full fence first.
//! - Which stores are Release: A, B, `busy` = 0, the end of an ownership, and a thread's flag. The others are plain.
//! - Light fences: nothing but program order. A compiler that moves an access across a missing one is a
//!   [fault](fault::Fault).
//! - Records by handle and by label, the slow way, seats that appear, hand-over, resets, late records, draining, retirement.
//!   Every access to shared memory is a step of its own, and a thread may sleep for ever before any of them.
//!
//! # What is not
//!
//! - Loads are executed in program order. A load still overtakes earlier stores of its thread, as they wait in the buffer.
//!   Loads do not overtake loads: in the protocol they are Acquire (`ldar` or `ldapr` on AArch64), which forbids it. That a Release
//!   store (`stlr`) waits for an earlier load is program order here as well.
//! - A Release store followed by an Acquire load may be reordered here. AArch64 forbids it for `stlr` and `ldar` but not for
//!   `ldapr`, so the model allows more than the machine does.
//! - A locked instruction (putting a seat on its list, claiming one) is a full fence, as on x86; elsewhere it may be less.
//! - A store is seen by all other threads at once, as on x86 and AArch64, not as on POWER.
//! - The order that the language gives to Release and Acquire, beyond what machines need: see the faults that no
//!   machine shows.
//! - The wrap-around of a scan's number, fork, and what a thread does without the protocol.
//!
//! # How to read a failure
//!
//! A search is breadth first: the trace that a failing test prints is a shortest one. Seats and slots are numbered generation by
//! generation, from 0; writers, records and scans from 1. `cargo test -p runtime-metrics --test tso -- --nocapture` shows how
//! many states were visited and what became of the faults; `--ignored` adds bigger scopes.

mod codec;
mod collector;
mod cut;
mod fault;
mod layout;
mod machine;
mod model;
mod record;
mod rule;
mod scenario;
mod search;
mod state;
mod trace;
mod verdict;
mod visited;
mod witness;
mod word;
mod writer;

use fault::Fault;
use machine::Machine;
use model::Model;
use rule::Rule;
use scenario::Scenario;
use search::{Report, search};
use verdict::Verdict;
use witness::Witness::{
    self, CountedByForward, KeptDraining, LateRecordCarried, OpenedLate, Retired, SeatAppeared,
    SeatHandedOver, StaleMarkSkipped, TurnedAway,
};

const MACHINES: [Machine; 2] = [Machine::X86Tso, Machine::WeakStores];

/// Searches all of a scenario on both machines: every rule holds, and what the scenario is about does happen.
fn holds(scenario: &Scenario, witnesses: &[Witness]) {
    for machine in MACHINES {
        let report = search(&Model::new(scenario.clone(), machine, None));
        let Report { states, ends, .. } = report;
        println!("{machine:?}, {}: {states} states, {ends} ends", scenario.name);
        if let Some(violation) = report.violation {
            panic!("{machine:?}, {}: {violation}", scenario.name);
        }
        assert!(ends > 0, "{}: nothing comes to an end", scenario.name);
        for witness in witnesses {
            let met = report.witnesses.all();
            assert!(
                met.contains(witness),
                "{machine:?}, {}: {witness:?} is not among {met:?}",
                scenario.name
            );
        }
    }
}

#[test]
fn a_cause_is_counted_with_its_effect() {
    holds(&Scenario::chain(), &[CountedByForward, StaleMarkSkipped]);
}

#[test]
fn records_are_counted_in_the_order_of_real_time() {
    holds(&Scenario::real_time(), &[CountedByForward, StaleMarkSkipped]);
}

#[test]
fn a_thread_is_counted_in_its_own_order_over_several_cells() {
    holds(&Scenario::two_cells(), &[CountedByForward, StaleMarkSkipped]);
}

#[test]
fn a_stale_forward_changes_no_later_cut() {
    holds(&Scenario::stale_forward(), &[CountedByForward, StaleMarkSkipped]);
}

#[test]
fn a_seat_that_appears_during_a_scan_is_counted_if_it_must_be() {
    holds(&Scenario::new_seat(), &[SeatAppeared]);
    holds(&Scenario::new_cause(), &[SeatAppeared, CountedByForward]);
}

#[test]
fn a_seat_that_is_handed_over_loses_nothing() {
    holds(&Scenario::hand_over(), &[SeatHandedOver, CountedByForward]);
}

#[test]
fn a_reset_loses_nothing_and_frees_no_stripe_in_use() {
    let drains = [TurnedAway, LateRecordCarried, KeptDraining, Retired];
    holds(&Scenario::reset_by_handle(), &drains);
    holds(&Scenario::reset_by_label(), &drains);
    holds(&Scenario::reset_new_seat(), &[&drains[..], &[OpenedLate]].concat());
}

#[test]
fn two_generations_drain_at_once() {
    holds(&Scenario::two_resets(), &[TurnedAway, OpenedLate, LateRecordCarried, KeptDraining, Retired]);
}

#[test]
fn a_cause_is_counted_with_its_effect_over_a_reset() {
    holds(&Scenario::reset_chain(), &[CountedByForward, LateRecordCarried, SeatAppeared]);
}

#[test]
#[ignore = "a bigger scope: a minute or two"]
fn bigger_scopes_keep_the_rules_too() {
    holds(&Scenario::chain_backwards(), &[CountedByForward, StaleMarkSkipped]);
    holds(&Scenario::real_time_in_full(), &[CountedByForward, StaleMarkSkipped]);
    holds(&Scenario::reset_beside_another(), &[CountedByForward, LateRecordCarried, SeatAppeared, Retired]);
}

/// Tries the faults of the given kind of verdict, and shows what became of each.
fn try_faults(is_wanted: impl Fn(&Verdict) -> bool) {
    let mut tried = 0;
    for fault in Fault::ALL {
        let verdict = Verdict::on(fault);
        if is_wanted(&verdict) {
            verdict.check(fault);
            tried += 1;
        }
    }
    assert!(tried > 0, "no fault has this kind of verdict");
}

#[test]
fn every_fault_that_a_machine_can_show_breaks_its_rule() {
    try_faults(|verdict| matches!(verdict, Verdict::Caught { .. }));
}

#[test]
fn without_the_second_barrier_the_order_of_real_time_is_lost() {
    let model = Model::new(Scenario::real_time(), Machine::X86Tso, Some(Fault::SecondBarrierLeftOut));
    let rule = search(&model).violation.map(|violation| violation.rule);
    assert_eq!(rule, Some(Rule::RealTime));
}

#[test]
fn the_other_faults_break_nothing_in_these_scenarios() {
    try_faults(|verdict| matches!(verdict, Verdict::Unseen { .. }));
}
