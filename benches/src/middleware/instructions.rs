//! What answering takes, in instructions, which the machine's other work does not change.

use std::error::Error;
use std::path::Path;
use std::process::Command;

use super::contestant::Middleware;
use crate::instructions::collected;
use crate::spread::Spread;

/// Answers of the shorter run; the longer one has twice as many.
const ANSWERS: u64 = 5_000;

/// Pairs of runs. Single pairs were two hundredths apart.
const PAIRS: usize = 5;

/// Instructions of one answer in memory: what twice as many take more, so that neither start nor end is in it; the median of several such pairs of runs.
///
/// # Errors
///
/// When the program `serve` or valgrind cannot be run.
pub fn of_an_answer(serve: &Path, middleware: Middleware) -> Result<f64, Box<dyn Error>> {
    let of_a_pair = |_| -> Result<f64, Box<dyn Error>> {
        let [fewer, more] = [ANSWERS, 2 * ANSWERS].map(|answers| of_a_run(serve, middleware, answers));
        Ok((more? as f64 - fewer? as f64) / ANSWERS as f64)
    };
    let pairs = (0..PAIRS).map(of_a_pair).collect::<Result<Vec<_>, _>>()?;
    Ok(Spread::of(pairs).median)
}

fn of_a_run(serve: &Path, middleware: Middleware, answers: u64) -> Result<u64, Box<dyn Error>> {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(serve)
        .args([middleware.to_string(), format!("--in-memory={answers}")])
        .output()
        .map_err(|error| format!("cannot run valgrind ({error}); remedy: install it (Debian: valgrind)"))?;
    let text = String::from_utf8_lossy(&output.stderr);
    collected(&text).filter(|_| output.status.success()).ok_or_else(|| {
        format!("callgrind counted nothing for {middleware} ({}):\n{text}", output.status).into()
    })
}
