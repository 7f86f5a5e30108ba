//! What the process takes, as metrics.
//!
//! Source: semantic conventions 1.45, "OS process metrics". CPU time is told without `cpu.mode`, which is allowed where no data point has it. There is no
//! convention for the limit of file descriptors.

use std::time::{Duration, SystemTime};

use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Metric};

use crate::ProcessUsage;
use crate::number::seconds;
use crate::otlp::metric::{Instrument, Times};
use crate::otlp::reading::Reading;

const fn instrument(name: &'static str, unit: &'static str, description: &'static str) -> Instrument {
    Instrument { name, unit, description }
}

const CPU_TIME: Instrument = instrument("process.cpu.time", "s", "Total CPU seconds.");
const MEMORY: Instrument = instrument("process.memory.usage", "By", "The amount of physical memory in use.");
const VIRTUAL_MEMORY: Instrument =
    instrument("process.memory.virtual", "By", "The amount of committed virtual memory.");
const FILE_DESCRIPTORS: Instrument = instrument(
    "process.unix.file_descriptor.count",
    "{file_descriptor}",
    "Number of file descriptors in use by the process.",
);
const THREADS: Instrument = instrument("process.thread.count", "{thread}", "Process threads count.");

/// What the process takes, and what of it was told already.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Usage {
    pub(crate) now: ProcessUsage,
    /// Of importance to deltas alone.
    pub(crate) told: CpuTold,
}

/// CPU time that was told, up to an instant; without one nothing was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct CpuTold(Option<(Duration, SystemTime)>);

impl CpuTold {
    /// All of `usage` is told, as of that instant. What could not be read is none.
    #[cfg(feature = "push-otlp")]
    pub(crate) fn up_to(self, usage: &ProcessUsage, at: SystemTime) -> Self {
        usage.cpu_time.map_or(self, |time| Self(Some((time, at))))
    }

    /// What is to be told of a CPU time, and since when it was spent. Less than was told is that of a forked child, which begins at 0.
    fn growth(self, time: Duration, process_start: SystemTime) -> (Duration, SystemTime) {
        let told = self.0.and_then(|(told, at)| Some((time.checked_sub(told)?, at)));
        told.unwrap_or((time, process_start))
    }
}

/// The metrics, each as far as its figure is known.
pub(super) fn metrics(reading: &Reading<'_>, usage: &Usage) -> Vec<Metric> {
    let Usage { now, told } = *usage;
    let (start, at) = (reading.snapshot.process().process_started_at(), reading.snapshot.taken_at());
    let cpu_time = now.cpu_time.map(|time| {
        let is_delta = reading.temporality == AggregationTemporality::Delta;
        let (time, since) = if is_delta { told.growth(time, start) } else { (time, start) };
        let point = Times::new(since, at).sum(Value::AsDouble(seconds(time)));
        CPU_TIME.counter(None, reading.temporality, vec![point])
    });
    let amounts = [
        (MEMORY, now.resident_memory_bytes),
        (VIRTUAL_MEMORY, now.virtual_memory_bytes),
        (FILE_DESCRIPTORS, now.open_fds),
        (THREADS, now.threads),
    ];
    let amounts = amounts.into_iter().filter_map(|(instrument, amount)| {
        let amount = i64::try_from(amount?).unwrap_or(i64::MAX);
        Some(instrument.up_down_counter(vec![Times::new(start, at).sum(Value::AsInt(amount))]))
    });
    cpu_time.into_iter().chain(amounts).collect()
}

#[cfg(all(test, feature = "push-otlp"))]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[test]
    fn cpu_time_is_told_once_and_anew_by_a_forked_child() {
        let usage = |seconds| ProcessUsage {
            cpu_time: Some(Duration::from_secs(seconds)),
            ..ProcessUsage::default()
        };
        let (start, at) = (UNIX_EPOCH, UNIX_EPOCH + Duration::from_secs(9));
        let nothing = CpuTold::default();
        assert_eq!(nothing.growth(Duration::from_secs(3), start), (Duration::from_secs(3), start));
        let told = nothing.up_to(&usage(3), at);
        assert_eq!(told.growth(Duration::from_secs(5), start), (Duration::from_secs(2), at));
        assert_eq!(told.growth(Duration::from_secs(1), start), (Duration::from_secs(1), start));
        assert_eq!(told.up_to(&ProcessUsage::default(), UNIX_EPOCH), told);
    }
}
