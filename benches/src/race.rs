//! Recorders in turns: so that whatever else the machine does falls on all of them alike.
//!
//! A round is one lap of each recorder; each round begins with the next one. Every lap is timed as a whole, and has as
//! many records as fit into a given time.

use std::sync::Barrier;
use std::thread;
use std::time::{Duration, Instant};

use crate::observer::beside;
use crate::processor::{processors, thread_time};
use crate::recorder::Recorder;
use crate::workload::Workload;

/// How long a race is, and what happens beside it.
#[derive(Debug, Clone, Copy)]
pub struct Race {
    /// Threads that record at once with one recorder.
    pub threads: usize,
    /// How often a second the counts are read meanwhile.
    pub readings_per_second: u32,
    /// Rounds.
    pub rounds: usize,
    /// How long a lap takes, about.
    pub lap: Duration,
}

/// What a race showed.
#[derive(Debug)]
pub struct Outcome {
    /// For each recorder, in order, nanoseconds of a processor that a record took in each round: of the threads' time, as
    /// many threads as there are processors counting at once.
    pub nanoseconds: Vec<Vec<f64>>,
    /// For each recorder, how many records were made in all.
    pub made: Vec<u64>,
    /// How often recorders were read.
    pub readings: u64,
    /// The part of the time that the threads had the processors that they could have had, on average: in `[0, 1]`.
    /// Much less than 1 means that other work had them, and that nothing is shown about what threads do at once.
    pub on_processor: f64,
}

/// What one lap showed, over all its threads.
#[derive(Debug, Clone, Copy, Default)]
struct Lap {
    /// From each thread's first record to its last, summed up.
    time: Duration,
    /// Of that, on a processor.
    on_processor: Duration,
    made: u64,
    readings: u64,
}

impl Race {
    /// Runs the race.
    #[must_use]
    pub fn run<T: Sync>(&self, workload: &Workload<T>, recorders: &[Box<dyn Recorder<T>>]) -> Outcome {
        let mut outcome = Outcome {
            nanoseconds: vec![Vec::new(); recorders.len()],
            made: vec![0; recorders.len()],
            readings: 0,
            on_processor: 0.0,
        };
        let mut records = Vec::new();
        for (number, recorder) in recorders.iter().enumerate() {
            records.push(self.records_in_a_lap(workload, &**recorder, &mut outcome.made[number]));
        }
        let at_once = self.threads.min(processors()) as f64;
        let (mut time, mut on_processor) = (Duration::ZERO, Duration::ZERO);
        for round in 0..self.rounds {
            for turn in 0..recorders.len() {
                let number = (round + turn) % recorders.len();
                let lap = self.lap(workload, &*recorders[number], records[number]);
                // The time of a thread on average, and of that what the processors could have given it.
                let share = at_once / self.threads as f64;
                let nanoseconds = lap.time.as_nanos() as f64 / self.threads as f64 * share;
                outcome.nanoseconds[number].push(nanoseconds / records[number] as f64);
                outcome.made[number] += lap.made;
                outcome.readings += lap.readings;
                time += lap.time;
                on_processor += lap.on_processor;
            }
        }
        let could = time.as_secs_f64() * at_once / self.threads as f64;
        outcome.on_processor = (on_processor.as_secs_f64() / could).min(1.0);
        outcome
    }

    /// How many records a thread makes in a lap of the wanted time; `made` grows by what it took to find out.
    fn records_in_a_lap<T: Sync>(
        &self,
        workload: &Workload<T>,
        recorder: &dyn Recorder<T>,
        made: &mut u64,
    ) -> u64 {
        let mut records = 64;
        loop {
            let lap = self.lap(workload, recorder, records);
            *made += lap.made;
            let time = lap.time / self.threads as u32;
            if time >= self.lap / 8 {
                return (records as f64 * self.lap.as_secs_f64() / time.as_secs_f64()).ceil() as u64;
            }
            records *= 2;
        }
    }

    /// One lap of so many records a thread, after each item once and a tenth as many records that are not timed.
    fn lap<T: Sync>(&self, workload: &Workload<T>, recorder: &dyn Recorder<T>, records: u64) -> Lap {
        let start = Barrier::new(self.threads);
        let run = |thread: usize| {
            // Far apart in the order.
            let first = thread * 1_000;
            workload.items().iter().for_each(|item| recorder.record(item));
            recorder.lap(workload, first, records / 10);
            start.wait();
            let begin = (Instant::now(), thread_time());
            recorder.lap(workload, first, records);
            (begin.0.elapsed(), thread_time() - begin.1)
        };
        let run = &run;
        let made = (workload.items().len() as u64 + records / 10 + records) * self.threads as u64;
        let (times, readings) = beside(recorder, self.readings_per_second, || {
            thread::scope(|scope| {
                let others: Vec<_> =
                    (1..self.threads).map(|thread| scope.spawn(move || run(thread))).collect();
                let own = run(0);
                // A thread that panicked has said so; its lap counts as endless.
                let others = others.into_iter().map(|other| other.join());
                let others = others.map(|times| times.unwrap_or((Duration::MAX, Duration::ZERO)));
                others.chain([own]).collect::<Vec<_>>()
            })
        });
        let lap = Lap { made, readings, ..Lap::default() };
        times.into_iter().fold(lap, |sum, (time, on_processor)| Lap {
            time: sum.time.saturating_add(time),
            on_processor: sum.on_processor + on_processor,
            ..sum
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestants::OF_REQUESTS;
    use crate::path::requests;
    use crate::workload::Popularity;

    #[test]
    fn a_race_times_every_recorder_in_every_round_and_counts_what_it_made() {
        let requests = requests(10, Popularity::Uniform).unwrap();
        let recorders: Vec<_> =
            OF_REQUESTS[..3].iter().map(|contestant| contestant.set_up(&requests).unwrap()).collect();
        let lap = Duration::from_micros(500);
        let race = Race { threads: 2, readings_per_second: 1_000, rounds: 3, lap };
        let outcome = race.run(&requests, &recorders);
        for (recorder, made) in recorders.iter().zip(&outcome.made) {
            assert!(recorder.recorded().is_none_or(|recorded| recorded == *made), "{recorder:?}: {made}");
        }
        assert!(outcome.nanoseconds.iter().all(|rounds| rounds.len() == 3));
        assert!(outcome.nanoseconds.iter().flatten().all(|time| *time > 0.0));
        assert!((0.0..=1.0).contains(&outcome.on_processor));
    }
}
