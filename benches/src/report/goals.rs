//! What the benchmark is to show, and whether it does.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::contestants::name;
use crate::report::finding::Finding;
use crate::report::program::{plain_deliveries, plain_latency, plain_memory, plain_reading, plain_requests};
use crate::sample::quantity;
use crate::scenario::{By, Scenario};

/// One thing to show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Goal {
    /// What is measured.
    pub what: String,
    /// What it must be.
    #[serde(flatten)]
    pub bound: Bound,
    /// What it is.
    pub measured: f64,
    /// Whether it is what it must be.
    pub met: bool,
}

/// Where a figure must lie.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// There or above.
    AtLeast(f64),
    /// There or below.
    AtMost(f64),
}

impl fmt::Display for Bound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::AtLeast(bound) => write!(f, "at least {bound}"),
            Self::AtMost(bound) => write!(f, "at most {bound}"),
        }
    }
}

impl Bound {
    fn holds(self, measured: f64) -> bool {
        match self {
            Self::AtLeast(bound) => measured >= bound,
            Self::AtMost(bound) => measured <= bound,
        }
    }
}

/// The goals for which `findings` have what is needed.
#[must_use]
pub fn goals(findings: &[Finding]) -> Vec<Goal> {
    let found = Found(findings);
    let mut goals = Vec::new();
    let mut add = |what: String, bound: Bound, measured: Option<f64>| {
        goals.extend(measured.map(|measured| Goal { what, bound, measured, met: bound.holds(measured) }));
    };

    let by_string = [
        (1, name::PROMETHEUS, 5.0),
        (1, name::METRICS, 10.0),
        (1, name::OPENTELEMETRY, 12.0),
        (1, name::DASH_MAP, 1.5),
        (1, name::THREAD_LOCAL_MAP, 1.0),
        (2, name::PROMETHEUS, 8.0),
        (2, name::METRICS, 10.0),
        (2, name::OPENTELEMETRY, 12.0),
        (2, name::DASH_MAP, 4.0),
    ];
    for (threads, peer, least) in by_string {
        let ratio =
            found.ratio(plain_requests(By::String, threads), peer, name::OURS_BY_STRING, quantity::RECORD);
        add(
            format!("by string, threads: {threads}; faster than {peer}, times"),
            Bound::AtLeast(least),
            ratio,
        );
    }
    let growth = |contestant| {
        let time = |threads| found.median(plain_requests(By::String, threads), contestant, quantity::RECORD);
        Some(time(2)? / time(1)?)
    };
    let growths = growth(name::OURS_BY_STRING).zip(growth(name::THREAD_LOCAL_MAP));
    let what = "by string, growth from 1 to 2 threads by that of the thread-local map".to_owned();
    add(what, Bound::AtMost(1.05), growths.map(|(ours, floor)| ours / floor));

    for threads in [1, 2] {
        let time =
            |contestant| found.median(plain_requests(By::Handle, threads), contestant, quantity::RECORD);
        let times = time(name::OURS_BY_HANDLE).zip(time(name::THREAD_LOCAL_INTEGER));
        let what = format!("by handle, threads: {threads}; ns above the thread-local integer");
        add(what, Bound::AtMost(0.5), times.map(|(ours, floor)| ours - floor));
    }
    let ratio =
        found.ratio(plain_requests(By::Handle, 2), name::METRICS, name::OURS_BY_HANDLE, quantity::RECORD);
    add("by handle, threads: 2; faster than metrics, times".to_owned(), Bound::AtLeast(15.0), ratio);

    for (ours, least) in [(name::OURS_BY_STRING, 12.0), (name::OURS_BY_PLAN, 80.0)] {
        let ratio = found.ratio(plain_deliveries(), name::PROMETHEUS, ours, quantity::RECORD);
        add(
            format!("delivery of 20 names, {ours}; faster than prometheus, times"),
            Bound::AtLeast(least),
            ratio,
        );
    }

    let ratio = found.ratio(plain_reading(), name::PROMETHEUS, name::OURS_BY_STRING, quantity::GATHER);
    let what = "snapshot of 10,000 series; faster than prometheus gathers, times".to_owned();
    add(what, Bound::AtLeast(150.0), ratio);
    let ratio = found.ratio(plain_reading(), name::PROMETHEUS, name::OURS_BY_STRING, quantity::PAGE);
    let what = "page of 10,000 series; faster than prometheus gathers and encodes, times".to_owned();
    add(what, Bound::AtLeast(10.0), ratio);

    let times = found.tail(name::OURS_BY_STRING);
    let what =
        "p99.9 of a record beside 1,000 snapshots a second by that without, clock subtracted".to_owned();
    add(what, Bound::AtMost(2.0), times.map(|(quiet, beside)| beside / quiet));

    let memory = [
        ("resident bytes a series, shared", quantity::RESIDENT_SERIES, 200.0),
        ("resident bytes a series and touching thread", quantity::RESIDENT_SERIES_AND_THREAD, 16.0),
        ("resident bytes a thread, fixed", quantity::RESIDENT_THREAD, 40_000.0),
    ];
    for (what, quantity, most) in memory {
        let bytes = found.median(plain_memory(), name::OURS_BY_STRING, quantity);
        add(what.to_owned(), Bound::AtMost(most), bytes);
    }
    goals
}

struct Found<'f>(&'f [Finding]);

impl Found<'_> {
    fn finding(&self, scenario: Scenario) -> Option<&Finding> {
        self.0.iter().find(|finding| finding.scenario == scenario)
    }

    fn median(&self, scenario: Scenario, contestant: &str, quantity: &str) -> Option<f64> {
        Some(self.finding(scenario)?.line(contestant, quantity)?.spread.median)
    }

    /// By how many times `ours` is faster than `peer`.
    fn ratio(&self, scenario: Scenario, peer: &str, ours: &str, quantity: &str) -> Option<f64> {
        let finding = self.finding(scenario)?;
        let ratio = |contestant| finding.line(contestant, quantity)?.ratio;
        Some(ratio(peer)? / ratio(ours)?)
    }

    /// The p99.9 of a record while nothing else happens, and while the counts are read, each without the time that the
    /// clock itself takes.
    fn tail(&self, ours: &str) -> Option<(f64, f64)> {
        let [p50, _, p99_9, _] = quantity::QUIET;
        let [_, _, p99_9_beside, _] = quantity::BESIDE;
        let time = |contestant, quantity| self.median(plain_latency(), contestant, quantity);
        let clock = time(name::EMPTY, p50)?;
        Some((time(ours, p99_9)? - clock, time(ours, p99_9_beside)? - clock))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestants::Role;
    use crate::sample::{Figures, Sample};

    fn finding(scenario: Scenario, times: &[(&str, &str, Role, f64)]) -> Finding {
        let figures = times.iter().map(|(contestant, quantity, role, time)| Figures {
            contestant: (*contestant).to_owned(),
            role: *role,
            quantity: (*quantity).to_owned(),
            rounds: vec![*time; 3],
        });
        Finding::new(scenario, &[Sample { figures: figures.collect(), on_processor: None }])
    }

    #[test]
    fn a_goal_is_judged_if_and_only_if_its_figures_were_found() {
        assert_eq!(goals(&[]), []);
        let record = quantity::RECORD;
        let deliveries = finding(
            plain_deliveries(),
            &[
                (name::EMPTY, record, Role::Empty, 1.0),
                (name::OURS_BY_STRING, record, Role::Ours, 101.0),
                (name::OURS_BY_PLAN, record, Role::Ours, 21.0),
                (name::PROMETHEUS, record, Role::Peer, 1_401.0),
            ],
        );
        let goals = goals(&[deliveries]);
        assert_eq!(goals.iter().map(|goal| goal.measured).collect::<Vec<_>>(), [14.0, 70.0]);
        assert_eq!(goals.iter().map(|goal| goal.met).collect::<Vec<_>>(), [true, false]);
    }

    #[test]
    fn the_clock_is_subtracted_from_the_tail() {
        let [p50, _, quiet, _] = quantity::QUIET;
        let [_, _, beside, _] = quantity::BESIDE;
        let latency = finding(
            plain_latency(),
            &[
                (name::EMPTY, p50, Role::Empty, 10.0),
                (name::OURS_BY_STRING, quiet, Role::Ours, 60.0),
                (name::OURS_BY_STRING, beside, Role::Ours, 135.0),
            ],
        );
        let goals = goals(&[latency]);
        assert_eq!((goals[0].measured, goals[0].met), (2.5, false));
    }
}
