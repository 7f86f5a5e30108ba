//! What one process found out about one scenario.

use std::error::Error;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::contestants::{Contestant, OF_REQUESTS, Role};
use crate::latency::latency;
use crate::path::RequestPath;
use crate::race::Race;
use crate::reading::{Reading, time_of};
use crate::recorder::Recorder;
use crate::workload::Workload;

/// What figures are of, with their unit: the headings of columns.
pub mod quantity {
    /// The time of a record.
    pub const RECORD: &str = "ns/record";
    /// The time to take all counts at once.
    pub const GATHER: &str = "snapshot, µs";
    /// The same and to look at each.
    pub const GATHER_AND_SUM: &str = "and read all, µs";
    /// The time to take all counts and write them as a page.
    pub const PAGE: &str = "page, µs";
    /// The bytes of that page by that time.
    pub const PAGE_RATE: &str = "page, MB/s";
    /// Quantiles of the time of a single record while nothing else happens: 50, 99, 99.9 and 100 of 100.
    pub const QUIET: [&str; 4] = ["p50, ns", "p99, ns", "p99.9, ns", "max, ns"];
    /// The same while the counts are read.
    pub const BESIDE: [&str; 4] = ["p50 beside", "p99 beside", "p99.9 beside", "max beside"];
    /// Bytes of all that a series needs, at so many series as the scenario says, but for what each thread needs.
    pub const SERIES: &str = "B/series";
    /// The same in resident pages.
    pub const RESIDENT_SERIES: &str = "resident";
    /// Bytes that a thread needs for its first record.
    pub const THREAD: &str = "B/thread";
    /// The same in resident pages.
    pub const RESIDENT_THREAD: &str = "resident/thread";
    /// Bytes that a thread needs for each further series that it records.
    pub const SERIES_AND_THREAD: &str = "B/series and thread";
    /// The same in resident pages.
    pub const RESIDENT_SERIES_AND_THREAD: &str = "resident/series and thread";
}

/// The figures of one contestant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Figures {
    /// Its name.
    pub contestant: String,
    /// What it takes part as.
    pub role: Role,
    /// What the figures are of; one of [`quantity`].
    pub quantity: String,
    /// A figure for each round.
    pub rounds: Vec<f64>,
}

impl Figures {
    /// Figures of `contestant`.
    #[must_use]
    pub fn new<T>(contestant: &Contestant<T>, quantity: &str, rounds: Vec<f64>) -> Self {
        Self {
            contestant: contestant.name.to_owned(),
            role: contestant.role,
            quantity: quantity.to_owned(),
            rounds,
        }
    }
}

/// The figures of all contestants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Sample {
    /// A contestant's quantities stand together.
    pub figures: Vec<Figures>,
    /// The part of the time that the threads had the processors that they could have had; `None` if that was not
    /// looked at.
    pub on_processor: Option<f64>,
}

type Sampled = Result<Sample, Box<dyn Error>>;

/// Races the contestants and checks their counts.
pub(crate) fn of_race<T: Sync>(race: Race, workload: &Workload<T>, contestants: &[Contestant<T>]) -> Sampled {
    let recorders: Vec<_> =
        contestants.iter().map(|contestant| contestant.set_up(workload)).collect::<Result<_, _>>()?;
    let outcome = race.run(workload, &recorders);
    for ((contestant, recorder), made) in contestants.iter().zip(&recorders).zip(outcome.made) {
        if let Some(counted) = recorder.recorded().filter(|counted| *counted != made) {
            return Err(format!("{} counted {counted} of {made} records", contestant.name).into());
        }
    }
    let rounds = contestants.iter().zip(outcome.nanoseconds);
    let figures = rounds.map(|(contestant, rounds)| Figures::new(contestant, quantity::RECORD, rounds));
    Ok(Sample { figures: figures.collect(), on_processor: Some(outcome.on_processor) })
}

/// Reads what the contestants have counted after each item was recorded, in turns.
pub(crate) fn of_readings(workload: &Workload<RequestPath>, rounds: usize, time: Duration) -> Sampled {
    let mut readers = Vec::new();
    for contestant in &OF_REQUESTS {
        let recorder = contestant.set_up(workload)?;
        // Some have no page of nothing.
        recorder.record(&workload.items()[0]);
        let ways = ways_to_read(&*recorder);
        if ways.is_empty() {
            continue;
        }
        workload.items().iter().for_each(|item| recorder.record(item));
        let figures =
            ways.into_iter().map(|(way, quantity)| (way, Figures::new(contestant, quantity, Vec::new())));
        readers.push((recorder, figures.collect::<Vec<_>>()));
    }
    for _ in 0..rounds {
        for (recorder, figures) in &mut readers {
            for (way, figures) in figures {
                figures.rounds.extend(time_of(*way, workload, &**recorder, time));
            }
        }
    }
    let mut figures = Vec::new();
    for (recorder, of_ways) in readers {
        for (way, times) in of_ways {
            let rates = (way == Reading::Page).then(|| page_rates(&*recorder, &times));
            figures.push(times);
            figures.extend(rates);
        }
    }
    Ok(Sample { figures, on_processor: None })
}

/// What the recorder's page has in bytes, by the `times` that it took.
fn page_rates(recorder: &dyn Recorder<RequestPath>, times: &Figures) -> Figures {
    let mut page = Vec::new();
    recorder.encode(&mut page);
    // A byte a microsecond is a megabyte a second.
    let rates = times.rounds.iter().map(|micros| page.len() as f64 / micros);
    Figures { quantity: quantity::PAGE_RATE.to_owned(), rounds: rates.collect(), ..times.clone() }
}

fn ways_to_read(recorder: &dyn Recorder<RequestPath>) -> Vec<(Reading, &'static str)> {
    let mut ways = Vec::new();
    if recorder.gather() {
        ways.extend([(Reading::Gather, quantity::GATHER), (Reading::Sum, quantity::GATHER_AND_SUM)]);
    }
    if recorder.encode(&mut Vec::new()) {
        ways.push((Reading::Page, quantity::PAGE));
    }
    ways
}

/// Times single records of each contestant in turns, with and without readings beside.
pub(crate) fn of_latency<T: Sync>(
    workload: &Workload<T>,
    contestants: &[Contestant<T>],
    readings_per_second: u32,
    rounds: usize,
    lap: Duration,
) -> Sampled {
    let recorders: Vec<_> =
        contestants.iter().map(|contestant| contestant.set_up(workload)).collect::<Result<_, _>>()?;
    let none = |contestant| {
        let quantities = quantity::QUIET.into_iter().chain(quantity::BESIDE);
        quantities.map(move |quantity| Figures::new(contestant, quantity, Vec::new()))
    };
    let mut figures: Vec<_> = contestants.iter().flat_map(none).collect();
    for _ in 0..rounds {
        let of_each = figures.chunks_exact_mut(quantity::QUIET.len() + quantity::BESIDE.len());
        for (recorder, figures) in recorders.iter().zip(of_each) {
            let (quiet, beside) = figures.split_at_mut(quantity::QUIET.len());
            for (rate, figures) in [(0, quiet), (readings_per_second, beside)] {
                let latency = latency(workload, &**recorder, rate, lap)?;
                let quantiles = [latency.p50, latency.p99, latency.p99_9, latency.max];
                figures.iter_mut().zip(quantiles).for_each(|(figures, time)| figures.rounds.push(time));
            }
        }
    }
    Ok(Sample { figures, on_processor: None })
}
