//! One contestant alone, for counting instructions, which the machine's other work does not change.
//!
//! ```sh
//! cargo build --release -p benches
//! for records in 100000 200000; do
//!   valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/lap "ours, by string" $records 2>&1 |
//!     grep Collected
//! done    # the difference by 100,000 is the number of instructions a record
//! cargo run --release -p benches --bin lap                              # lists the contestants
//! cargo run --release -p benches --bin lap -- "ours, by plan" 1000 deliveries
//! ```
//!
//! Recorded are requests, or deliveries if a third argument says so.

use std::env;
use std::error::Error;
use std::process::ExitCode;

use benches::contestants::{Contestant, OF_DELIVERIES, OF_REQUESTS};
use benches::delivery::deliveries;
use benches::path::requests;
use benches::workload::Workload;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let found = match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        [name, records] => run(name, records.parse()?, &requests(), &OF_REQUESTS)?,
        [name, records, "deliveries"] => run(name, records.parse()?, &deliveries(), &OF_DELIVERIES)?,
        _ => false,
    };
    if found {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("usage: lap CONTESTANT RECORDS [deliveries]");
    OF_REQUESTS.iter().for_each(|contestant| eprintln!("  {:?}", contestant.name));
    OF_DELIVERIES.iter().for_each(|contestant| eprintln!("  {:?} (deliveries)", contestant.name));
    Ok(ExitCode::from(2))
}

/// Sets up the contestant with this name and runs a lap. False if there is none.
fn run<T>(
    name: &str,
    records: u64,
    workload: &Workload<T>,
    contestants: &[Contestant<T>],
) -> Result<bool, Box<dyn Error>> {
    let Some(contestant) = contestants.iter().find(|contestant| contestant.name == name) else {
        return Ok(false);
    };
    contestant.set_up(workload)?.lap(workload, 0, records);
    Ok(true)
}
