//! Where a thread stands still, and another one tells it to go on.

use std::alloc::Layout;
use std::sync::{Condvar, Mutex};
use std::time::Duration;

use super::allocator;

/// How long a thread may take from one stop to the next before it counts as deadlocked.
const DEADLOCK: Duration = Duration::from_secs(20);

/// A place where a thread takes memory, or gives it back.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stop {
    /// How much is taken, in bytes; 0 if some is given back.
    pub(super) taken: usize,
}

impl Stop {
    pub(super) fn taking(layout: Layout) -> Self {
        Self { taken: layout.size() }
    }

    pub(super) const GIVING: Self = Self { taken: 0 };
}

enum Turn {
    /// The walking thread's: it is between two stops.
    Walking,
    /// The other's: the walking thread stands.
    Standing(Stop),
    /// The walk is over.
    Over,
    /// Nobody waits for the walking thread any more: it does not stop.
    Free,
}

/// Passes the turn to and fro between a thread that walks and one that looks at it when it stands. Nothing here takes memory.
pub(super) struct Gate {
    turn: Mutex<Turn>,
    passed: Condvar,
}

impl Gate {
    /// For good: a thread that walks refers to it from its allocator. All are held, so that none counts as lost memory.
    pub(super) fn new() -> &'static Self {
        static ALL: Mutex<Vec<&Gate>> = Mutex::new(Vec::new());
        let gate = Box::leak(Box::new(Self { turn: Mutex::new(Turn::Walking), passed: Condvar::new() }));
        ALL.lock().unwrap().push(gate);
        gate
    }

    /// Does `work`, and stops on the way.
    pub(super) fn walk<R>(&'static self, work: impl FnOnce() -> R) -> R {
        let result = allocator::stopping_at(self, work);
        *self.turn.lock().unwrap() = Turn::Over;
        self.passed.notify_all();
        result
    }

    /// Stands until the other thread has had its turn.
    pub(super) fn stop(&self, stop: Stop) {
        let mut turn = self.turn.lock().unwrap();
        if matches!(*turn, Turn::Free) {
            return;
        }
        *turn = Turn::Standing(stop);
        self.passed.notify_all();
        drop(self.passed.wait_while(turn, |turn| matches!(turn, Turn::Standing(_))).unwrap());
    }

    /// The stops of the thread that walks. It stands at each of them until the next one is asked for.
    pub(super) fn stops(&self) -> Stops<'_> {
        Stops(self)
    }
}

pub(super) struct Stops<'a>(&'a Gate);

impl Iterator for Stops<'_> {
    type Item = Stop;

    fn next(&mut self) -> Option<Stop> {
        let mut turn = self.0.turn.lock().unwrap();
        if matches!(*turn, Turn::Standing(_)) {
            *turn = Turn::Walking;
            self.0.passed.notify_all();
        }
        let walking = |turn: &mut Turn| matches!(turn, Turn::Walking);
        let (turn, waited) = self.0.passed.wait_timeout_while(turn, DEADLOCK, walking).unwrap();
        assert!(!waited.timed_out(), "the thread does not come to its next stop");
        match *turn {
            Turn::Standing(stop) => Some(stop),
            _ => None,
        }
    }
}

impl Drop for Stops<'_> {
    /// A test that fails leaves no thread standing.
    fn drop(&mut self) {
        let mut turn = self.0.turn.lock().unwrap();
        if !matches!(*turn, Turn::Over) {
            *turn = Turn::Free;
            self.0.passed.notify_all();
        }
    }
}
