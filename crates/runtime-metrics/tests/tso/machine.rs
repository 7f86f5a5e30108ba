//! The machine: one memory, and for each thread a buffer of stores that have not reached it yet.
//!
//! *x86-TSO* (Owens, Sarkar, Sewell: A Better x86 Memory Model, TPHOLs 2009): a buffer is first in, first out; a load
//! sees the newest store to its location in its own thread's buffer, else memory; the oldest store of a buffer may reach memory at any
//! time; a fence or a locked instruction empties the own buffer.
//!
//! *Weak stores*: the same, but a store may overtake earlier stores to other locations, unless it is a Release
//! store, which waits until it is the oldest. That is what PSO allows, and what AArch64 allows between the stores of one
//! thread (`stlr` against `str`).

use std::ops::Range;

use crate::codec::Codec;

pub(crate) type Location = u8;

/// The most locations of a scenario.
pub(crate) const LOCATIONS: usize = 40;
/// The collector is one of them.
pub(crate) const THREADS: usize = 4;
/// The most stores that can wait: more than any scenario's thread has between two fences.
const CAPACITY: usize = 24;

/// Which stores may overtake which.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Machine {
    X86Tso,
    WeakStores,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Order {
    Plain,
    Release,
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Store {
    pub(crate) location: Location,
    pub(crate) value: u8,
    pub(crate) order: Order,
}

/// Set in an encoded location if the store is a Release.
const RELEASE: u8 = 0x80;

#[derive(Debug, Clone)]
struct Buffer {
    stores: [Store; CAPACITY],
    len: usize,
}

/// Memory and buffers.
#[derive(Debug, Clone)]
pub(crate) struct Storage {
    memory: [u8; LOCATIONS],
    buffers: [Buffer; THREADS],
}

impl Storage {
    pub(crate) fn new() -> Self {
        let nothing = Store { location: 0, value: 0, order: Order::Plain };
        let empty = Buffer { stores: [nothing; CAPACITY], len: 0 };
        Self { memory: [0; LOCATIONS], buffers: std::array::from_fn(|_| empty.clone()) }
    }

    /// What `thread` sees at `location`.
    pub(crate) fn load(&self, thread: usize, location: Location) -> u8 {
        let own = self.waiting(thread).iter().rev().find(|store| store.location == location);
        own.map_or(self.memory(location), |store| store.value)
    }

    /// What everybody without a store of his own sees.
    pub(crate) fn memory(&self, location: Location) -> u8 {
        self.memory[usize::from(location)]
    }

    /// What a scenario starts from, and what a locked instruction leaves behind once it has emptied the buffer.
    pub(crate) fn set(&mut self, location: Location, value: u8) {
        self.memory[usize::from(location)] = value;
    }

    pub(crate) fn store(&mut self, thread: usize, location: Location, value: u8, order: Order) {
        let buffer = &mut self.buffers[thread];
        assert!(buffer.len < CAPACITY, "the scenario needs a longer buffer");
        buffer.stores[buffer.len] = Store { location, value, order };
        buffer.len += 1;
    }

    /// The stores of `thread` that have not reached memory, oldest first.
    pub(crate) fn waiting(&self, thread: usize) -> &[Store] {
        let buffer = &self.buffers[thread];
        &buffer.stores[..buffer.len]
    }

    pub(crate) fn threads(&self) -> Range<usize> {
        0..THREADS
    }

    /// Whether the store at `position` of the thread's buffer may reach memory before those that are older.
    pub(crate) fn may_drain(&self, machine: Machine, thread: usize, position: usize) -> bool {
        let waiting = self.waiting(thread);
        let store = waiting[position];
        position == 0
            || machine == Machine::WeakStores
                && store.order == Order::Plain
                && waiting[..position].iter().all(|older| older.location != store.location)
    }

    /// Lets one store reach memory.
    pub(crate) fn drain(&mut self, thread: usize, position: usize) -> Store {
        let buffer = &mut self.buffers[thread];
        let store = buffer.stores[position];
        buffer.stores.copy_within(position + 1..buffer.len, position);
        buffer.len -= 1;
        self.set(store.location, store.value);
        store
    }

    /// Clears bits of a location, wherever its values are on their way. Nothing that a machine does.
    pub(crate) fn clear_bits(&mut self, location: Location, bits: u8) {
        self.memory[usize::from(location)] &= !bits;
        for buffer in &mut self.buffers {
            let waiting = buffer.stores[..buffer.len].iter_mut();
            waiting.filter(|store| store.location == location).for_each(|store| store.value &= !bits);
        }
    }

    /// Everything but the padding; `locations` are in use.
    pub(crate) fn visit(&mut self, locations: usize, codec: &mut impl Codec) {
        codec.bytes(&mut self.memory[..2]);
        let (flags, rest) = self.memory[2..locations].split_at_mut(THREADS - 1);
        codec.bytes(flags);
        codec.all_nibbles(rest);
        for buffer in &mut self.buffers {
            let mut len = buffer.len as u8; // at most CAPACITY
            codec.byte(&mut len);
            buffer.len = usize::from(len);
            for store in &mut buffer.stores[..buffer.len] {
                let release = if store.order == Order::Release { RELEASE } else { 0 };
                let mut place = store.location | release;
                codec.byte(&mut place);
                store.location = place & !RELEASE;
                store.order = if place & RELEASE != 0 { Order::Release } else { Order::Plain };
                codec.byte(&mut store.value);
            }
        }
    }
}
