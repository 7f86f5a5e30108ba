//! How long single records take, above all the longest.
//!
//! The clock is the processor's own counter where there is one. It may count in steps of 10 ns and more; those who record
//! nothing show what is the clock's.

use std::time::Duration;

use hdrhistogram::{CreationError, Histogram};
use quanta::Clock;

use crate::observer::beside;
use crate::recorder::Recorder;
use crate::workload::Workload;

/// Ticks that are told apart, ten seconds' worth at 5 GHz; what is longer counts as that.
const LONGEST: u64 = 50_000_000_000;

/// Of one lap: nanoseconds of a single record, the reading of the clock included.
#[derive(Debug, Clone, Copy)]
pub struct Latency {
    /// Half of the records took at most this.
    pub p50: f64,
    /// 99 of 100.
    pub p99: f64,
    /// 999 of 1,000.
    pub p99_9: f64,
    /// All.
    pub max: f64,
}

/// Records on the calling thread for about as long as `lap` while the counts are read so often a second.
///
/// # Errors
///
/// None in practice: the histogram's bounds are in order.
pub fn latency<T: Sync>(
    workload: &Workload<T>,
    recorder: &dyn Recorder<T>,
    readings_per_second: u32,
    lap: Duration,
) -> Result<Latency, CreationError> {
    let clock = Clock::new();
    let mut ticks = Histogram::new_with_bounds(1, LONGEST, 3)?;
    // Items are met, pages and branches warm, and the time of a record known well enough.
    workload.items().iter().for_each(|item| recorder.record(item));
    let begin = clock.raw();
    recorder.timed_lap(workload, TRIAL, &clock, &mut ticks);
    let trial = clock.delta_as_nanos(begin, clock.raw()).max(1);
    let records = (u128::from(TRIAL) * lap.as_nanos() / u128::from(trial)) as u64;
    ticks.reset();
    beside(recorder, readings_per_second, || recorder.timed_lap(workload, records, &clock, &mut ticks));

    let nanoseconds_a_tick = clock.delta_as_nanos(0, 1_000_000_000) as f64 / 1e9;
    let at = |quantile: f64| ticks.value_at_quantile(quantile) as f64 * nanoseconds_a_tick;
    Ok(Latency { p50: at(0.5), p99: at(0.99), p99_9: at(0.999), max: at(1.0) })
}

const TRIAL: u64 = 10_000;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestants::OF_REQUESTS;
    use crate::path::requests;
    use crate::workload::Popularity;

    #[test]
    fn quantiles_are_in_order_and_a_record_takes_time() {
        let requests = requests(100, Popularity::Uniform).unwrap();
        let ours = OF_REQUESTS[1].set_up(&requests).unwrap();
        let latency = latency(&requests, &*ours, 1_000, Duration::from_millis(20)).unwrap();
        assert!(0.0 < latency.p50 && latency.p50 <= latency.p99);
        assert!(latency.p99 <= latency.p99_9 && latency.p99_9 <= latency.max);
        assert!(ours.recorded() > Some(TRIAL));
    }
}
