//! The memory that the process held while it ran.

use std::fs;
use std::io;

use serde::Serialize;

/// Resident memory in bytes, by the kernel's count (the second field of `/proc/self/statm`, proc(5)).
///
/// # Errors
///
/// If the file cannot be read or is not as documented: not on Linux.
pub fn resident_memory() -> io::Result<u64> {
    let statm = fs::read_to_string("/proc/self/statm")?;
    let pages = statm.split(' ').nth(1).and_then(|pages| pages.parse::<u64>().ok());
    pages
        .map(|pages| pages * rustix::param::page_size() as u64)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no resident size in /proc/self/statm"))
}

/// Resident memory at equal intervals, in bytes.
#[derive(Debug, Default)]
pub struct Memory {
    samples: Vec<u64>,
}

/// How resident memory went on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Trend {
    /// Median over the second third of the time, in bytes.
    #[serde(rename = "resident_bytes_second_third")]
    pub second: u64,
    /// Median over the last third.
    #[serde(rename = "resident_bytes_last_third")]
    pub last: u64,
    /// Whether the last third is at most a tenth and 4 MB over the second one.
    #[serde(rename = "memory_flat")]
    pub flat: bool,
}

/// What may come on top of a tenth: the noise of a small process.
const NOISE: u64 = 4_000_000;

impl Memory {
    /// Adds a sample.
    pub fn add(&mut self, resident: u64) {
        self.samples.push(resident);
    }

    /// The last sample; 0 if there is none.
    #[must_use]
    pub fn now(&self) -> u64 {
        self.samples.last().copied().unwrap_or(0)
    }

    /// The trend. Of fewer than three samples, flat.
    #[must_use]
    pub fn trend(&self) -> Trend {
        let third = self.samples.len() / 3;
        let (rest, last) = self.samples.split_at(self.samples.len() - third);
        let (_, second) = rest.split_at(rest.len() - third);
        let (second, last) = (median(second), median(last));
        Trend { second, last, flat: last <= second + second / 10 + NOISE }
    }
}

fn median(samples: &[u64]) -> u64 {
    let mut samples = samples.to_vec();
    samples.sort_unstable();
    samples.get(samples.len() / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_process_holds_between_a_hundred_kilobytes_and_a_terabyte() {
        assert!((100_000..1_000_000_000_000).contains(&resident_memory().unwrap()));
    }

    fn trend(samples: impl IntoIterator<Item = u64>) -> Trend {
        let mut memory = Memory::default();
        samples.into_iter().for_each(|sample| memory.add(sample));
        memory.trend()
    }

    #[test]
    fn a_leak_is_not_flat_and_warming_up_or_a_spike_is() {
        const MB: u64 = 1_000_000;
        assert!(!trend((0..300).map(|sample| 20 * MB + sample * MB / 5)).flat, "a leak");
        assert!(!trend((0..300).map(|sample| 20 * MB + sample / 200 * 7 * MB)).flat, "a step late on");
        assert!(trend((0..300).map(|sample| 20 * MB + sample.min(100) * MB)).flat, "warming up");
        assert!(trend((0..300).map(|sample| 20 * MB + sample / 299 * 500 * MB)).flat, "a spike");
        let even = trend([1, 2, 3, 4, 5, 6, 7, 8]);
        assert_eq!((even.second, even.last), (6, 8), "thirds of two samples, the upper median");
        assert!(trend([]).flat);
    }
}
