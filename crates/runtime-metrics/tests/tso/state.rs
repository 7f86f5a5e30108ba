//! One state of the whole: memory, buffers, what every thread is doing, and the onlooker's notes.

use crate::codec::Codec;
use crate::collector::Collector;
use crate::machine::{Machine, Storage, THREADS};
use crate::model::Model;
use crate::record::{Records, Set};
use crate::writer::Writer;

/// The most writers of a scenario.
pub(crate) const WRITERS: usize = THREADS - 1;
/// The collector's number among the threads.
pub(crate) const COLLECTOR: usize = WRITERS;

/// A state.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) storage: Storage,
    pub(crate) writers: [Writer; WRITERS],
    pub(crate) collector: Collector,
    pub(crate) records: Records,
    /// The generations whose stripes have been taken away, one bit each.
    pub(crate) freed: u8,
}

/// What can happen next.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    /// A thread takes its next step.
    Step(usize),
    /// A store reaches memory.
    Drain(usize, usize),
    /// The barrier that the collector asked for comes to a thread: it executes a full fence.
    Barrier(usize),
}

impl State {
    pub(crate) fn new() -> Self {
        Self {
            storage: Storage::new(),
            writers: std::array::from_fn(|_| Writer::default()),
            collector: Collector::default(),
            records: Records::default(),
            freed: 0,
        }
    }

    /// Everything that can happen next.
    pub(crate) fn actions(&self, model: &Model, actions: &mut Vec<Action>) {
        actions.clear();
        let unfinished = (0..model.scenario.scripts.len()).filter(|&writer| !self.is_done(model, writer));
        actions.extend(unfinished.map(Action::Step));
        match self.collector.awaited_barriers(model) {
            0 if self.collector.is_done(model) => {}
            0 => actions.push(Action::Step(COLLECTOR)),
            awaited => {
                actions.extend((0..WRITERS).filter(|writer| awaited & 1 << writer != 0).map(Action::Barrier));
            }
        }
        for thread in self.storage.threads() {
            let waiting = match model.machine {
                Machine::X86Tso => self.storage.waiting(thread).len().min(1),
                Machine::WeakStores => self.storage.waiting(thread).len(),
            };
            let may = (0..waiting).filter(|&store| self.storage.may_drain(model.machine, thread, store));
            actions.extend(may.map(|store| Action::Drain(thread, store)));
        }
    }

    /// The records that no later cut can get wrong: those that earlier ones have counted, as no count goes down,
    /// and all once the last is taken.
    pub(crate) fn settled(&self, model: &Model) -> Set {
        if self.collector.is_done(model) { Set::MAX } else { self.records.counted(&self.collector.credited) }
    }

    /// Forgets what was noted to check records that are settled. It keeps states few, and no thread ever decides
    /// anything by it.
    pub(crate) fn forget_settled(&mut self, model: &Model) {
        let settled = self.settled(model);
        self.records.forget(settled);
        for writer in 0..model.scenario.layout.writers {
            self.writers[usize::from(writer)].forget(settled);
            self.storage.clear_bits(model.scenario.layout.flag(writer), settled);
        }
    }

    pub(crate) fn is_done(&self, model: &Model, writer: usize) -> bool {
        usize::from(self.writers[writer].task) == model.scenario.scripts[writer].tasks.len()
    }

    pub(crate) fn is_freed(&self, generation: u8) -> bool {
        self.freed & 1 << generation != 0
    }

    pub(crate) fn visit(&mut self, model: &Model, codec: &mut impl Codec) {
        self.storage.visit(model.locations, codec);
        for writer in &mut self.writers[..model.scenario.scripts.len()] {
            writer.visit(codec);
        }
        self.collector.visit(model.scenario.layout, codec);
        self.records.visit(model.records, model.scenario.in_real_time, codec);
        codec.byte(&mut self.freed);
    }
}
