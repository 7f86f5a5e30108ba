//! The series of a family that count something, as they are shown.

use runtime_metrics::{DeliveryTable, OVERFLOW_LABEL, RequestTable};

use crate::caller::CallerLabels;
use crate::joint::{self, Caller, Joint, Place};

/// Series with their counts, sorted by the labels that are shown, and the count of those that overflowed. `L` is the labels of one.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Shown<L> {
    /// No count is 0.
    pub(crate) series: Vec<(L, u64)>,
    /// 0 if nothing overflowed.
    pub(crate) overflow: u64,
}

/// The paths of a table, given their `counts` by place.
pub(crate) fn requests<'a>(table: &'a RequestTable, counts: &[u64]) -> Shown<&'a str> {
    let mut shown = Shown { series: Vec::new(), overflow: 0 };
    for (path, count) in table.paths().zip(counts.iter().copied()) {
        if path == OVERFLOW_LABEL {
            shown.overflow = count;
        } else if count > 0 {
            shown.series.push((path, count));
        }
    }
    shown
}

/// The deliveries of a table, given their `counts` by place.
pub(crate) fn deliveries<'a>(
    callers: CallerLabels,
    table: &'a DeliveryTable,
    counts: &[u64],
) -> Shown<Joint<'a, Caller<'a>>> {
    joints(callers, joint::deliveries(table), counts)
}

/// The values of a table, given their `counts` by place.
pub(crate) fn values<'a>(
    callers: CallerLabels,
    table: &'a DeliveryTable,
    counts: &[u64],
) -> Shown<Joint<'a, Caller<'a>>> {
    joints(callers, joint::values(table), counts)
}

fn joints<'a>(
    callers: CallerLabels,
    recorded: impl Iterator<Item = Joint<'a, &'a str>>,
    counts: &[u64],
) -> Shown<Joint<'a, Caller<'a>>> {
    let sum = |places: &[Place]| {
        let counts = places.iter().filter_map(|place| counts.get(*place as usize));
        counts.fold(0, |sum: u64, count| sum.saturating_add(*count))
    };
    let mut series = Vec::new();
    let overflow = joint::show(callers, recorded, |joint, places| {
        let count = sum(places);
        if count > 0 {
            series.push((joint, count));
        }
    });
    Shown { series, overflow: sum(&overflow) }
}
