//! Bytes that a series, a thread, and a series of a thread take: asked of the allocator, and in resident pages.
//!
//! ```sh
//! cargo run --release -p benches --bin memory                      # 10,000 request series, limit included
//! cargo run --release -p benches --bin memory -- --series 1000
//! ```
//!
//! A series' bytes are those of a recorder with so many series, its fixed part included, by their number, without what
//! the recording thread has for itself. A thread's bytes are those of its first record; for each further series that it
//! records, its bytes of all series less those of the first. Only this project's recorder has memory of its own for each
//! thread; the peers' columns are left empty.
//!
//! What is asked of the allocator includes room that is never touched: ours reserves for the series limit, here 10,000, when
//! the registry and a thread's cells are made. Resident pages are what the machine gives.

use std::alloc::System;
use std::env;
use std::error::Error;
use std::io;
use std::process::{Command, Stdio};

use benches::contestants::{Contestant, OF_REQUESTS, Role};
use benches::footprint::{Footprint, of_series, of_thread};
use benches::path::{RequestPath, requests};
use benches::report::finding::Finding;
use benches::report::table;
use benches::sample::{Figures, Sample, quantity};
use benches::scenario::Scenario;
use benches::workload::Popularity;
use clap::Parser;
use serde::{Deserialize, Serialize};
use stats_alloc::{INSTRUMENTED_SYSTEM, StatsAlloc};

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

/// Threads whose memory is averaged.
const THREADS: usize = 8;

/// Times that each experiment is made.
const ROUNDS: usize = 3;

/// Measures the memory that counting requests takes.
#[derive(Debug, Parser)]
struct Arguments {
    /// Request series.
    #[arg(long, default_value_t = 10_000)]
    series: usize,
    /// Print what was found as JSON.
    #[arg(long)]
    json: bool,
    /// Makes this one experiment in this process.
    #[arg(long, hide = true)]
    experiment: Option<String>,
}

/// What one process measures.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct Experiment {
    /// Position in [`OF_REQUESTS`].
    contestant: usize,
    /// Paths that there are.
    series: usize,
    /// Paths that are recorded.
    touched: usize,
    /// By each of [`THREADS`] threads, after another recorded all of them; else by one thread, from the very beginning.
    by_threads: bool,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let Some(experiment) = arguments.experiment {
        let footprint = make(serde_json::from_str(&experiment)?)?;
        serde_json::to_writer(io::stdout().lock(), &footprint)?;
        return Ok(());
    }
    let series = arguments.series.max(2);
    let mut figures = Vec::new();
    for (number, contestant) in OF_REQUESTS.iter().enumerate() {
        match contestant.role {
            Role::Ours => figures.extend(ours(number, contestant, series)?),
            Role::Peer => figures.extend(peer(number, contestant, series)?),
            Role::Empty | Role::Floor => {}
        }
    }
    let sample = Sample { figures, on_processor: None };
    if arguments.json {
        serde_json::to_writer(io::stdout().lock(), &sample)?;
    } else {
        print!("{}", table::of_finding(&Finding::new(Scenario::Memory { series }, &[sample])));
    }
    Ok(())
}

fn ours(
    number: usize,
    contestant: &Contestant<RequestPath>,
    series: usize,
) -> Result<Vec<Figures>, Box<dyn Error>> {
    let all = Experiment { contestant: number, series, touched: series, by_threads: false };
    let all_of_thread = Experiment { by_threads: true, ..all };
    let (all, all_of_thread, first_of_thread) =
        (repeat(all)?, repeat(all_of_thread)?, repeat(Experiment { touched: 1, ..all_of_thread })?);
    let shared = all.iter().zip(&all_of_thread).map(|(all, thread)| (*all - *thread).by(series));
    let further =
        all_of_thread.iter().zip(&first_of_thread).map(|(all, first)| (*all - *first).by(series - 1));
    let quantities = [
        (quantity::SERIES, quantity::RESIDENT_SERIES, shared.collect()),
        (quantity::THREAD, quantity::RESIDENT_THREAD, first_of_thread.clone()),
        (quantity::SERIES_AND_THREAD, quantity::RESIDENT_SERIES_AND_THREAD, further.collect()),
    ];
    Ok(quantities
        .into_iter()
        .flat_map(|(allocated, resident, of)| both(contestant, allocated, resident, &of))
        .collect())
}

fn peer(
    number: usize,
    contestant: &Contestant<RequestPath>,
    series: usize,
) -> Result<Vec<Figures>, Box<dyn Error>> {
    let all = repeat(Experiment { contestant: number, series, touched: series, by_threads: false })?;
    let of_series: Vec<_> = all.iter().map(|all| all.by(series)).collect();
    Ok(both(contestant, quantity::SERIES, quantity::RESIDENT_SERIES, &of_series).into())
}

fn both(
    contestant: &Contestant<RequestPath>,
    allocated: &str,
    resident: &str,
    of: &[Footprint],
) -> [Figures; 2] {
    let figures = |quantity, figure: fn(&Footprint) -> f64| {
        Figures::new(contestant, quantity, of.iter().map(figure).collect())
    };
    [figures(allocated, |footprint| footprint.allocated), figures(resident, |footprint| footprint.resident)]
}

/// Makes the experiment several times, in a process each.
fn repeat(experiment: Experiment) -> Result<Vec<Footprint>, Box<dyn Error>> {
    let json = serde_json::to_string(&experiment)?;
    let once = |_| {
        let mut command = Command::new(env::current_exe()?);
        let output = command.args(["--experiment", &json]).stderr(Stdio::inherit()).output()?;
        if !output.status.success() {
            return Err(format!("the experiment {json} failed: {}", output.status).into());
        }
        Ok(serde_json::from_slice(&output.stdout)?)
    };
    (0..ROUNDS).map(once).collect()
}

fn make(experiment: Experiment) -> Result<Footprint, Box<dyn Error>> {
    let contestant = OF_REQUESTS.get(experiment.contestant).ok_or("there is no such contestant")?;
    let workload = requests(experiment.series, Popularity::Uniform)?;
    let allocated = || {
        let stats = ALLOCATOR.stats();
        stats.bytes_allocated - stats.bytes_deallocated
    };
    if experiment.by_threads {
        let recorder = contestant.set_up(&workload)?;
        Ok(of_thread(&*recorder, workload.items(), experiment.touched, THREADS, &allocated)?)
    } else {
        of_series(|| contestant.set_up(&workload), &workload.items()[..experiment.touched], &allocated)
    }
}
