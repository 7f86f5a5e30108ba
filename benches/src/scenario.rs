//! One thing to find out about all contestants, in one process.

use std::error::Error;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::contestants::{Contestant, OF_DELIVERIES, OF_HANDLES, OF_REQUESTS};
use crate::delivery::deliveries;
use crate::path::{RequestPath, requests};
use crate::race::Race;
use crate::sample::{Sample, of_latency, of_race, of_readings};
use crate::workload::Popularity;

/// How a request is recorded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum By {
    /// By its path.
    String,
    /// By what was prepared for its path.
    Handle,
}

impl By {
    fn contestants(self) -> &'static [Contestant<RequestPath>] {
        match self {
            Self::String => &OF_REQUESTS,
            Self::Handle => &OF_HANDLES,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::Handle => "handle",
        }
    }
}

/// What is to be found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "lowercase")]
pub enum Scenario {
    /// The time to record requests.
    Requests {
        /// How they are recorded.
        by: By,
        /// Distinct paths.
        series: usize,
        /// How often each path comes.
        popularity: Popularity,
        /// Threads that record at once.
        threads: usize,
        /// How often a second the counts are read meanwhile.
        readings_per_second: u32,
    },
    /// The time to record deliveries.
    Deliveries {
        /// Names in the document.
        names: usize,
        /// Threads that record at once.
        threads: usize,
        /// How often a second the counts are read meanwhile.
        readings_per_second: u32,
    },
    /// The time to read all counts.
    Reading {
        /// Request series.
        series: usize,
    },
    /// The time of single requests, while the counts are read and while not.
    Latency {
        /// How they are recorded.
        by: By,
        /// Distinct paths.
        series: usize,
        /// How often a second the counts are read, in every other lap.
        readings_per_second: u32,
    },
    /// Bytes of memory; found out by a program of its own, for it counts allocations.
    Memory {
        /// Request series.
        series: usize,
    },
}

/// How much is done to find out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Effort {
    /// Rounds in each process.
    pub rounds: usize,
    /// Milliseconds of each lap.
    pub lap_milliseconds: u64,
}

impl Scenario {
    /// A heading.
    #[must_use]
    pub fn title(&self) -> String {
        let beside = |readings| match readings {
            0 => String::new(),
            _ => format!(", snapshots at {readings} Hz beside"),
        };
        match *self {
            Self::Requests { by, series, popularity, threads, readings_per_second } => format!(
                "requests by {}, {}, {}, {}{}",
                by.text(),
                count(series, "series", "series"),
                if popularity == Popularity::Uniform { "uniform" } else { "Zipf" },
                count(threads, "thread", "threads"),
                beside(readings_per_second)
            ),
            Self::Deliveries { names, threads, readings_per_second } => format!(
                "deliveries of {}, {}{}",
                count(names, "name", "names"),
                count(threads, "thread", "threads"),
                beside(readings_per_second)
            ),
            Self::Reading { series } => format!("reading all counts, {}", count(series, "series", "series")),
            Self::Latency { by, series, readings_per_second } => format!(
                "single requests by {}, {}, clock included, quiet and beside snapshots at {readings_per_second} Hz",
                by.text(),
                count(series, "series", "series"),
            ),
            Self::Memory { series } => format!("memory at {}", count(series, "series", "series")),
        }
    }

    /// Finds out in this process.
    ///
    /// # Errors
    ///
    /// If a library does not accept how it is set up, a contestant has not counted what it recorded, or memory is asked for.
    pub fn run(&self, effort: Effort) -> Result<Sample, Box<dyn Error>> {
        let lap = Duration::from_millis(effort.lap_milliseconds);
        let rounds = effort.rounds;
        match *self {
            Self::Requests { by, series, popularity, threads, readings_per_second } => {
                let race = Race { threads, readings_per_second, rounds, lap };
                of_race(race, &requests(series, popularity)?, by.contestants())
            }
            Self::Deliveries { names, threads, readings_per_second } => {
                let race = Race { threads, readings_per_second, rounds, lap };
                of_race(race, &deliveries(names)?, &OF_DELIVERIES)
            }
            Self::Reading { series } => of_readings(&requests(series, Popularity::Uniform)?, rounds, lap),
            Self::Latency { by, series, readings_per_second } => {
                let requests = requests(series, Popularity::Uniform)?;
                of_latency(&requests, by.contestants(), readings_per_second, rounds, lap)
            }
            Self::Memory { .. } => Err("memory is measured by the program `memory`".into()),
        }
    }
}

fn count(number: usize, one: &str, many: &str) -> String {
    let noun = if number == 1 { one } else { many };
    match (number / 1_000, number % 1_000) {
        (0, number) => format!("{number} {noun}"),
        (thousands, rest) => format!("{thousands},{rest:03} {noun}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::quantity;

    const EFFORT: Effort = Effort { rounds: 2, lap_milliseconds: 1 };

    #[test]
    fn every_kind_of_scenario_gives_figures_of_as_many_rounds_as_asked_for() {
        let (threads, readings_per_second, series) = (1, 100, 10);
        let popularity = Popularity::Zipf;
        for scenario in [
            Scenario::Requests { by: By::Handle, series, popularity, threads, readings_per_second },
            Scenario::Deliveries { names: 20, threads, readings_per_second },
            Scenario::Reading { series },
            Scenario::Latency { by: By::String, series, readings_per_second },
        ] {
            let sample = scenario.run(EFFORT).unwrap();
            assert!(sample.figures.len() >= 8, "{sample:?}");
            assert!(sample.figures.iter().all(|figures| figures.rounds.len() == 2), "{sample:?}");
        }
        let readings = Scenario::Reading { series }.run(EFFORT).unwrap().figures;
        for quantity in [quantity::PAGE, quantity::PAGE_RATE] {
            let pages = readings.iter().filter(|figures| figures.quantity == quantity);
            assert_eq!(pages.count(), 5, "{quantity}");
        }
        assert!(Scenario::Memory { series }.run(EFFORT).is_err());
    }

    #[test]
    fn titles_are_spelt_out_and_scenarios_survive_json() {
        let (by, popularity) = (By::String, Popularity::Uniform);
        let scenario =
            Scenario::Requests { by, series: 5_000, popularity, threads: 1, readings_per_second: 100 };
        let title = "requests by string, 5,000 series, uniform, 1 thread, snapshots at 100 Hz beside";
        assert_eq!(scenario.title(), title);
        let json = serde_json::to_string(&scenario).unwrap();
        assert_eq!(serde_json::from_str::<Scenario>(&json).unwrap(), scenario);
    }
}
