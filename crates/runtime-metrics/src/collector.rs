//! Taking cuts, one at a time: the counts of the present window, and the generations that are still draining
//! into it.
//!
//! A reset begins a new generation. The old one is *draining*: it stays in the scan, and what it counts past the
//! cut, late records only, is carried over into the present window at each cut, until a scan finds that no
//! thread is in the middle of a record there. Then its stripes are taken back and it is dropped.

#![allow(unsafe_code)] // `&mut Collector` is the proof that the collector's lock is held

use std::sync::Arc;
use std::time::Duration;

use runtime_identity::clock::Monotonic;

use crate::barrier::Barrier;
use crate::carried::Carried;
use crate::cut::Cut;
use crate::fence::FenceMode;
use crate::generation::Generation;
use crate::phase::PhaseWord;
use crate::scan::{Reading, Readings, Scan};
use crate::snapshot::{Snapshot, Taken};
use crate::tables::Tables;
use crate::unlabelled::Unlabelled;
use crate::window::Window;

/// An earlier generation in which a thread may still be recording.
struct Draining {
    generation: Arc<Generation>,
    /// By cell: what earlier cuts have accounted for.
    accounted: Vec<u64>,
    /// The same for deliveries that fit no cell.
    accounted_unlabelled: Unlabelled,
}

pub(crate) struct Collector {
    barrier: Barrier,
    current: Arc<Generation>,
    draining: Vec<Draining>,
    carried: Carried,
    window: Window,
    /// The cut that began the window: that of a reset, or 0.
    opened_by: u64,
    /// Cuts taken so far.
    sequence: u64,
}

/// The two sides of a reset.
pub(crate) struct Reset {
    /// The window that ended.
    pub(crate) ended: Snapshot,
    /// The window that began, at the same cut.
    pub(crate) opened: Snapshot,
}

impl Collector {
    pub(crate) fn new(mode: FenceMode, current: Arc<Generation>, window: Window) -> Self {
        let barrier = Barrier::of(mode);
        Self {
            barrier,
            current,
            draining: Vec::new(),
            carried: Carried::default(),
            window,
            opened_by: 0,
            sequence: 0,
        }
    }

    /// Takes a cut of the present window.
    pub(crate) fn snapshot(&mut self, phase: &PhaseWord) -> Snapshot {
        let started = Monotonic::now();
        let (reading, taken) = self.read(phase, self.current.number);
        self.present(reading, started, taken)
    }

    /// Takes a cut that ends the present window and begins the next one in generation `next`, which becomes the
    /// current one at the cut.
    pub(crate) fn reset(&mut self, phase: &PhaseWord, next: Arc<Generation>) -> Reset {
        let started = Monotonic::now();
        let (reading, taken) = self.read(phase, next.number);
        let accounted = reading.counts.clone();
        let accounted_unlabelled = reading.unlabelled;
        let ended = self.present(reading, started, taken);
        let generation = std::mem::replace(&mut self.current, next);
        // A handle's record that begins after the reset has returned goes into the new window's tables.
        generation.close();
        self.draining.push(Draining { generation, accounted, accounted_unlabelled });
        self.carried = Carried::default();
        self.window = Window::beginning(taken);
        self.opened_by = self.sequence;
        Reset { ended, opened: self.opening() }
    }

    /// The present window as of its beginning.
    pub(crate) fn opening(&self) -> Snapshot {
        let taken = Taken {
            sequence: self.sequence,
            window: self.window,
            window_id: self.current.number,
            opened_by: self.opened_by,
            at: self.window.started(),
            duration: Duration::ZERO,
            last_delivery: None,
        };
        Snapshot::new(Cut::empty(Arc::clone(&self.current.tables)), taken)
    }

    /// Scans every generation, carries late records over, and drops the generations that every thread has left.
    /// Returns the reading of the current one, and the instant of the cut, at which generation `next` becomes current.
    fn read(&mut self, phase: &PhaseWord, next: u64) -> (Reading, Monotonic) {
        self.sequence += 1;
        let draining: Vec<_> = self.draining.iter().map(|draining| &*draining.generation).collect();
        let plan = Scan { sequence: self.sequence, current: &self.current, draining: &draining, next };
        // SAFETY: `self` is the collector of these generations, borrowed mutably: its lock is held.
        let Readings { all, taken } = unsafe { plan.run(phase, &mut self.barrier) };
        let mut readings = all.into_iter();
        let current = readings.next().unwrap_or_default(); // one reading for each generation
        let tables = &self.current.tables;
        let mut still_draining = Vec::new();
        for (mut draining, reading) in self.draining.drain(..).zip(readings) {
            draining.carry_over(&reading, &mut self.carried, tables);
            if reading.is_quiet {
                // SAFETY: the lock is held, as above. The phase moved past this generation at an earlier cut, and the
                // scan closed its seats and then, behind a barrier, found no thread in the middle of a record.
                unsafe { draining.generation.retire() };
            } else {
                still_draining.push(draining);
            }
        }
        self.draining = still_draining;
        (current, taken)
    }

    /// The snapshot of the present window, given what the current generation has counted.
    fn present(&self, mut reading: Reading, started: Monotonic, taken: Monotonic) -> Snapshot {
        self.carried.add_to(&mut reading.counts);
        reading.unlabelled.add_all(self.carried.unlabelled);
        let last_delivery = reading.last_delivery.max(self.carried.last_delivery);
        let cut = Cut {
            tables: Arc::clone(&self.current.tables),
            counts: reading.counts,
            late: self.carried.late().to_vec(),
            unlabelled: reading.unlabelled,
        };
        let taken = Taken {
            sequence: self.sequence,
            window: self.window,
            window_id: self.current.number,
            opened_by: self.opened_by,
            at: taken,
            duration: Monotonic::now().saturating_since(started),
            last_delivery: (last_delivery > 0).then(|| Monotonic::from_nanoseconds(last_delivery)),
        };
        Snapshot::new(cut, taken)
    }

    /// Takes all stripes back.
    ///
    /// # Safety
    ///
    /// No thread can record in the registry any more.
    pub(crate) unsafe fn retire(&mut self) {
        let draining = self.draining.drain(..).map(|draining| draining.generation);
        for generation in draining.chain([Arc::clone(&self.current)]) {
            // SAFETY: the lock is held, as `self` is borrowed mutably; the caller vouches for the rest.
            unsafe { generation.retire() };
        }
    }
}

impl Draining {
    /// Adds what the generation counted since the last cut to `carried`.
    fn carry_over(&mut self, reading: &Reading, carried: &mut Carried, tables: &Tables) {
        self.accounted.resize(reading.counts.len(), 0);
        for (cell, (count, accounted)) in reading.counts.iter().zip(&mut self.accounted).enumerate() {
            let events = count.wrapping_sub(*accounted);
            if events > 0
                && let Some(series) = self.generation.tables.series(cell as u32)
            {
                carried.add(series, events, tables);
                *accounted = *count;
            }
        }
        carried.unlabelled.add_all(reading.unlabelled.since(self.accounted_unlabelled));
        self.accounted_unlabelled = reading.unlabelled;
        // Without a late delivery this is a time before the window's start, or that of a delivery in progress.
        carried.last_delivery = carried.last_delivery.max(reading.last_delivery);
    }
}

#[cfg(all(test, not(runtime_metrics_loom)))]
mod tests {
    use super::*;
    use crate::entry::Entry;
    use crate::hashing::label_hash;
    use crate::limits::Limits;
    use crate::phase::Phase;

    #[test]
    fn a_record_that_is_late_is_carried_over_once() {
        for mode in [FenceMode::Portable, FenceMode::Asymmetric] {
            let limits = Limits { request_series: 1, delivery_series: 1, label_bytes: 8 };
            let [first, second] = [0; 2].map(|_| Generation::new(Tables::new(limits, label_hash())));
            let phase = PhaseWord::new(Phase::at_rest(first.number, mode));
            let mut collector = Collector::new(mode, Arc::clone(&first), Window::beginning(Monotonic::now()));
            let seat = first.claim_seat();
            let late = Entry::on(&phase, &seat, None).unwrap();
            assert_eq!(collector.reset(&phase, second).ended.requests().total_requests(), 0);
            // SAFETY: the cell was given by the entry's tables.
            unsafe { late.count_request(late.tables().request("/")) };
            for _ in 0..2 {
                assert_eq!(collector.snapshot(&phase).requests().total_requests(), 1);
                assert!(!seat.is_retired(), "the record is still in progress");
            }
            drop(late);
            assert_eq!(collector.snapshot(&phase).requests().total_requests(), 1);
            assert!(seat.is_retired());
            assert_eq!(collector.snapshot(&phase).requests().total_requests(), 1);
        }
    }
}
