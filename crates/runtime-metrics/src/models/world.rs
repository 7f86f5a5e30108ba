//! What the models are about: a registry's core without the threads' memories of it.

#![allow(unsafe_code)] // counts under cells

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use loom::thread::{self, JoinHandle};
use runtime_identity::clock::Monotonic;

use crate::collector::Collector;
use crate::entry::Entry;
use crate::fence::FenceMode;
use crate::generation::Generation;
use crate::hashing::label_hash;
use crate::limits::Limits;
use crate::phase::{Phase, PhaseWord};
use crate::seat::Seat;
use crate::snapshot::Snapshot;
use crate::sync::{AtomicBool, Ordering};
use crate::tables::Tables;
use crate::window::Window;

/// The path of a first record, and the path of one that it caused.
pub(super) const CAUSE: &str = "/cause";
pub(super) const EFFECT: &str = "/effect";

/// Runs `model` in every order, and prints how many there were.
pub(super) fn check(
    name: &'static str,
    preemptions: Option<usize>,
    model: impl Fn() + Sync + Send + 'static,
) {
    let runs = Arc::new(AtomicUsize::new(0)); // not an atomic of the model
    let counted = Arc::clone(&runs);
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = preemptions;
    builder.max_branches = 100_000;
    builder.check(move || {
        counted.fetch_add(1, Ordering::Relaxed);
        model();
    });
    println!("{name}: {} runs", runs.load(Ordering::Relaxed));
}

pub(super) struct World {
    pub(super) phase: PhaseWord,
    pub(super) first: Arc<Generation>,
    /// What a reset is to make current.
    pub(super) second: Arc<Generation>,
}

impl World {
    pub(super) fn new() -> Arc<Self> {
        // In a thread of its own: the checker confuses stores of the main thread that nothing comes between.
        let generations = thread::spawn(|| (generation(), generation()));
        let (first, second) = generations.join().unwrap();
        let phase = PhaseWord::new(Phase::at_rest(first.number, FenceMode::Portable));
        Arc::new(Self { phase, first, second })
    }

    pub(super) fn collector(&self) -> Collector {
        let window = Window::beginning(Monotonic::now());
        Collector::new(FenceMode::Portable, Arc::clone(&self.first), window)
    }

    /// Counts a request on `seat`. False if its generation is not current any more.
    pub(super) fn record_on(&self, seat: &Seat, path: &str) -> bool {
        let Some(entry) = Entry::on(&self.phase, seat, None) else { return false };
        let cell = entry.tables().request(path);
        // SAFETY: the cell was given by the entry's tables.
        unsafe { entry.count_request(cell) };
        true
    }

    /// Counts a request in the generation that is current: on `seat`, which is of the first, or on a new one.
    pub(super) fn record(&self, seat: &Seat, path: &str) {
        if !self.record_on(seat, path) {
            let seat = self.second.claim_seat();
            assert!(self.record_on(&seat, path), "nothing comes after the second generation");
            seat.give_up();
        }
    }
}

/// A thread that records each of `paths` in turn on `seat`.
pub(super) fn recording(
    world: &Arc<World>,
    seat: &Arc<Seat>,
    paths: &'static [&'static str],
) -> JoinHandle<()> {
    let (world, seat) = (Arc::clone(world), Arc::clone(seat));
    thread::spawn(move || paths.iter().for_each(|path| world.record(&seat, path)))
}

/// A thread that records the cause on `seat`, or on one that it takes itself, and then tells of it.
pub(super) fn causing(
    world: &Arc<World>,
    seat: Option<Arc<Seat>>,
    caused: &Arc<AtomicBool>,
) -> JoinHandle<()> {
    let (world, caused) = (Arc::clone(world), Arc::clone(caused));
    thread::spawn(move || {
        let seat = seat.unwrap_or_else(|| world.first.claim_seat());
        world.record(&seat, CAUSE);
        caused.store(true, Ordering::Release);
    })
}

/// A thread that records the effect if it was told of the cause. Gives how often it did.
pub(super) fn following(world: &Arc<World>, seat: Arc<Seat>, caused: &Arc<AtomicBool>) -> JoinHandle<u64> {
    let (world, caused) = (Arc::clone(world), Arc::clone(caused));
    thread::spawn(move || {
        let was_caused = caused.load(Ordering::Acquire);
        if was_caused {
            world.record(&seat, EFFECT);
        }
        u64::from(was_caused)
    })
}

/// A thread that takes cuts, and gives the collector back with what it has seen.
pub(super) fn collecting<T: 'static>(
    world: &Arc<World>,
    look: impl FnOnce(&Arc<World>, &mut Collector) -> T + 'static,
) -> JoinHandle<(Collector, T)> {
    let world = Arc::clone(world);
    thread::spawn(move || {
        let mut collector = world.collector();
        let seen = look(&world, &mut collector);
        (collector, seen)
    })
}

fn generation() -> Arc<Generation> {
    let limits = Limits { request_series: 2, delivery_series: 1, label_bytes: 64 };
    let tables = Tables::new(limits, label_hash());
    // What the models record is met beforehand; meeting has a model of its own.
    tables.request(CAUSE);
    tables.request(EFFECT);
    Generation::new(tables)
}

/// The counts of both paths.
pub(super) fn counts(snapshot: &Snapshot) -> (u64, u64) {
    let paths = snapshot.requests().requests_by_path();
    (paths.get(CAUSE).unwrap_or(0), paths.get(EFFECT).unwrap_or(0))
}
