//! The `exp-worker` binary: reads the command line, runs the worker, turns its end into an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use exp_worker::cli::Cli;

fn main() -> ExitCode {
    match exp_worker::worker::run(Cli::of_this_process()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // A closed standard error must not turn a clear end into a panic.
            let _ = writeln!(std::io::stderr(), "exp-worker: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}
