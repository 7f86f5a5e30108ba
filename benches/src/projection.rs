//! What a record would take with more threads than this machine has, by a model of contention whose parameters are
//! measured here.
//!
//! Let a record take r1 nanoseconds on one thread and r2 on two, each thread on a processor of its own. What is new on two
//! is that cache lines which both write travel between their processors. With T threads:
//!
//! - *At the least*, lines travel without a queue. A line was last written by another thread T - 1 times in T, on two threads
//!   every other time, so the record takes r1 + 2 (r2 - r1) (T - 1) / T.
//! - *At the most*, all threads queue for one line, which goes round: r1 + (r2 - r1) (T - 1).
//!
//! Where the middle halves of both measurements overlap, nothing is new: that is noise, and r1 stands for both.
//!
//! Whoever shares few lines, or spreads records over many, stays near the lower bound; one lock for all goes to the upper one, and
//! beyond it where lines have farther to travel than here. Whoever writes no shared line has r1 = r2, and nothing grows.

use crate::contestants::name;
use crate::report::finding::Finding;
use crate::report::program::plain_requests;
use crate::sample::quantity;
use crate::scenario::By;

/// A time that others have published.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Published {
    /// Of what.
    pub contestant: &'static str,
    /// Threads that recorded at once.
    pub threads: u32,
    /// Nanoseconds a record, the median.
    pub nanoseconds: f64,
}

/// The counter benchmark of the crate `measured`, version 0.0.25, as its README has it: 18 series of two labels, on an AMD Ryzen
/// 9 7950X.
pub const PUBLISHED: [Published; 3] = [
    Published { contestant: name::PROMETHEUS, threads: 32, nanoseconds: 4_543.0 },
    Published { contestant: name::PROMETHEUS_CLIENT, threads: 32, nanoseconds: 4_332.0 },
    Published { contestant: name::METRICS, threads: 32, nanoseconds: 1_233.0 },
];

/// What a record takes on one thread and on two, in nanoseconds.
#[derive(Debug, Clone, PartialEq)]
pub struct Projection {
    /// Whose.
    pub contestant: String,
    one: f64,
    two: f64,
}

impl Projection {
    /// Those of all who take part in the plain races by string and by handle, as far as `findings` have them.
    #[must_use]
    pub fn of(by: By, findings: &[Finding]) -> Vec<Self> {
        let finding = |threads| {
            let scenario = plain_requests(by, threads);
            findings.iter().find(|finding| finding.scenario == scenario)
        };
        let Some((one, two)) = finding(1).zip(finding(2)) else { return Vec::new() };
        let lines = one.lines.iter().filter(|line| line.quantity == quantity::RECORD);
        lines
            .filter_map(|line| {
                let (one, two) = (line.spread, two.line(&line.contestant, quantity::RECORD)?.spread);
                let two = if two.lower > one.upper { two.median } else { one.median };
                Some(Self { contestant: line.contestant.clone(), one: one.median, two })
            })
            .collect()
    }

    /// What a record takes on so many threads, at the least and at the most, in nanoseconds.
    #[must_use]
    pub fn on(&self, threads: u32) -> [f64; 2] {
        let (others, contention) = (f64::from(threads) - 1.0, (self.two - self.one).max(0.0));
        [2.0 * contention * others / f64::from(threads), contention * others].map(|grown| self.one + grown)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestants::Role;
    use crate::sample::{Figures, Sample};

    fn finding(threads: usize, times: &[(&str, f64)]) -> Finding {
        let figures = times.iter().map(|(contestant, time)| Figures {
            contestant: (*contestant).to_owned(),
            role: Role::Peer,
            quantity: quantity::RECORD.to_owned(),
            rounds: vec![*time; 3],
        });
        let sample = Sample { figures: figures.collect(), on_processor: None };
        Finding::new(plain_requests(By::String, threads), &[sample])
    }

    #[test]
    fn bounds_meet_what_was_measured_and_grow_apart_with_the_threads() {
        let findings =
            [finding(1, &[("lock", 20.0), ("none", 9.0)]), finding(2, &[("lock", 120.0), ("none", 8.9)])];
        let projections = Projection::of(By::String, &findings);
        let [lock, none] = &projections[..] else { panic!("{projections:?}") };
        assert_eq!((lock.on(1), lock.on(2)), ([20.0; 2], [120.0; 2]));
        assert_eq!(lock.on(32), [20.0 + 200.0 * 31.0 / 32.0, 20.0 + 3_100.0]);
        assert_eq!(none.on(128), [9.0; 2], "less on two threads than on one is noise");
        assert_eq!(Projection::of(By::Handle, &findings), []);
    }

    #[test]
    fn what_was_published_is_of_contestants_that_there_are() {
        let names: Vec<&str> =
            crate::contestants::OF_REQUESTS.iter().map(|contestant| contestant.name).collect();
        assert!(PUBLISHED.iter().all(|published| names.contains(&published.contestant)));
    }
}
