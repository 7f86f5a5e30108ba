//! The benchmark: every way to record, read and keep counts, in turns within one process, repeated across processes.
//!
//! ```sh
//! just bench            # what the goals need, a few minutes
//! just bench-full       # every combination, about half an hour
//! cargo build --release -p benches && cargo run --release -p benches --bin report -- --only "deliveries"
//! ```
//!
//! Prints tables and goals; progress goes to standard error. With `--save`, the report is also written as
//! `<date>-<machine>.json` and `.svg`.
//!
//! - A scenario is a race of all contestants. Its laps take the same time each and come in turns; it has a process for itself,
//!   so that no contestant finds what an earlier scenario left behind, and the whole program is gone through several times.
//! - Figures are medians over all rounds of all processes; `by process` shows the median of each, and so how far they can be
//!   trusted. `by ours` is the median of the ratios within each round.
//! - Times of records are nanoseconds of a processor: on more threads than processors, the time that passed shared out
//!   among the threads. The empty loop is subtracted.
//! - Where the threads had a processor for much less than all of the time, other work ran beside: then figures for
//!   several threads show nothing about what they do to each other.
//!
//! Exits with 1 if a contestant has miscounted; unmet goals are shown, no more.

use std::env;
use std::error::Error;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Instant;

use benches::report::Report;
use benches::report::finding::Finding;
use benches::report::goals::goals;
use benches::report::machine::Machine;
use benches::report::program::{Program, full, quick};
use benches::report::table;
use benches::sample::Sample;
use benches::scenario::{Effort, Scenario};
use clap::Parser;
use jiff::Timestamp;

/// Races the ways to count, and reports.
#[derive(Debug, Parser)]
struct Arguments {
    /// Go through every combination.
    #[arg(long)]
    full: bool,
    /// Only the scenarios with this in their title.
    #[arg(long, value_name = "TEXT")]
    only: Option<String>,
    /// Processes that go through all scenarios.
    #[arg(long)]
    processes: Option<usize>,
    /// Rounds of each scenario in each process.
    #[arg(long)]
    rounds: Option<usize>,
    /// Milliseconds of a lap.
    #[arg(long)]
    lap: Option<u64>,
    /// Where to write the report.
    #[arg(long, value_name = "FOLDER")]
    save: Option<PathBuf>,
    /// What file names call this machine, instead of its processor's model.
    #[arg(long, value_name = "NAME")]
    machine: Option<String>,
    /// Finds out about this one scenario in this process, and prints what it found.
    #[arg(long, hide = true, requires = "effort")]
    scenario: Option<String>,
    /// How thoroughly.
    #[arg(long, hide = true)]
    effort: Option<String>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    if let Some((scenario, effort)) = arguments.scenario.as_deref().zip(arguments.effort.as_deref()) {
        let sample = serde_json::from_str::<Scenario>(scenario)?.run(serde_json::from_str(effort)?)?;
        serde_json::to_writer(io::stdout().lock(), &sample)?;
        return Ok(());
    }
    let program = program(&arguments);
    let began_at = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
    let findings = find_out(&program)?;
    let goals = goals(&findings);
    let machine = Machine::this(arguments.machine);
    let report = Report { began_at, revision: revision(), machine, program, findings, goals };
    print!("{}", table::text(&report));
    if let Some(folder) = arguments.save {
        for path in report.save(&folder)? {
            eprintln!("wrote {}", path.display());
        }
    }
    Ok(())
}

fn program(arguments: &Arguments) -> Program {
    let mut program = if arguments.full { full() } else { quick() };
    if let Some(text) = &arguments.only {
        program.scenarios.retain(|scenario| scenario.title().contains(text));
    }
    program.processes = arguments.processes.unwrap_or(program.processes).max(1);
    program.effort.rounds = arguments.rounds.unwrap_or(program.effort.rounds).max(1);
    program.effort.lap_milliseconds = arguments.lap.unwrap_or(program.effort.lap_milliseconds).max(1);
    program
}

/// Goes through the program, with progress on standard error.
fn find_out(program: &Program) -> Result<Vec<Finding>, Box<dyn Error>> {
    let begin = Instant::now();
    let steps = program.processes * program.scenarios.len();
    let mut samples = vec![Vec::new(); program.scenarios.len()];
    for process in 0..program.processes {
        for (number, scenario) in program.scenarios.iter().enumerate() {
            let step = process * program.scenarios.len() + number + 1;
            eprintln!("[{step}/{steps}, {:.0} s] {}", begin.elapsed().as_secs_f64(), scenario.title());
            samples[number].push(in_a_process(*scenario, program.effort)?);
        }
    }
    let findings =
        program.scenarios.iter().zip(&samples).map(|(scenario, samples)| Finding::new(*scenario, samples));
    Ok(findings.collect())
}

/// Finds out about a scenario in a process of its own.
fn in_a_process(scenario: Scenario, effort: Effort) -> Result<Sample, Box<dyn Error>> {
    let this = env::current_exe()?;
    let mut command = match scenario {
        Scenario::Memory { series } => {
            let mut command = Command::new(beside(&this, "memory")?);
            command.args(["--json", "--series", &series.to_string()]);
            command
        }
        _ => {
            let mut command = Command::new(&this);
            command.args(["--scenario", &serde_json::to_string(&scenario)?]);
            command.args(["--effort", &serde_json::to_string(&effort)?]);
            command
        }
    };
    let output = command.stderr(Stdio::inherit()).output()?;
    if !output.status.success() {
        return Err(format!("the process for \"{}\" failed: {}", scenario.title(), output.status).into());
    }
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A program that was built with this one.
fn beside(this: &Path, name: &str) -> Result<PathBuf, String> {
    let path = this.with_file_name(name);
    if path.exists() {
        Ok(path)
    } else {
        Err(format!("{} is missing: build all of `benches`", path.display()))
    }
}

fn revision() -> Option<String> {
    let output =
        Command::new("git").args(["describe", "--always", "--dirty"]).stderr(Stdio::null()).output().ok()?;
    let name = String::from_utf8(output.stdout).ok()?.trim().to_owned();
    (!name.is_empty()).then_some(name)
}
