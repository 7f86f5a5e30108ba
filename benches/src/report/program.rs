//! Which scenarios a run goes through, and how thoroughly.

use serde::{Deserialize, Serialize};

use crate::scenario::{By, Effort, Scenario};
use crate::workload::Popularity;

/// A run's scenarios.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Program {
    /// `quick` or `full`.
    pub name: String,
    /// Processes that go through all scenarios, one after the other.
    pub processes: usize,
    /// What each does for each scenario.
    pub effort: Effort,
    /// In the order in which they are gone through.
    #[serde(skip)]
    pub scenarios: Vec<Scenario>,
}

const SERIES: usize = 100;
const READINGS: u32 = 100;
const FREQUENT_READINGS: u32 = 1_000;

/// Requests for 100 paths, all equally popular, with nothing beside: what most goals are about.
#[must_use]
pub fn plain_requests(by: By, threads: usize) -> Scenario {
    let popularity = Popularity::Uniform;
    Scenario::Requests { by, series: SERIES, popularity, threads, readings_per_second: 0 }
}

/// Deliveries of 20 names on one thread, with nothing beside.
#[must_use]
pub fn plain_deliveries() -> Scenario {
    Scenario::Deliveries { names: 20, threads: 1, readings_per_second: 0 }
}

/// Reading 10,000 request series.
#[must_use]
pub fn plain_reading() -> Scenario {
    Scenario::Reading { series: 10_000 }
}

/// Single requests by string while the counts are read a thousand times a second.
#[must_use]
pub fn plain_latency() -> Scenario {
    Scenario::Latency { by: By::String, series: SERIES, readings_per_second: FREQUENT_READINGS }
}

/// Memory at 10,000 request series.
#[must_use]
pub fn plain_memory() -> Scenario {
    Scenario::Memory { series: 10_000 }
}

/// What all goals need and a little more: a few minutes.
#[must_use]
pub fn quick() -> Program {
    use By::{Handle, String};
    use Popularity::{Uniform, Zipf};
    let requests = |by, series, popularity, threads, readings_per_second| Scenario::Requests {
        by,
        series,
        popularity,
        threads,
        readings_per_second,
    };
    let deliveries = |names, threads| Scenario::Deliveries { names, threads, readings_per_second: 0 };
    let scenarios = vec![
        plain_requests(String, 1),
        plain_requests(String, 2),
        plain_requests(String, 8),
        requests(String, 1, Uniform, 2, 0),
        requests(String, 5_000, Uniform, 1, 0),
        requests(String, SERIES, Zipf, 2, 0),
        requests(String, 5_000, Zipf, 2, 0),
        requests(String, SERIES, Uniform, 1, READINGS),
        requests(String, SERIES, Uniform, 2, READINGS),
        plain_requests(Handle, 1),
        plain_requests(Handle, 2),
        plain_requests(Handle, 8),
        requests(Handle, 1, Uniform, 2, 0),
        requests(Handle, SERIES, Uniform, 2, READINGS),
        deliveries(1, 1),
        plain_deliveries(),
        deliveries(20, 2),
        deliveries(100, 1),
        Scenario::Reading { series: 100 },
        plain_reading(),
        Scenario::Reading { series: 100_000 },
        plain_latency(),
        plain_memory(),
    ];
    let effort = Effort { rounds: 7, lap_milliseconds: 20 };
    Program { name: "quick".to_owned(), processes: 3, effort, scenarios }
}

/// Every combination: about half an hour.
#[must_use]
pub fn full() -> Program {
    let mut scenarios = Vec::new();
    let beside =
        || [1, 2, 8].into_iter().flat_map(|threads| [0, READINGS].map(|readings| (threads, readings)));
    for by in [By::String, By::Handle] {
        // Of one path, all orders are the same.
        for (series, popularity) in [
            (1, Popularity::Uniform),
            (100, Popularity::Uniform),
            (100, Popularity::Zipf),
            (5_000, Popularity::Uniform),
            (5_000, Popularity::Zipf),
        ] {
            scenarios.extend(beside().map(|(threads, readings_per_second)| Scenario::Requests {
                by,
                series,
                popularity,
                threads,
                readings_per_second,
            }));
        }
    }
    for names in [1, 20, 100] {
        scenarios.extend(beside().map(|(threads, readings_per_second)| Scenario::Deliveries {
            names,
            threads,
            readings_per_second,
        }));
    }
    scenarios.extend([100, 10_000, 100_000].map(|series| Scenario::Reading { series }));
    scenarios.extend([By::String, By::Handle].into_iter().flat_map(|by| {
        [SERIES, 5_000].map(|series| Scenario::Latency { by, series, readings_per_second: FREQUENT_READINGS })
    }));
    scenarios.push(plain_memory());
    let effort = Effort { rounds: 9, lap_milliseconds: 50 };
    Program { name: "full".to_owned(), processes: 5, effort, scenarios }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_full_program_has_all_that_goals_need_and_nothing_twice() {
        for program in [quick(), full()] {
            let scenarios = &program.scenarios;
            let needed =
                [By::String, By::Handle].into_iter().flat_map(|by| [1, 2].map(|n| plain_requests(by, n)));
            let others = [plain_deliveries(), plain_reading(), plain_latency(), plain_memory()];
            assert!(needed.chain(others).all(|scenario| scenarios.contains(&scenario)), "{}", program.name);
            let twice = |number: usize| scenarios[number + 1..].contains(&scenarios[number]);
            assert!(!(0..scenarios.len()).any(twice), "{}", program.name);
        }
        assert_eq!(full().scenarios.len(), 60 + 18 + 3 + 4 + 1);
    }
}
