//! What the collector makes of a scan, and whether that is a cut.

use crate::fault::Fault;
use crate::layout::Layout;
use crate::model::Model;
use crate::record::Set;
use crate::rule::Rule;
use crate::state::State;
use crate::witness::{Witness, Witnesses};

/// Credits every event that the scan found, checks the rules, and takes quiet generations away.
pub(crate) fn credit(model: &Model, state: &mut State, witnesses: &mut Witnesses) -> Result<(), Rule> {
    let layout = model.scenario.layout;
    let is_reset = state.collector.is_reset(model);
    let scanned = (0..layout.slots()).filter(|&slot| {
        let seat = layout.seat_of(slot);
        let is_listed = state.collector.second & 1 << seat != 0;
        is_listed && state.collector.is_scanned(layout.generation_of(seat))
    });
    for slot in scanned.collect::<Vec<_>>() {
        credit_slot(model, state, slot, is_reset, witnesses)?;
    }
    check(model, state)?;
    let collector = &mut state.collector;
    let retired = collector.draining & !collector.busy;
    if collector.draining & collector.busy != 0 {
        witnesses.note(Witness::KeptDraining);
    }
    collector.draining &= collector.busy;
    if is_reset {
        collector.draining |= 1 << collector.current;
        collector.current += 1;
    }
    retire(model, state, retired, witnesses)
}

fn credit_slot(
    model: &Model,
    state: &mut State,
    slot: u8,
    is_reset: bool,
    witnesses: &mut Witnesses,
) -> Result<(), Rule> {
    let layout = model.scenario.layout;
    let generation = layout.generation_of(layout.seat_of(slot));
    let count = count(model, state, slot, witnesses);
    let collector = &mut state.collector;
    let (credited, accounted) =
        (&mut collector.credited[usize::from(slot)], &mut collector.accounted[usize::from(slot)]);
    if generation == collector.current {
        if count < *credited {
            return Err(Rule::NoCountDown);
        }
        *credited = count;
        if is_reset && !model.has(Fault::BaselineAfterScan) {
            *accounted = count;
        }
        return Ok(());
    }
    let late = count.checked_sub(*accounted).ok_or(Rule::NoCountDown)?;
    if late > 0 {
        witnesses.note(Witness::LateRecordCarried);
    }
    let is_last = collector.busy & 1 << generation == 0;
    if !(is_last && model.has(Fault::FinalCountsDropped)) {
        *credited += late;
    }
    *accounted = count;
    Ok(())
}

/// What the two passes say about a slot.
fn count(model: &Model, state: &State, slot: u8, witnesses: &mut Witnesses) -> u8 {
    let layout = model.scenario.layout;
    let collector = &state.collector;
    let seat = layout.seat_of(slot);
    let matched = if model.has(Fault::MatchedByPosition) {
        let position =
            (0..seat).filter(|&before| shares_list(layout, collector.second, seat, before)).count();
        let mut first =
            (0..layout.seats()).filter(|&other| shares_list(layout, collector.first, seat, other));
        first.nth(position)
    } else {
        Some(seat).filter(|&seat| collector.first & 1 << seat != 0)
    };
    let cell = slot - layout.slot(seat, 0);
    let a = matched.map_or(0, |seat| collector.a[usize::from(layout.slot(seat, cell))]);
    let b = collector.b[usize::from(slot)];
    if b > a {
        witnesses.note(Witness::CountedByForward);
    }
    match model.fault {
        Some(Fault::FirstPassAlone) => a,
        Some(Fault::SecondPassInstead) if collector.marked & 1 << seat != 0 => b,
        _ => a.max(b),
    }
}

/// Whether `other` stands in `list`, in the same generation as `seat`.
fn shares_list(layout: Layout, list: u8, seat: u8, other: u8) -> bool {
    list & 1 << other != 0 && layout.generation_of(seat) == layout.generation_of(other)
}

/// Rules 1 and 2, and what of rule 4 shows in a cut.
fn check(model: &Model, state: &State) -> Result<(), Rule> {
    let layout = model.scenario.layout;
    let credited = &state.collector.credited;
    let has_reset = state.collector.current > 1;
    for slot in 0..layout.slots() {
        if credited[usize::from(slot)] > state.records.added(slot) {
            return Err(if has_reset { Rule::NothingLostOrDoubled } else { Rule::LaterExcluded });
        }
    }
    let counted = state.records.counted(credited);
    let is_subset = |set: Set| set & !counted == 0;
    for (number, record) in state.records.all[..model.records].iter().enumerate() {
        let generation = layout.generation_of(layout.seat_of(record.slot));
        if state.records.asked & !counted & 1 << number != 0 {
            let is_old = generation < state.collector.current;
            return Err(if is_old { Rule::NothingLostOrDoubled } else { Rule::CompletedIncluded });
        }
    }
    for (number, record) in state.records.all[..model.records].iter().enumerate() {
        if counted & 1 << number == 0 {
            continue;
        }
        if !is_subset(record.knew) {
            return Err(Rule::Causality);
        }
        if !is_subset(record.saw) {
            return Err(Rule::RealTime);
        }
    }
    Ok(())
}

/// Takes the stripes of generations away.
fn retire(model: &Model, state: &mut State, retired: u8, witnesses: &mut Witnesses) -> Result<(), Rule> {
    state.freed |= retired;
    if retired != 0 {
        witnesses.note(Witness::Retired);
    }
    let is_inside = state.writers.iter().any(|writer| {
        model.path.is_inside(writer.at) && state.is_freed(model.scenario.layout.generation_of(writer.seat))
    });
    if is_inside { Err(Rule::NoFreedStripe) } else { Ok(()) }
}

/// Rule 4 when everything has come to an end: what was credited and what is still to be read is what was recorded.
pub(crate) fn check_ledger(model: &Model, state: &State) -> Result<(), Rule> {
    let layout = model.scenario.layout;
    let collector = &state.collector;
    for slot in 0..layout.slots() {
        let generation = layout.generation_of(layout.seat_of(slot));
        let a = state.storage.memory(layout.counted(slot));
        let credited = collector.credited[usize::from(slot)];
        let unread = match () {
            () if state.is_freed(generation) => 0,
            () if collector.is_draining(generation) => {
                a.saturating_sub(collector.accounted[usize::from(slot)])
            }
            () => a.saturating_sub(credited),
        };
        if credited + unread != state.records.added(slot) {
            return Err(Rule::NothingLostOrDoubled);
        }
    }
    Ok(())
}
