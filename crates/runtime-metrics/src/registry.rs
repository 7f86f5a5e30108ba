//! One set of counters: where threads enter it, and where cuts are taken of it.

#![allow(unsafe_code)] // takes the stripes back when it is dropped

use std::mem;
use std::panic::RefUnwindSafe;
use std::sync::Arc;
use std::time::Duration;

use crossbeam_utils::CachePadded;
use runtime_identity::ProcessIdentity;
use runtime_identity::clock::Monotonic;
use runtime_identity::fork::process_life;

use crate::collector::Reset;
use crate::fence::FenceMode;
use crate::generation::Generation;
use crate::hashing::{LabelHash, label_hash};
use crate::label::LowerCase;
use crate::limits::Limits;
use crate::phase::{Phase, PhaseWord};
use crate::snapshot::{ProcessRuntimeSnapshot, Snapshot};
use crate::state::State;
use crate::sync::ArcSwap;
use crate::tables::Tables;
use crate::thread;
use crate::window::Window;

pub(crate) struct Registry {
    /// Read by every record, written by scans only.
    phase: CachePadded<PhaseWord>,
    state: ArcSwap<State>,
    limits: Limits,
    lower_case: LowerCase,
    hasher: LabelHash,
}

impl Registry {
    pub(crate) fn new(mode: FenceMode, limits: Limits, lower_case: LowerCase) -> Self {
        thread::forget_seats_on_fork();
        let hasher = label_hash();
        let generation = Generation::new(Tables::new(limits, hasher.clone()).lower_casing(lower_case));
        let window = Window::beginning(Monotonic::now());
        let state = State::new(process_life(), Phase::NONE, mode, generation, window);
        let phase = CachePadded::new(PhaseWord::new(Phase::NONE));
        state.settle(&phase);
        Self { phase, state: ArcSwap::from_pointee(state), limits, lower_case, hasher }
    }

    #[inline]
    pub(crate) fn phase(&self) -> &PhaseWord {
        &self.phase
    }

    /// The generation that was current a moment ago. Lock-free: each further turn means that a reset has come in
    /// between.
    pub(crate) fn open_generation(&self) -> Arc<Generation> {
        loop {
            let state = self.state();
            state.settle(&self.phase);
            let number = self.phase.load().number();
            let open = state.open.load();
            if let Some(current) = open.iter().find(|generation| generation.number == number) {
                return Arc::clone(current);
            }
        }
    }

    /// Takes a cut and publishes it.
    pub(crate) fn snapshot(&self) -> Snapshot {
        self.snapshot_unless(|_| false)
    }

    /// The last published snapshot if it is at most `max_age` old, else a new one. Callers that come while one
    /// is taken share it if it is young enough when they get their turn.
    pub(crate) fn snapshot_within(&self, max_age: Duration) -> Snapshot {
        let latest = self.latest();
        if latest.age() <= max_age { latest } else { self.snapshot_unless(|latest| latest.age() <= max_age) }
    }

    /// The last published snapshot.
    pub(crate) fn latest(&self) -> Snapshot {
        Snapshot::clone(&self.state().latest.load())
    }

    /// Ends the window, and returns the snapshot of it.
    pub(crate) fn reset(&self) -> Snapshot {
        let state = self.state();
        let next = self.new_generation();
        let mut collector = state.collector();
        // Writers that find the phase to name the next generation find it here, others the old one.
        state.open.rcu(|open| open.iter().chain([&next]).cloned().collect::<Vec<_>>());
        let Reset { ended, opened } = collector.reset(&self.phase, Arc::clone(&next));
        state.open.store(Arc::new(vec![next]));
        state.latest.store(Arc::new(opened));
        ended
    }

    /// Identity and uptime, without a cut.
    pub(crate) fn process(&self) -> ProcessRuntimeSnapshot {
        ProcessRuntimeSnapshot::now(self.latest().window())
    }

    fn snapshot_unless(&self, is_good: impl FnOnce(&Snapshot) -> bool) -> Snapshot {
        let state = self.state();
        let mut collector = state.collector();
        let latest = state.latest.load_full();
        if is_good(&latest) {
            return Snapshot::clone(&latest);
        }
        let snapshot = collector.snapshot(&self.phase);
        state.latest.store(Arc::new(snapshot.clone()));
        snapshot
    }

    /// The state of this process life.
    pub(crate) fn state(&self) -> Arc<State> {
        let life = process_life();
        loop {
            let state = self.state.load_full();
            if state.life == life {
                return state;
            }
            // The child's window began with its life, at the fork.
            let window = Window::beginning(ProcessIdentity::current().started());
            let inherited = self.phase.load();
            let fresh = State::new(life, inherited, inherited.mode(), self.new_generation(), window);
            self.state.compare_and_swap(&state, Arc::new(fresh));
            // A parent's state is never dropped: other threads were at work in it when it was copied.
            mem::forget(state);
        }
    }

    fn new_generation(&self) -> Arc<Generation> {
        Generation::new(Tables::new(self.limits, self.hasher.clone()).lower_casing(self.lower_case))
    }
}

// A panic leaves a registry as it was: none can come out of the middle of a change to it (`Entry` leaves on
// unwinding too).
impl RefUnwindSafe for Registry {}

impl Drop for Registry {
    fn drop(&mut self) {
        let state = self.state.load_full();
        if state.life == process_life() {
            // SAFETY: the registry is borrowed exclusively, so no record is in progress and none will be.
            unsafe { state.collector().retire() };
        } else {
            // Never used in this process life: the parent's state is never dropped.
            mem::forget(state);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Metrics;

    fn seats(registry: &Registry) -> usize {
        registry.open_generation().seats().len()
    }

    #[test]
    fn there_are_not_more_stripes_than_the_peak_of_live_threads() {
        const PEAK: usize = 8;
        let metrics = Metrics::new();
        for _ in 0..10_000 / PEAK {
            let threads: Vec<_> = (0..PEAK)
                .map(|_| {
                    let metrics = metrics.clone();
                    std::thread::spawn(move || metrics.record_request("/"))
                })
                .collect();
            // Joined one by one: a thread has given its stripe up when `join` returns.
            threads.into_iter().for_each(|thread| thread.join().unwrap());
        }
        assert_eq!(metrics.snapshot().requests().total_requests(), 10_000);
        let seats = seats(metrics.registry());
        assert!((1..=PEAK).contains(&seats), "{seats} stripes");
    }

    #[test]
    fn a_generation_is_dropped_once_every_thread_has_left_it() {
        let metrics = Metrics::new();
        metrics.record_request("/");
        let tables = Arc::downgrade(&metrics.registry().open_generation().tables);
        drop(metrics.reset());
        assert!(tables.upgrade().is_some(), "a late record could still come");
        drop(metrics.snapshot());
        assert!(tables.upgrade().is_none(), "though this thread has not recorded since");
    }

    #[test]
    fn a_dropped_registry_takes_its_stripes_back_from_threads_that_live_on() {
        let metrics = Metrics::new();
        metrics.record_request("/");
        let tables = Arc::downgrade(&metrics.registry().open_generation().tables);
        drop(metrics);
        assert!(tables.upgrade().is_none());
    }
}
