//! The collector's path: one scan after the other, each step at most one access to shared memory.
//!
//! Stores that follow each other are one step: they part again in the buffer.

use crate::codec::Codec;
use crate::cut;
use crate::fault::Fault;
use crate::layout::{LISTED, Layout, WORD};
use crate::machine::Order;
use crate::model::{Model, Outcome};
use crate::scenario::Scan;
use crate::state::{COLLECTOR, State};
use crate::witness::{Witness, Witnesses};
use crate::word;

/// The most slots of a scenario.
pub(crate) const SLOTS: usize = 8;

/// A part of a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Phase {
    /// `open` = 0 on every seat of a draining generation.
    CloseSeats,
    /// W = scanning.
    Raise,
    /// The collector's own full fence.
    Fence,
    /// `membarrier`: a full fence on every other thread, each at a moment of its own.
    Barrier,
    /// Loads the seat lists.
    ReadLists,
    /// Loads `busy` of every seat of a draining generation.
    ReadBusy,
    /// Loads every A.
    FirstPass,
    /// W = idle; at a reset, in the next generation.
    Lower,
    /// Loads the seat lists again.
    ReadListsAgain,
    /// Loads every mark and, where the owner forwarded to this scan, every B.
    SecondPass,
    /// Loads every A of the generation that ends, for what is carried over later. Nothing of the protocol.
    ReadBaseline,
}

/// What the collector is doing, and what it has accounted for.
#[derive(Debug, Clone, Default)]
pub(crate) struct Collector {
    /// Scans taken.
    pub(crate) scan: u8,
    phase: u8,
    /// Within the phase: what is next, or which threads the barrier has still to come to.
    cursor: u8,
    /// The seats of the first and of the second list, one bit each.
    pub(crate) first: u8,
    pub(crate) second: u8,
    /// Generations in which a thread was busy, one bit each.
    pub(crate) busy: u8,
    /// Seats whose owner forwarded to this scan, one bit each.
    pub(crate) marked: u8,
    /// The first pass, by slot.
    pub(crate) a: [u8; SLOTS],
    /// The second pass, by slot.
    pub(crate) b: [u8; SLOTS],
    /// Events credited to one window or another, by slot.
    pub(crate) credited: [u8; SLOTS],
    /// In draining generations: the reading that later ones are compared with, by slot.
    pub(crate) accounted: [u8; SLOTS],
    pub(crate) current: u8,
    /// Generations that have ended and still have their stripes, one bit each.
    pub(crate) draining: u8,
}

impl Collector {
    pub(crate) fn is_done(&self, model: &Model) -> bool {
        usize::from(self.scan) == model.scenario.scans.len()
    }

    /// The threads to which the present barrier has not come yet, one bit each.
    pub(crate) fn awaited_barriers(&self, model: &Model) -> u8 {
        if self.is_done(model) || self.phase(model) != Phase::Barrier { 0 } else { self.cursor }
    }

    pub(crate) fn phase(&self, model: &Model) -> Phase {
        model.phases[usize::from(self.phase)]
    }

    pub(crate) fn is_reset(&self, model: &Model) -> bool {
        model.scenario.scans[usize::from(self.scan)] == Scan::Reset
    }

    pub(crate) fn is_draining(&self, generation: u8) -> bool {
        self.draining & 1 << generation != 0
    }

    /// Takes part in the scan.
    pub(crate) fn is_scanned(&self, generation: u8) -> bool {
        generation == self.current || self.is_draining(generation)
    }

    /// The number that the owners' marks are compared with.
    pub(crate) fn sequence(&self) -> u8 {
        self.scan + 1
    }

    pub(crate) fn visit(&mut self, layout: Layout, codec: &mut impl Codec) {
        let slots = usize::from(layout.slots());
        codec.nibbles(&mut self.scan, &mut self.phase);
        codec.byte(&mut self.cursor);
        codec.byte(&mut self.first);
        codec.byte(&mut self.second);
        codec.byte(&mut self.marked);
        codec.nibbles(&mut self.busy, &mut self.draining);
        codec.byte(&mut self.current);
        for values in [&mut self.a, &mut self.b, &mut self.credited, &mut self.accounted] {
            codec.all_nibbles(&mut values[..slots]);
        }
    }
}

/// The parts of a scan in order.
pub(crate) fn phases(fault: Option<Fault>) -> Vec<Phase> {
    use Phase::{
        Barrier, CloseSeats, Fence, FirstPass, Lower, Raise, ReadBaseline, ReadBusy, ReadLists,
        ReadListsAgain, SecondPass,
    };
    let opening = match fault {
        Some(Fault::OpenLeftOpen) => vec![Raise, Fence, Barrier, ReadLists, ReadBusy, FirstPass],
        Some(Fault::ClosedAfterFence) => {
            vec![Raise, Fence, Barrier, CloseSeats, ReadLists, ReadBusy, FirstPass]
        }
        Some(Fault::FirstFenceLeftOut) => vec![CloseSeats, Raise, ReadLists, ReadBusy, FirstPass],
        Some(Fault::FirstBarrierLeftOut) => vec![CloseSeats, Raise, Fence, ReadLists, ReadBusy, FirstPass],
        Some(Fault::QuietBeforeFence) => {
            vec![CloseSeats, Raise, ReadLists, ReadBusy, Fence, Barrier, ReadLists, FirstPass]
        }
        Some(Fault::QuietAfterFirstPass) => {
            vec![CloseSeats, Raise, Fence, Barrier, ReadLists, FirstPass, ReadBusy]
        }
        Some(Fault::QuietAfterClose) => vec![CloseSeats, Raise, Fence, Barrier, ReadLists, FirstPass],
        Some(Fault::QuietTakenForGranted) => vec![CloseSeats, Raise, Fence, Barrier, ReadLists, FirstPass],
        Some(Fault::ClosedBeforeFirstPass) => {
            vec![CloseSeats, Raise, Fence, Barrier, Lower, ReadLists, ReadBusy, FirstPass]
        }
        _ => vec![CloseSeats, Raise, Fence, Barrier, ReadLists, ReadBusy, FirstPass],
    };
    let closing = match fault {
        Some(Fault::ClosedBeforeFirstPass) => vec![Fence, Barrier, ReadListsAgain, SecondPass],
        Some(Fault::SecondFenceLeftOut) => vec![Lower, ReadListsAgain, SecondPass],
        Some(Fault::SecondBarrierLeftOut) => vec![Lower, Fence, ReadListsAgain, SecondPass],
        Some(Fault::QuietAfterClose) => vec![Lower, Fence, Barrier, ReadBusy, ReadListsAgain, SecondPass],
        Some(Fault::BaselineAfterScan) => {
            vec![Lower, Fence, Barrier, ReadListsAgain, SecondPass, ReadBaseline]
        }
        _ => vec![Lower, Fence, Barrier, ReadListsAgain, SecondPass],
    };
    [opening, closing].concat()
}

/// Makes the first scan ready to be taken.
pub(crate) fn set_out(model: &Model, state: &mut State) {
    state.collector.current = 1;
    go_on(model, state, 0);
}

/// Takes the collector's next step.
pub(crate) fn step(model: &Model, state: &mut State, witnesses: &mut Witnesses) -> Outcome {
    let layout = model.scenario.layout;
    let cursor = state.collector.cursor;
    let is_reset = state.collector.is_reset(model);
    let State { storage, collector, records, .. } = state;
    let load = |location| storage.load(COLLECTOR, location);
    match collector.phase(model) {
        Phase::CloseSeats => {
            for seat in (0..layout.seats()).filter(|&seat| collector.is_draining(layout.generation_of(seat)))
            {
                storage.store(COLLECTOR, layout.open(seat), 0, Order::Plain);
            }
        }
        Phase::Raise => {
            let moves = is_reset && model.has(Fault::NumberMovedFirst);
            let generation = collector.current + u8::from(moves);
            let raised = word::scanning(generation, collector.sequence());
            storage.store(COLLECTOR, WORD, raised, Order::Plain);
            records.asked = records.returned;
        }
        Phase::Fence => {
            if let Outcome::Broken(rule) = model.flush(state, COLLECTOR) {
                return Outcome::Broken(rule);
            }
        }
        Phase::Barrier => {} // it has come to every thread
        Phase::ReadLists => collector.first = load(LISTED),
        Phase::ReadBusy => {
            if load(layout.busy(cursor)) != 0 {
                if model.has(Fault::WaitsUntilQuiet) {
                    return Outcome::Waits;
                }
                collector.busy |= 1 << layout.generation_of(cursor);
            }
        }
        Phase::FirstPass => collector.a[usize::from(cursor)] = load(layout.counted(cursor)),
        Phase::Lower => {
            let lowered = word::idle(collector.current + u8::from(is_reset));
            storage.store(COLLECTOR, WORD, lowered, Order::Release);
        }
        Phase::ReadListsAgain => {
            collector.second = load(LISTED);
            if collector.second != collector.first {
                witnesses.note(Witness::SeatAppeared);
            }
        }
        Phase::SecondPass => {
            let (seat, part) = second_pass_part(layout, cursor);
            match part.checked_sub(1) {
                Some(cell) => {
                    let slot = layout.slot(seat, cell);
                    collector.b[usize::from(slot)] = load(layout.forwarded(slot));
                }
                None => {
                    let mark = load(layout.mark(seat));
                    let is_ours = mark == collector.sequence();
                    let is_taken = match model.fault {
                        Some(Fault::MarkComparedWrongly) => !is_ours,
                        Some(Fault::AnyMarkTaken) => mark != 0,
                        _ => is_ours,
                    };
                    collector.marked |= u8::from(is_taken) << seat;
                    if mark != 0 && !is_ours {
                        witnesses.note(Witness::StaleMarkSkipped);
                    }
                }
            }
        }
        Phase::ReadBaseline => collector.accounted[usize::from(cursor)] = load(layout.counted(cursor)),
    }
    advance(model, state, cursor + 1, witnesses)
}

/// A barrier has come to a thread.
pub(crate) fn barrier(model: &Model, state: &mut State, thread: usize, witnesses: &mut Witnesses) -> Outcome {
    state.collector.cursor &= !(1 << thread);
    if let Outcome::Broken(rule) = model.flush(state, thread) {
        return Outcome::Broken(rule);
    }
    if state.collector.cursor == 0 { advance(model, state, 1, witnesses) } else { Outcome::Moved }
}

/// Goes on from `cursor` in the present phase, and ends the scan if nothing is left to do.
fn advance(model: &Model, state: &mut State, cursor: u8, witnesses: &mut Witnesses) -> Outcome {
    go_on(model, state, cursor);
    let is_read = usize::from(state.collector.phase) == model.phases.len();
    if is_read { finish(model, state, witnesses) } else { Outcome::Moved }
}

/// Credits what the scan read, and makes the next one ready.
fn finish(model: &Model, state: &mut State, witnesses: &mut Witnesses) -> Outcome {
    if let Err(rule) = cut::credit(model, state, witnesses) {
        return Outcome::Broken(rule);
    }
    let collector = &mut state.collector;
    collector.scan += 1;
    collector.phase = 0;
    (collector.first, collector.second, collector.busy, collector.marked) = (0, 0, 0, 0);
    (collector.a, collector.b) = ([0; SLOTS], [0; SLOTS]);
    collector.cursor = 0;
    state.forget_settled(model);
    if !state.collector.is_done(model) {
        go_on(model, state, 0);
    }
    Outcome::Moved
}

/// In the second pass each seat's mark comes first, then its cells.
fn second_pass_part(layout: Layout, cursor: u8) -> (u8, u8) {
    (cursor / (1 + layout.cells), cursor % (1 + layout.cells))
}

/// Moves on to whatever is to do next, from `cursor` in the present phase.
fn go_on(model: &Model, state: &mut State, mut cursor: u8) {
    while let Some(&phase) = model.phases.get(usize::from(state.collector.phase)) {
        if let Some(next) = next_in(model, state, phase, cursor) {
            state.collector.cursor = next;
            return;
        }
        state.collector.phase += 1;
        cursor = 0;
    }
    state.collector.cursor = 0;
}

/// What is to do in a phase, from `cursor` on.
fn next_in(model: &Model, state: &mut State, phase: Phase, cursor: u8) -> Option<u8> {
    let layout = model.scenario.layout;
    let collector = &state.collector;
    let is_scanned =
        |seat: u8, list: u8| list & 1 << seat != 0 && collector.is_scanned(layout.generation_of(seat));
    match phase {
        Phase::CloseSeats => (cursor == 0 && collector.draining != 0).then_some(0),
        Phase::Raise | Phase::Fence | Phase::Lower => (cursor == 0).then_some(0),
        Phase::Barrier => {
            let may_matter =
                |writer: &usize| !state.is_done(model, *writer) || !state.storage.waiting(*writer).is_empty();
            let awaited =
                (0..model.scenario.scripts.len()).filter(may_matter).fold(0, |set, writer| set | 1 << writer);
            (cursor == 0 && awaited != 0).then_some(awaited)
        }
        Phase::ReadLists if !model.lists_change => {
            state.collector.first = state.storage.memory(LISTED);
            None
        }
        Phase::ReadListsAgain if !model.lists_change || model.has(Fault::ListsReadOnce) => {
            state.collector.second = collector.first;
            None
        }
        Phase::ReadLists | Phase::ReadListsAgain => (cursor == 0).then_some(0),
        Phase::ReadBusy => (cursor..layout.seats()).find(|&seat| {
            let generation = layout.generation_of(seat);
            collector.first & 1 << seat != 0 && collector.is_draining(generation)
        }),
        Phase::FirstPass => {
            (cursor..layout.slots()).find(|&slot| is_scanned(layout.seat_of(slot), collector.first))
        }
        Phase::SecondPass => (cursor..layout.seats() * (1 + layout.cells)).find(|&cursor| {
            let (seat, part) = second_pass_part(layout, cursor);
            is_scanned(seat, collector.second) && (part == 0 || collector.marked & 1 << seat != 0)
        }),
        Phase::ReadBaseline => (cursor..layout.slots()).find(|&slot| {
            let seat = layout.seat_of(slot);
            collector.is_reset(model)
                && layout.generation_of(seat) == collector.current
                && is_scanned(seat, collector.second)
        }),
    }
}
