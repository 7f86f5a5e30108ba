//! A process that serves.

use std::error::Error;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use super::contestant::Middleware;

/// The worker with one middleware, in a process of its own, on one thread; killed when it is dropped.
#[derive(Debug)]
pub struct Served {
    process: Child,
    /// Where it listens.
    pub address: String,
}

impl Served {
    /// Starts the program `serve` and waits until it listens.
    ///
    /// # Errors
    ///
    /// When it does not start.
    pub fn start(program: &Path, middleware: Middleware) -> Result<Self, Box<dyn Error>> {
        let mut process = Command::new(program)
            .arg(middleware.to_string())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| format!("cannot run {}: {error}", program.display()))?;
        let mut address = String::new();
        if let Some(out) = process.stdout.take() {
            BufReader::new(out).read_line(&mut address)?;
        }
        let served = Self { process, address: address.trim_end().to_owned() };
        if served.address.is_empty() { Err("the server ended before it listened".into()) } else { Ok(served) }
    }

    /// Time on a processor so far, in nanoseconds, all threads together. Source: Documentation/scheduler/sched-stats.rst of Linux.
    ///
    /// # Errors
    ///
    /// When `/proc` does not say.
    pub fn processor_nanoseconds(&self) -> Result<u64, Box<dyn Error>> {
        let mut sum = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let text = fs::read_to_string(thread?.path().join("schedstat"))?;
            sum += text.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(sum)
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
