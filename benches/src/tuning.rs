//! Choosing a fence mode and limits, by what they cost on one machine.

use std::fmt::Write;

use runtime_metrics::MetricsBuilder;

/// What one series of a family costs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct SeriesCost {
    /// Resident bytes, once.
    pub bytes: f64,
    /// Resident bytes of each thread that records it.
    pub bytes_a_thread: f64,
    /// Nanoseconds that it adds to a snapshot, once.
    pub nanoseconds: f64,
    /// Nanoseconds that it adds to a snapshot for each thread that records it.
    pub nanoseconds_a_thread: f64,
}

/// What a registry costs.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Costs {
    /// Of a request series.
    pub request: SeriesCost,
    /// Of a delivery series.
    pub delivery: SeriesCost,
    /// Resident bytes of a thread's first record.
    pub thread_bytes: f64,
    /// Nanoseconds of a snapshot of next to nothing, beside a thread that records.
    pub snapshot_nanoseconds: f64,
}

/// What it may cost when both families are full and every thread has recorded every series.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Budget {
    /// Threads that record.
    pub threads: usize,
    /// Resident bytes.
    pub bytes: f64,
    /// Nanoseconds of a snapshot.
    pub snapshot_nanoseconds: f64,
    /// The part of the series that are deliveries, in `[0, 1]`.
    pub delivery_share: f64,
}

/// Limits that keep to a budget.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Request series, at least 1.
    pub request: u32,
    /// Delivery series, at least 1.
    pub delivery: u32,
}

/// How many series a budget allows, both families together.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Allowed {
    /// By its bytes.
    pub by_memory: f64,
    /// By the time of a snapshot.
    pub by_snapshot: f64,
}

impl SeriesCost {
    fn all_bytes(self, threads: f64) -> f64 {
        self.bytes + threads * self.bytes_a_thread
    }

    fn all_nanoseconds(self, threads: f64) -> f64 {
        self.nanoseconds + threads * self.nanoseconds_a_thread
    }
}

impl Allowed {
    /// What `budget` allows of series that cost so much; 0 where the fixed part alone is over it.
    #[must_use]
    pub fn by(budget: &Budget, costs: &Costs) -> Self {
        let threads = budget.threads as f64;
        let mean = |request: f64, delivery: f64| {
            request * (1.0 - budget.delivery_share) + delivery * budget.delivery_share
        };
        let bytes = mean(costs.request.all_bytes(threads), costs.delivery.all_bytes(threads));
        let time = mean(costs.request.all_nanoseconds(threads), costs.delivery.all_nanoseconds(threads));
        let left = |budget: f64, fixed: f64, each: f64| ((budget - fixed) / each).max(0.0);
        Self {
            by_memory: left(budget.bytes, threads * costs.thread_bytes, bytes),
            by_snapshot: left(budget.snapshot_nanoseconds, costs.snapshot_nanoseconds, time),
        }
    }

    /// The limits, rounded down to two digits; `None` if not even one series of each family is allowed.
    #[must_use]
    pub fn limits(&self, delivery_share: f64) -> Option<Limits> {
        let series = self.by_memory.min(self.by_snapshot);
        if series.is_nan() || series < 2.0 {
            return None;
        }
        let limit = |share: f64| {
            // In range of u32: clamped.
            let largest = f64::from(MetricsBuilder::LARGEST_SERIES_LIMIT);
            two_digits((series * share).clamp(1.0, largest) as u32)
        };
        Some(Limits { request: limit(1.0 - delivery_share), delivery: limit(delivery_share) })
    }
}

/// `number` with all digits but the first two replaced by zeros.
fn two_digits(number: u32) -> u32 {
    let mut unit = 1;
    while number / unit >= 100 {
        unit *= 10;
    }
    number / unit * unit
}

/// The calls that build such a registry, to paste.
#[must_use]
pub fn calls(limits: Limits, portable_fences: bool) -> String {
    let grouped = |limit: u32| match (limit / 1_000_000, limit / 1_000 % 1_000, limit % 1_000) {
        (0, 0, ones) => ones.to_string(),
        (0, thousands, ones) => format!("{thousands}_{ones:03}"),
        (millions, thousands, ones) => format!("{millions}_{thousands:03}_{ones:03}"),
    };
    let mut calls = "Metrics::builder()\n".to_owned();
    _ = writeln!(calls, "    .request_series_limit({})", grouped(limits.request));
    _ = writeln!(calls, "    .delivery_series_limit({})", grouped(limits.delivery));
    if portable_fences {
        calls += "    .portable_fences()\n";
    }
    calls + "    .build()?\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    const COSTS: Costs = Costs {
        request: SeriesCost {
            bytes: 200.0,
            bytes_a_thread: 10.0,
            nanoseconds: 0.0,
            nanoseconds_a_thread: 2.0,
        },
        delivery: SeriesCost {
            bytes: 400.0,
            bytes_a_thread: 10.0,
            nanoseconds: 8.0,
            nanoseconds_a_thread: 2.0,
        },
        thread_bytes: 50_000.0,
        snapshot_nanoseconds: 10_000.0,
    };
    const BUDGET: Budget =
        Budget { threads: 10, bytes: 8_500_000.0, snapshot_nanoseconds: 1_000_000.0, delivery_share: 0.5 };

    #[test]
    fn limits_are_as_large_as_the_scarcer_of_memory_and_time_allows() {
        let allowed = Allowed::by(&BUDGET, &COSTS);
        // 8 MB by 300 + 10 * 10 bytes; 990 µs by 4 + 10 * 2 ns.
        assert_eq!(allowed, Allowed { by_memory: 20_000.0, by_snapshot: 41_250.0 });
        assert_eq!(allowed.limits(0.5), Some(Limits { request: 10_000, delivery: 10_000 }));
        assert_eq!(allowed.limits(0.1), Some(Limits { request: 18_000, delivery: 2_000 }));
        let faster = Budget { snapshot_nanoseconds: 34_000.0, ..BUDGET };
        let allowed = Allowed::by(&faster, &COSTS);
        assert_eq!(allowed.limits(0.0), Some(Limits { request: 1_000, delivery: 1 }));
    }

    #[test]
    fn a_budget_below_the_fixed_part_allows_nothing_and_one_without_end_the_largest_limit() {
        let poor = Budget { bytes: 400_000.0, ..BUDGET };
        assert_eq!(Allowed::by(&poor, &COSTS).limits(0.5), None);
        let free = Allowed::by(&Budget { threads: 1, ..BUDGET }, &Costs::default());
        let largest = MetricsBuilder::LARGEST_SERIES_LIMIT;
        assert_eq!(free.limits(0.5), Some(Limits { request: largest, delivery: largest }));
    }

    #[test]
    fn the_calls_compile_as_they_are_pasted() {
        let limits = Limits { request: 1_200_000, delivery: 900 };
        let expected = "Metrics::builder()\n    .request_series_limit(1_200_000)\n    .delivery_series_limit(900)\n    \
                        .portable_fences()\n    .build()?\n";
        assert_eq!(calls(limits, true), expected);
        assert!(!calls(limits, false).contains("fences"));
    }
}
