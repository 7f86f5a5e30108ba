//! The `exp-worker` binary: reads the command line, runs the worker or the view of one, turns its end into an exit code.

use std::io::Write as _;
use std::process::ExitCode;

use exp_worker::cli::{Cli, Command};

fn main() -> ExitCode {
    let mut cli = Cli::of_this_process();
    let (message, code) = match cli.command.take() {
        Some(Command::Top(command)) => match exp_worker::top::run(command) {
            Ok(code) => return ExitCode::from(code),
            Err(error) => (error.to_string(), error.exit_code()),
        },
        None => match exp_worker::worker::run(cli) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(error) => (error.to_string(), error.exit_code()),
        },
    };
    // A closed standard error must not turn a clear end into a panic.
    let _ = writeln!(std::io::stderr(), "exp-worker: {message}");
    ExitCode::from(code)
}
