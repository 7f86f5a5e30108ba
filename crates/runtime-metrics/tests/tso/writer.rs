//! The writer's path: one record, step by step, each step at most one access to shared memory.
//!
//! `A[c] += 1` is one step: nobody else stores to A while the thread owns the seat.

use crate::codec::Codec;
use crate::fault::Fault;
use crate::layout::{LISTED, WORD};
use crate::machine::Order;
use crate::model::{Model, Outcome};
use crate::record::{Record, Set, set_of};
use crate::rule::Rule;
use crate::scenario::{By, Task};
use crate::state::State;
use crate::witness::{Witness, Witnesses};
use crate::word;

/// A thread without a shortcut to a seat.
const NO_SEAT: u8 = 15;

/// What a writer is doing.
#[derive(Debug, Clone)]
pub(crate) struct Writer {
    /// Its place in its script.
    pub(crate) task: u8,
    /// 0 between tasks, else one more than its place in the path of a record.
    pub(crate) at: u8,
    /// The seat in use, and between records the thread's shortcut to it.
    pub(crate) seat: u8,
    /// W as loaded after the add; 0 before.
    word: u8,
    /// The records that this thread knows to have returned.
    knows: Set,
}

impl Default for Writer {
    fn default() -> Self {
        Self { task: 0, at: 0, seat: NO_SEAT, word: 0, knows: 0 }
    }
}

impl Writer {
    /// Drops what it knows of records that are settled.
    pub(crate) fn forget(&mut self, settled: Set) {
        self.knows &= !settled;
    }

    pub(crate) fn visit(&mut self, codec: &mut impl Codec) {
        codec.nibbles(&mut self.task, &mut self.seat);
        codec.byte(&mut self.at);
        codec.byte(&mut self.word);
        codec.byte(&mut self.knows);
    }
}

/// A step of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// `busy` = 1.
    Announce,
    /// Loads `open`, or W: in, or the slow way.
    Enter,
    /// `busy` = 0, on the slow way.
    Withdraw,
    /// Loads W for the current generation, in which to find a seat.
    Seek,
    /// Puts the seat on its list, by a locked instruction.
    List,
    /// `busy` = 1, on the slow way.
    AnnounceAgain,
    /// Loads W: is the seat's generation still the current one?
    Verify,
    /// Loads `open`, and stores it if it is closed.
    Open,
    /// A += 1.
    Add,
    /// Loads W.
    Look,
    /// `mark` = the scan's number.
    Mark,
    /// B = A.
    Forward,
    /// `open` = 0, on a seat whose generation is not current any more.
    Close,
    /// `busy` = 0.
    Leave,
}

/// The steps of a record in order: the fast way in, the slow way in, and what both lead to.
#[derive(Debug)]
pub(crate) struct Path {
    pub(crate) steps: Vec<Step>,
    /// Where the slow way begins.
    slow: usize,
    /// Where the two ways meet.
    body: usize,
}

impl Path {
    pub(crate) fn new(announces: bool, fault: Option<Fault>) -> Self {
        use Step::{
            Add, Announce, AnnounceAgain, Close, Enter, Forward, Leave, List, Look, Mark, Open, Seek, Verify,
            Withdraw,
        };
        let mut fast = vec![Announce, Enter];
        let mut slow = vec![Withdraw, Seek, List, AnnounceAgain, Verify, Open];
        let mut body = vec![Add, Look, Mark, Forward, Close, Leave];
        match fault {
            Some(Fault::LookBeforeAdd) => body.swap(0, 1),
            Some(Fault::ForwardLeftOut) => body.retain(|&step| step != Forward),
            Some(Fault::MarkAfterForward) => body.swap(2, 3),
            Some(Fault::MarkLeftOut) => body.retain(|&step| step != Mark),
            Some(Fault::LeftBeforeLook) => body = vec![Add, Leave, Look, Mark, Forward, Close],
            Some(Fault::OutdatedLeftOpen) => body.retain(|&step| step != Close),
            Some(Fault::EnteredBeforeBusy) => fast.swap(0, 1),
            Some(Fault::BusyLeftOut) => {
                fast.retain(|&step| step != Announce);
                slow.retain(|&step| step != AnnounceAgain);
            }
            Some(Fault::SlowWayUnverified) => slow.retain(|&step| step != Verify),
            Some(Fault::VerifiedBeforeBusy) => slow.swap(3, 4),
            Some(Fault::ListedLate) => {
                slow.retain(|&step| step != List);
                body.push(List);
            }
            _ => {}
        }
        if !announces {
            fast.clear();
            slow.retain(|&step| matches!(step, Withdraw | Seek | List));
            body.retain(|&step| !matches!(step, Close | Leave));
        }
        let (entry, join) = (fast.len(), fast.len() + slow.len());
        Self { steps: [fast, slow, body].concat(), slow: entry, body: join }
    }

    /// Whether a writer there is between having entered and having left.
    pub(crate) fn is_inside(&self, at: u8) -> bool {
        let Some(position) = usize::from(at).checked_sub(1) else { return false };
        let leave = self.steps.iter().position(|&step| step == Step::Leave);
        position >= self.body && leave.is_some_and(|leave| position <= leave)
    }

    /// The step that a writer takes next in a record.
    pub(crate) fn step(&self, writer: &Writer) -> Step {
        self.steps[self.position(writer)]
    }

    /// The position that follows `position`.
    fn after(&self, position: usize, is_turned_away: bool) -> usize {
        match position + 1 {
            _ if is_turned_away => self.slow,
            next if next == self.slow => self.body,
            next => next,
        }
    }

    fn position(&self, writer: &Writer) -> usize {
        match usize::from(writer.at).checked_sub(1) {
            Some(position) => position,
            None if writer.seat == NO_SEAT => self.slow + 1,
            None if self.slow == 0 => self.body,
            None => 0,
        }
    }
}

/// Takes the next step of a writer.
pub(crate) fn step(model: &Model, state: &mut State, thread: usize, witnesses: &mut Witnesses) -> Outcome {
    let layout = model.scenario.layout;
    let writer = state.writers[thread].clone();
    match model.scenario.scripts[thread].tasks[usize::from(writer.task)] {
        Task::Record { by, cell } => return record(model, state, thread, by, cell, witnesses),
        Task::RaiseFlag => {
            state.storage.store(thread, layout.flag(thread as u8), writer.knows, Order::Release);
        }
        Task::ReadFlag { of } => {
            let told = state.storage.load(thread, layout.flag(of));
            state.writers[thread].knows |= told & !state.settled(model);
        }
        Task::GiveUp => {
            let order = if model.has(Fault::GivenUpPlain) { Order::Plain } else { Order::Release };
            state.storage.store(thread, layout.owned(writer.seat), 0, order);
        }
        Task::Claim { seat } => {
            if let Outcome::Broken(rule) = model.flush(state, thread) {
                return Outcome::Broken(rule);
            }
            if state.storage.memory(layout.owned(seat)) == 0 {
                state.storage.set(layout.owned(seat), 1);
                state.writers[thread].seat = seat;
                witnesses.note(Witness::SeatHandedOver);
            }
        }
    }
    state.writers[thread].task += 1;
    Outcome::Moved
}

fn record(
    model: &Model,
    state: &mut State,
    thread: usize,
    by: By,
    cell: u8,
    witnesses: &mut Witnesses,
) -> Outcome {
    let layout = model.scenario.layout;
    let path = &model.path;
    let number = model.record_number(thread, state.writers[thread].task);
    let position = path.position(&state.writers[thread]);
    if state.writers[thread].at == 0 {
        let saw = if model.scenario.in_real_time { state.records.returned } else { 0 };
        state.records.all[number] = Record { slot: 0, value: 0, knew: state.writers[thread].knows, saw };
    }
    let writer = &mut state.writers[thread];
    let seat = writer.seat;
    let slot = if seat == NO_SEAT { 0 } else { layout.slot(seat, cell) };
    let storage = &mut state.storage;
    let cells = if model.has(Fault::CellsPlain) { Order::Plain } else { Order::Release };
    let mut is_turned_away = false;
    match path.steps[position] {
        Step::Announce | Step::AnnounceAgain => storage.store(thread, layout.busy(seat), 1, Order::Plain),
        Step::Enter => {
            let may_enter = match by {
                By::Handle => storage.load(thread, layout.open(seat)) != 0,
                By::Label => storage.load(thread, WORD) == word::idle(layout.generation_of(seat)),
            };
            if !may_enter {
                is_turned_away = true;
                witnesses.note(Witness::TurnedAway);
            }
        }
        Step::Withdraw => storage.store(thread, layout.busy(seat), 0, Order::Release),
        Step::Seek => {
            let generation = word::generation(storage.load(thread, WORD));
            writer.seat = layout.seat_at(generation, model.scenario.scripts[thread].place);
        }
        Step::List => {
            let listed = 1 << seat;
            if let Outcome::Broken(rule) = model.flush(state, thread) {
                return Outcome::Broken(rule);
            }
            state.storage.set(LISTED, state.storage.memory(LISTED) | listed);
        }
        Step::Verify => {
            is_turned_away = word::generation(storage.load(thread, WORD)) != layout.generation_of(seat);
        }
        Step::Open => {
            if storage.load(thread, layout.open(seat)) == 0 {
                storage.store(thread, layout.open(seat), 1, Order::Plain);
                if word::generation(storage.memory(WORD)) != layout.generation_of(seat) {
                    witnesses.note(Witness::OpenedLate);
                }
            }
        }
        Step::Add => {
            let value = storage.load(thread, layout.counted(slot)) + 1;
            storage.store(thread, layout.counted(slot), value, cells);
            state.records.all[number].slot = slot;
            state.records.all[number].value = value;
            if state.is_freed(layout.generation_of(seat)) {
                return Outcome::Broken(Rule::NoFreedStripe);
            }
        }
        Step::Look => writer.word = storage.load(thread, WORD),
        Step::Mark => {
            storage.store(thread, layout.mark(seat), word::sequence(writer.word), Order::Plain);
        }
        Step::Forward => {
            let counted = storage.load(thread, layout.counted(slot));
            let value = match model.fault {
                Some(Fault::OldValueForwarded) => counted - 1,
                Some(Fault::TooMuchForwarded) => counted + 1,
                _ => counted,
            };
            storage.store(thread, layout.forwarded(slot), value, cells);
            if state.is_freed(layout.generation_of(seat)) {
                return Outcome::Broken(Rule::NoFreedStripe);
            }
        }
        Step::Close => storage.store(thread, layout.open(seat), 0, Order::Plain),
        Step::Leave => {
            let order = match model.fault {
                Some(Fault::LeftPlain | Fault::CellsPlain) => Order::Plain,
                _ => Order::Release,
            };
            storage.store(thread, layout.busy(seat), 0, order);
        }
    }
    go_on(model, state, thread, number, path.after(position, is_turned_away));
    Outcome::Moved
}

/// Moves on to the next step that applies, or ends the record.
fn go_on(model: &Model, state: &mut State, thread: usize, number: usize, mut next: usize) {
    let path = &model.path;
    let listed = state.storage.memory(LISTED);
    let returned = set_of(number) & !state.settled(model);
    let writer = &mut state.writers[thread];
    while let Some(step) = path.steps.get(next) {
        let applies = match step {
            Step::Mark | Step::Forward => word::is_scanning(writer.word),
            Step::Close => word::generation(writer.word) != model.scenario.layout.generation_of(writer.seat),
            Step::List => listed & 1 << writer.seat == 0,
            _ => true,
        };
        if applies {
            writer.at = next as u8 + 1;
            return;
        }
        next += 1;
    }
    writer.word = 0;
    writer.at = 0;
    writer.task += 1;
    writer.knows |= returned;
    state.records.returned |= returned;
}
