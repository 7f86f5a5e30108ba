//! Counts the instructions of a record and fails if one takes more than it may.
//!
//! ```sh
//! just instructions       # builds, then runs this; needs valgrind (Debian: valgrind)
//! ```
//!
//! What is counted, and the limits, are in `benches/instructions.toml`. Callgrind runs the program `lap` and counts the
//! records alone. Of what has a limit, the smallest count of several runs is taken: of the one for which the hashes'
//! random seeds let the fewest labels collide.
//!
//! Exits with 1 if a record is over its limit.

use std::env;
use std::error::Error;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use benches::instructions::{Count, Plan, Record, collected};
use benches::report::table::aligned;
use clap::Parser;

/// Counts instructions by callgrind.
#[derive(Debug, Parser)]
struct Arguments {
    /// What to count, and the limits.
    #[arg(long, value_name = "FILE", default_value = "benches/instructions.toml")]
    plan: PathBuf,
    /// Records in a run.
    #[arg(long, default_value_t = 10_000)]
    records: u32,
    /// Runs of what has a limit, of which the smallest count is taken.
    #[arg(long, default_value_t = 3)]
    runs: u32,
}

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let arguments = Arguments::parse();
    let text = fs::read_to_string(&arguments.plan);
    let text = text.map_err(|error| format!("cannot read {}: {error}", arguments.plan.display()))?;
    let lap = env::current_exe()?.with_file_name("lap");
    let counts = Plan::parse(&text)?.count(|record| {
        eprintln!("{}: {}", record.what, record.contestant);
        let runs = if record.limit.is_some() { arguments.runs.max(1) } else { 1 };
        let counts = (0..runs).map(|_| run(&lap, record, arguments.records));
        let counts: Vec<u64> = counts.collect::<Result<_, _>>()?;
        let fewest = counts.into_iter().min().unwrap_or(0);
        Ok(fewest as f64 / f64::from(arguments.records))
    })?;

    let mut rows = vec![["", "", "instructions", "limit"].map(str::to_owned).to_vec()];
    rows.extend(counts.iter().map(|count| {
        let Count { record, instructions } = count;
        let limit = record.limit.map_or_else(String::new, |limit| limit.to_string());
        let over = if count.is_over() { "OVER" } else { "" };
        let name = format!("{}: {}", record.what, record.contestant);
        vec![name, over.to_owned(), format!("{instructions:.1}"), limit]
    }));
    print!("{}", aligned(&rows));
    let over = counts.iter().filter(|count| count.is_over()).count();
    if over > 0 {
        eprintln!("over the limit: {over}");
        return Ok(ExitCode::FAILURE);
    }
    Ok(ExitCode::SUCCESS)
}

/// Instructions of so many records of a contestant, loop included.
fn run(lap: &Path, record: &Record, records: u32) -> Result<u64, Box<dyn Error>> {
    if !lap.exists() {
        return Err(format!("{} is missing: build all of `benches`", lap.display()).into());
    }
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null", "--toggle-collect=lap::counted*"])
        .arg(lap)
        .args([&record.what, &record.contestant, &records.to_string()])
        .output();
    let output = output.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => "valgrind is missing: install it (Debian: valgrind)".to_owned(),
        _ => format!("cannot run valgrind: {error}"),
    })?;
    let text = String::from_utf8_lossy(&output.stderr);
    match collected(&text) {
        Some(instructions) if output.status.success() && instructions > 0 => Ok(instructions),
        _ => {
            Err(format!("callgrind counted nothing for {:?} ({}):\n{text}", record.contestant, output.status)
                .into())
        }
    }
}
