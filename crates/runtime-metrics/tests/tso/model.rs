//! The protocol, with or without a fault, on one of the machines, in one scenario.

use crate::collector::{self, Phase};
use crate::cut;
use crate::fault::Fault;
use crate::layout::{LISTED, WORD};
use crate::machine::Machine;
use crate::record::RECORDS;
use crate::rule::Rule;
use crate::scenario::{Scenario, Task};
use crate::state::{Action, COLLECTOR, State, WRITERS};
use crate::witness::Witnesses;
use crate::word;
use crate::writer::{self, Path};

/// What to search.
#[derive(Debug)]
pub(crate) struct Model {
    pub(crate) scenario: Scenario,
    pub(crate) machine: Machine,
    pub(crate) fault: Option<Fault>,
    /// The steps of a record.
    pub(crate) path: Path,
    /// The parts of a scan.
    pub(crate) phases: Vec<Phase>,
    /// Locations in use.
    pub(crate) locations: usize,
    /// Records of all writers.
    pub(crate) records: usize,
    /// Seats may appear.
    pub(crate) lists_change: bool,
}

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    Moved,
    /// The thread cannot go on by itself.
    Waits,
    Broken(Rule),
}

impl Model {
    pub(crate) fn new(scenario: Scenario, machine: Machine, fault: Option<Fault>) -> Self {
        let mut scenario = scenario;
        if fault == Some(Fault::GivenUpEarly) {
            for tasks in scenario.scripts.iter_mut().map(|script| &mut script.tasks) {
                if let [.., record, last @ Task::GiveUp] = &mut tasks[..] {
                    std::mem::swap(record, last);
                }
            }
        }
        let tasks = scenario.scripts.iter().flat_map(|script| &script.tasks);
        let records = tasks.filter(|task| matches!(task, Task::Record { .. })).count();
        assert!(records <= RECORDS && scenario.scripts.len() <= WRITERS, "the scenario is too big");
        Self {
            machine,
            fault,
            path: Path::new(scenario.announces, fault),
            phases: collector::phases(fault),
            locations: scenario.layout.locations(),
            records,
            lists_change: scenario.layout.generations > 1
                || scenario.scripts.iter().any(|script| !script.is_seated),
            scenario,
        }
    }

    pub(crate) fn has(&self, fault: Fault) -> bool {
        self.fault == Some(fault)
    }

    /// The state in which generation 1 is current and nothing has been recorded.
    pub(crate) fn start(&self) -> State {
        let layout = self.scenario.layout;
        let mut state = State::new();
        state.storage.set(WORD, word::idle(1));
        for (writer, script) in
            self.scenario.scripts.iter().enumerate().filter(|(_, script)| script.is_seated)
        {
            let seat = layout.seat_at(1, script.place);
            state.writers[writer].seat = seat;
            state.storage.set(layout.open(seat), 1);
            state.storage.set(layout.owned(seat), 1);
            state.storage.set(LISTED, state.storage.memory(LISTED) | 1 << seat);
        }
        collector::set_out(self, &mut state);
        state
    }

    /// Makes one thing happen.
    pub(crate) fn apply(&self, state: &mut State, action: Action, witnesses: &mut Witnesses) -> Outcome {
        match action {
            Action::Step(COLLECTOR) => collector::step(self, state, witnesses),
            Action::Step(thread) => writer::step(self, state, thread, witnesses),
            Action::Drain(thread, position) => self.drain(state, thread, position),
            Action::Barrier(thread) => collector::barrier(self, state, thread, witnesses),
        }
    }

    /// Empties a thread's buffer into memory: a full fence.
    pub(crate) fn flush(&self, state: &mut State, thread: usize) -> Outcome {
        while !state.storage.waiting(thread).is_empty() {
            if let Outcome::Broken(rule) = self.drain(state, thread, 0) {
                return Outcome::Broken(rule);
            }
        }
        Outcome::Moved
    }

    fn drain(&self, state: &mut State, thread: usize, position: usize) -> Outcome {
        let store = state.storage.drain(thread, position);
        match self.scenario.layout.stripe_generation(store.location) {
            Some(generation) if state.is_freed(generation) => Outcome::Broken(Rule::NoFreedStripe),
            _ => Outcome::Moved,
        }
    }

    /// What must hold where nothing can happen any more.
    pub(crate) fn check_end(&self, state: &State) -> Outcome {
        let are_done = (0..self.scenario.scripts.len()).all(|writer| state.is_done(self, writer));
        if !are_done || !state.collector.is_done(self) {
            return Outcome::Waits;
        }
        match cut::check_ledger(self, state) {
            Ok(()) => Outcome::Moved,
            Err(rule) => Outcome::Broken(rule),
        }
    }

    /// The number of the record that is a writer's task, counted over all writers.
    pub(crate) fn record_number(&self, writer: usize, task: u8) -> usize {
        let is_record = |task: &&Task| matches!(task, Task::Record { .. });
        let earlier = self.scenario.scripts[..writer].iter().flat_map(|script| &script.tasks);
        let own = &self.scenario.scripts[writer].tasks[..usize::from(task)];
        earlier.filter(is_record).count() + own.iter().filter(is_record).count()
    }
}
