//! How long it takes to read all counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

use crate::recorder::Recorder;
use crate::workload::Workload;

/// Records between two readings, so that none can hand out what the last one found.
const RECORDS_BETWEEN: u64 = 100;

/// A way to read all counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reading {
    /// A gather.
    Gather,
    /// A gather of which every count is then looked at.
    Sum,
    /// A page of text.
    Page,
}

/// Microseconds that a reading takes, on average over as many as fit into about `time`, but one at least. `None` if
/// the recorder cannot be read in that way.
pub fn time_of<T>(
    reading: Reading,
    workload: &Workload<T>,
    recorder: &dyn Recorder<T>,
    time: Duration,
) -> Option<f64> {
    let mut page = Vec::new();
    let (mut sum, mut readings) = (Duration::ZERO, 0_u32);
    while sum < time {
        recorder.lap(workload, readings as usize, RECORDS_BETWEEN);
        let begin = Instant::now();
        let done = match reading {
            Reading::Gather => recorder.gather(),
            Reading::Sum => black_box(recorder.recorded()).is_some(),
            Reading::Page => recorder.encode(&mut page),
        };
        sum += begin.elapsed();
        readings += 1;
        if !done {
            return None;
        }
    }
    Some(sum.as_secs_f64() * 1e6 / f64::from(readings))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestants::{OF_REQUESTS, name};
    use crate::path::requests;
    use crate::workload::Popularity;

    #[test]
    fn what_can_be_read_takes_time_and_what_cannot_is_told() {
        let requests = requests(100, Popularity::Uniform).unwrap();
        for contestant in &OF_REQUESTS {
            let recorder = contestant.set_up(&requests).unwrap();
            let page = time_of(Reading::Page, &requests, &*recorder, Duration::from_micros(10));
            assert!(page.is_none_or(|time| time > 0.0));
            if contestant.name == name::OURS_BY_STRING {
                assert!(page.is_some());
            }
            if contestant.name == name::EMPTY {
                assert!(page.is_none());
                assert!(time_of(Reading::Gather, &requests, &*recorder, Duration::from_micros(10)).is_none());
            }
        }
    }
}
