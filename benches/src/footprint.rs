//! How much memory counting takes.
//!
//! Each experiment is for a process of its own: what another one left behind in the allocator would be used again, and
//! so not be counted.

use std::error::Error;
use std::hint::black_box;
use std::io;
use std::ops::Sub;
use std::sync::Barrier;
use std::thread;

use serde::{Deserialize, Serialize};

use crate::contestants::Ready;
use crate::recorder::Recorder;
use crate::resident;

/// Memory in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
pub struct Footprint {
    /// Asked of the allocator and not given back.
    pub allocated: f64,
    /// In resident pages.
    pub resident: f64,
}

impl Sub for Footprint {
    type Output = Self;

    fn sub(self, other: Self) -> Self {
        Self { allocated: self.allocated - other.allocated, resident: self.resident - other.resident }
    }
}

impl Footprint {
    /// A part of it.
    #[must_use]
    pub fn by(self, parts: usize) -> Self {
        Self { allocated: self.allocated / parts as f64, resident: self.resident / parts as f64 }
    }

    /// Of this process now; `allocated` tells what the allocator has handed out.
    ///
    /// # Errors
    ///
    /// If the kernel does not tell.
    pub fn now(allocated: &dyn Fn() -> usize) -> io::Result<Self> {
        // The resident pages first: to find out takes memory, which is given back then.
        let resident = resident::anonymous()? as f64;
        Ok(Self { allocated: allocated() as f64, resident })
    }
}

/// What a recorder takes, set up and with each of `items` recorded by this thread. It is kept for ever.
///
/// # Errors
///
/// If it cannot be set up, or the kernel does not tell.
pub fn of_series<T>(
    set_up: impl FnOnce() -> Ready<T>,
    items: &[T],
    allocated: &dyn Fn() -> usize,
) -> Result<Footprint, Box<dyn Error>> {
    Footprint::now(allocated)?;
    let before = Footprint::now(allocated)?;
    let recorder = Box::leak(set_up()?);
    items.iter().for_each(|item| recorder.record(item));
    Ok(Footprint::now(allocated)? - before)
}

/// What each of `threads` threads takes on average to record each of the first `touched` of `items`, all of which were
/// recorded by another thread before. The thread itself, and its first allocation, are not counted.
///
/// # Errors
///
/// If the kernel does not tell.
pub fn of_thread<T: Sync>(
    recorder: &dyn Recorder<T>,
    items: &[T],
    touched: usize,
    threads: usize,
    allocated: &dyn Fn() -> usize,
) -> io::Result<Footprint> {
    items.iter().for_each(|item| recorder.record(item));
    // Everyone meets before the first measurement, before the records, after them, and after the second measurement.
    let meeting = Barrier::new(threads + 1);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let first = black_box(Box::new(0_u64));
                meeting.wait();
                meeting.wait();
                items[..touched].iter().for_each(|item| recorder.record(item));
                meeting.wait();
                meeting.wait();
                drop(first);
            });
        }
        meeting.wait();
        let before = Footprint::now(allocated).and_then(|_| Footprint::now(allocated));
        meeting.wait();
        meeting.wait();
        let after = Footprint::now(allocated);
        meeting.wait();
        Ok((after? - before?).by(threads))
    })
}
