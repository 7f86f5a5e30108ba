//! Five million distinct paths of 200 bytes, recorded at default limits: totals stay exact, memory bounded.
//!
//! ```sh
//! cargo run --release -p benches --bin hostile_paths
//! ```
//!
//! Exits with 1 if a record is missing or was counted twice, or if the process ever took 64 MB or more.

use std::error::Error;
use std::process::ExitCode;
use std::str;
use std::time::Instant;

use benches::resident;
use runtime_metrics::Metrics;

const RECORDS: u64 = 5_000_000;
const PATH_BYTES: usize = 200;
const PEAK_LIMIT: u64 = 64_000_000;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let metrics = Metrics::new();
    let mut path = [b'x'; PATH_BYTES];
    path[0] = b'/';
    let begin = Instant::now();
    for number in 0..RECORDS {
        write_digits(&mut path[PATH_BYTES - 7..], number);
        metrics.record_request(str::from_utf8(&path)?);
    }
    let elapsed = begin.elapsed();

    let snapshot = metrics.snapshot();
    let requests = snapshot.requests();
    let by_path = requests.requests_by_path();
    let (total, overflow) = (requests.total_requests(), requests.overflow().records());
    let own = by_path.iter().filter(|(path, count)| path.len() == PATH_BYTES && *count == 1).count() as u64;
    let peak = resident::peak()?;
    println!("recorded     {RECORDS:>12} distinct paths of {PATH_BYTES} bytes");
    println!("total        {total:>12}");
    println!("overflow     {overflow:>12}");
    println!("series       {:>12} of {}", requests.occupancy().series(), requests.occupancy().limit());
    println!("time         {:>12.1} ns/record", elapsed.as_nanos() as f64 / RECORDS as f64);
    println!("peak memory  {:>12.1} MB", peak as f64 / 1e6);

    let exact = total == RECORDS && by_path.total() == RECORDS && own + overflow == RECORDS;
    if !exact {
        println!("the totals are not exact");
    }
    if peak >= PEAK_LIMIT {
        println!("the peak is not under {} MB", PEAK_LIMIT / 1_000_000);
    }
    Ok(if exact && peak < PEAK_LIMIT { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Writes the lowest digits of `number`, as many as `digits` has room for.
fn write_digits(digits: &mut [u8], mut number: u64) {
    for digit in digits.iter_mut().rev() {
        *digit = b'0' + (number % 10) as u8;
        number /= 10;
    }
}
