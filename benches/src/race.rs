//! Recorders in turns: so that whatever else the machine does falls on all of them alike.
//!
//! A round is one lap of each recorder; each round begins with the next one. Every lap is timed as a whole.

use std::io;
use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::cpu_time::cpu_time;
use crate::recorder::Recorder;
use crate::workload::Workload;

/// Records that each thread makes before its lap, so that what happens once is not timed.
const WARM_UP: u64 = 10_000;

/// How long a race is.
#[derive(Debug, Clone, Copy)]
pub struct Race {
    /// Threads that record at once with one recorder.
    pub threads: usize,
    /// Rounds at most.
    pub rounds: usize,
    /// Records of each thread in each lap.
    pub records: u64,
    /// No round begins after this time, but the first one does.
    pub budget: Duration,
}

/// What a race showed.
#[derive(Debug)]
pub struct Outcome {
    /// For each recorder, in order, nanoseconds a record and thread in each round.
    pub nanoseconds: Vec<Vec<f64>>,
    /// Rounds that were run.
    pub rounds: usize,
    /// The part of the time that each thread had a processor, on average: in `[0, 1]` but for the kernel's
    /// rounding. Much less than 1 means that the threads took turns, and that nothing is shown about what they
    /// do at once.
    pub on_processor: f64,
}

impl Race {
    /// Runs the race.
    ///
    /// # Errors
    ///
    /// If the process cannot find out how much processor time it used: not on Linux.
    pub fn run<T: Sync>(
        &self,
        workload: &Workload<T>,
        recorders: &[Box<dyn Recorder<T>>],
    ) -> io::Result<Outcome> {
        let mut outcome =
            Outcome { nanoseconds: vec![Vec::new(); recorders.len()], rounds: 0, on_processor: 0.0 };
        let used_before = cpu_time()?;
        let begin = Instant::now();
        while outcome.rounds < self.rounds && (outcome.rounds == 0 || begin.elapsed() < self.budget) {
            for turn in 0..recorders.len() {
                let number = (outcome.rounds + turn) % recorders.len();
                let time = self.lap(workload, &*recorders[number]);
                outcome.nanoseconds[number].push(time.as_nanos() as f64 / self.records as f64);
            }
            outcome.rounds += 1;
        }
        let used = cpu_time()?.saturating_sub(used_before);
        outcome.on_processor = used.as_secs_f64() / begin.elapsed().as_secs_f64() / self.threads as f64;
        Ok(outcome)
    }

    /// What each recorder has counted after `rounds` rounds of this race.
    #[must_use]
    pub fn recorded_after(&self, rounds: usize) -> u64 {
        rounds as u64 * self.threads as u64 * (WARM_UP + self.records)
    }

    /// The time of one lap, on average over the threads.
    fn lap<T: Sync>(&self, workload: &Workload<T>, recorder: &dyn Recorder<T>) -> Duration {
        let start = Barrier::new(self.threads);
        let run = |thread: usize| {
            // Far apart in the order.
            let first = thread * 1_000;
            recorder.lap(workload, first, WARM_UP);
            start.wait();
            let begin = Instant::now();
            recorder.lap(workload, first, self.records);
            begin.elapsed()
        };
        let run = &run;
        let sum: Duration = thread::scope(|scope| {
            let others: Vec<_> = (1..self.threads).map(|thread| scope.spawn(move || run(thread))).collect();
            let own = run(0);
            // A thread that panicked has said so; its lap counts as endless.
            let others = others.into_iter().map(|other| other.join().unwrap_or(Duration::MAX));
            others.fold(own, Duration::saturating_add)
        });
        sum / self.threads as u32
    }
}
