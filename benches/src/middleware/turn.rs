//! One turn of load.

use std::io;
use std::process::{Command, Stdio};

use super::served::Served;

/// What a server did in a turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Turn {
    /// Requests answered in a second.
    pub per_second: f64,
    /// Time of the server on a processor, of a request, in nanoseconds.
    pub processor_nanoseconds: f64,
}

/// Why there is no turn.
#[derive(Debug, thiserror::Error)]
pub enum TurnError {
    /// `wrk` cannot be run.
    #[error("cannot run wrk ({0}); remedy: install it (Debian: wrk)")]
    Program(#[from] io::Error),
    /// Some requests were not answered with 200, or the output is not that of `wrk`.
    #[error("wrk says what a turn must not say, or not what it must:\n{0}")]
    Report(String),
    /// The server is gone.
    #[error("the server's time cannot be read: {0}")]
    Server(String),
}

impl Turn {
    /// Lets `wrk` ask for `path` for so many seconds, by so many connections.
    ///
    /// # Errors
    ///
    /// [`TurnError`] when a request is not answered with 200.
    pub fn of(served: &Served, path: &str, connections: u32, seconds: u32) -> Result<Self, TurnError> {
        let time = || served.processor_nanoseconds().map_err(|error| TurnError::Server(error.to_string()));
        let before = time()?;
        let output = Command::new("wrk")
            .args(["--threads", "1", "--connections", &connections.to_string()])
            .args(["--duration", &format!("{seconds}s")])
            .arg(format!("http://{}{path}", served.address))
            .stdin(Stdio::null())
            .output()?;
        let text = String::from_utf8_lossy(&output.stdout);
        let (requests, per_second) =
            figures(&text).ok_or_else(|| TurnError::Report(text.clone().into_owned()))?;
        Ok(Self { per_second, processor_nanoseconds: (time()? - before) as f64 / requests })
    }
}

/// Requests, and requests a second; none unless all were answered with 200.
fn figures(report: &str) -> Option<(f64, f64)> {
    if report.contains("Non-2xx") || report.contains("Socket errors") {
        return None;
    }
    let line = |with: &str| report.lines().map(str::trim).find(|line| line.contains(with));
    let requests: f64 = line("requests in")?.split(' ').next()?.parse().ok()?;
    let per_second = line("Requests/sec:")?.rsplit(' ').next()?.parse().ok()?;
    (requests > 0.0).then_some((requests, per_second))
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str = "Running 1s test @ http://127.0.0.1:8080/\n  1 threads and 16 connections\n  Thread Stats   Avg      Stdev     Max   +/- Stdev\n    \
         Latency   300.00us  100.00us   2.00ms   80.00%\n  30000 requests in 1.10s, 9.00MB read\nRequests/sec:  27272.73\nTransfer/sec:      8.18MB\n";

    #[test]
    fn a_report_is_read_and_one_of_errors_is_not() {
        assert_eq!(figures(REPORT), Some((30_000.0, 27_272.73)));
        let refused = REPORT.replace("Requests/sec", "  Non-2xx or 3xx responses: 7\nRequests/sec");
        assert_eq!((figures(&refused), figures("unable to connect")), (None, None));
    }
}
