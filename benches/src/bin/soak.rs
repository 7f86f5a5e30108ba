//! Soaks the registry for as long as asked for, and checks every count; see [`benches::soak`].
//!
//! ```sh
//! cargo run --release -p benches --bin soak -- 60              # minutes
//! cargo run --release -p benches --bin soak -- --seconds 20
//! ```
//!
//! Prints a line of JSON a minute, one for each of the first violations of each rule, and a verdict at the end.
//! Ctrl-C and SIGTERM end it early, with the verdict on what was run. Exits with 1 if the verdict is `failed`, and with 2
//! if the soak could not be run.

use std::error::Error;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use benches::soak::allocator::use_one_arena;
use benches::soak::run::soak;
use benches::soak::violation::print_line;
use clap::Parser;
use signal_hook::consts::{SIGINT, SIGTERM};

/// Records beside snapshots, resets, forks and floods, and checks every count.
#[derive(Debug, Parser)]
struct Arguments {
    /// How long, in minutes; may be a fraction
    #[arg(required_unless_present = "seconds", value_parser = minutes)]
    minutes: Option<Duration>,

    /// How long, in seconds; may be a fraction
    #[arg(long, conflicts_with = "minutes", value_parser = seconds)]
    seconds: Option<Duration>,
}

fn minutes(text: &str) -> Result<Duration, Box<dyn Error + Send + Sync>> {
    Ok(Duration::try_from_secs_f64(text.parse::<f64>()? * 60.0)?)
}

fn seconds(text: &str) -> Result<Duration, Box<dyn Error + Send + Sync>> {
    Ok(Duration::try_from_secs_f64(text.parse()?)?)
}

fn main() -> ExitCode {
    let Arguments { minutes, seconds } = Arguments::parse();
    match run(minutes.or(seconds).unwrap_or_default()) {
        Ok(status) => status,
        Err(error) => {
            eprintln!("soak: {error}");
            ExitCode::from(2)
        }
    }
}

fn run(length: Duration) -> Result<ExitCode, Box<dyn Error>> {
    use_one_arena();
    let interrupted = Arc::new(AtomicBool::new(false));
    for signal in [SIGINT, SIGTERM] {
        signal_hook::flag::register(signal, Arc::clone(&interrupted))?;
    }
    let verdict = soak(length, &interrupted, print_line)?;
    print_line(&verdict);
    Ok(if verdict.passed() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}
