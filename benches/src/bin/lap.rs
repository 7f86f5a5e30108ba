//! One contestant alone, for counting instructions, which the machine's other work does not change.
//!
//! ```sh
//! cargo build --release -p benches --bin lap
//! valgrind --tool=callgrind --callgrind-out-file=/dev/null --toggle-collect='lap::counted*' \
//!   target/release/lap requests-by-string "ours, by string" 10000    # counts what 10,000 records take
//! target/release/lap requests-by-handle                              # lists the contestants
//! ```
//!
//! Counted are the records alone: not the set-up, nor one record of each item before. The `instructions` program runs
//! this one and compares with limits.

use std::error::Error;
use std::process::ExitCode;

use benches::contestants::{Contestant, OF_DELIVERIES, OF_HANDLES, OF_ONE_HANDLE, OF_REQUESTS};
use benches::delivery::deliveries;
use benches::path::requests;
use benches::recorder::Recorder;
use benches::workload::{Popularity, Workload};
use clap::{Parser, ValueEnum};

#[derive(Debug, Clone, Copy, ValueEnum)]
enum What {
    /// Requests for 100 paths of 27 bytes.
    RequestsByString,
    /// The same by what was prepared for each path, and is picked by its number.
    RequestsByHandle,
    /// The same by what was prepared for one path, and is at hand.
    RequestsByOneHandle,
    /// Deliveries of 20 names to ten callers.
    Deliveries,
}

/// Records so many items with one contestant.
#[derive(Debug, Parser)]
struct Arguments {
    #[arg(value_enum)]
    what: What,
    /// The name of the contestant; without it, all names are listed.
    contestant: Option<String>,
    #[arg(default_value_t = 10_000)]
    records: u64,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = Arguments::parse();
    match arguments.what {
        What::RequestsByString => run(&arguments, &requests(100, Popularity::Uniform)?, &OF_REQUESTS),
        What::RequestsByHandle => run(&arguments, &requests(100, Popularity::Uniform)?, &OF_HANDLES),
        What::RequestsByOneHandle => run(&arguments, &requests(100, Popularity::Uniform)?, &OF_ONE_HANDLE),
        What::Deliveries => run(&arguments, &deliveries(20)?, &OF_DELIVERIES),
    }
}

fn run<T>(
    arguments: &Arguments,
    workload: &Workload<T>,
    contestants: &[Contestant<T>],
) -> Result<ExitCode, Box<dyn Error>> {
    let Some(name) = &arguments.contestant else {
        contestants.iter().for_each(|contestant| println!("{}", contestant.name));
        return Ok(ExitCode::SUCCESS);
    };
    let Some(contestant) = contestants.iter().find(|contestant| contestant.name == name) else {
        eprintln!("there is no contestant {name:?}; name none to list them");
        return Ok(ExitCode::from(2));
    };
    let recorder = contestant.set_up(workload)?;
    workload.items().iter().for_each(|item| recorder.record(item));
    counted(&*recorder, workload, arguments.records);
    Ok(ExitCode::SUCCESS)
}

/// What is counted, found by this name.
#[inline(never)]
fn counted<T>(recorder: &dyn Recorder<T>, workload: &Workload<T>, records: u64) {
    recorder.lap(workload, 0, records);
}
