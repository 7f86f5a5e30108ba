//! What the counts of a snapshot grew by since an earlier one of its window.

use std::borrow::Cow;

use runtime_metrics::{Overflow, Snapshot};

/// Requests since then, or in the window if there is no earlier snapshot. By place of the table of `until`.
pub(crate) fn requests<'s>(since: Option<&Snapshot>, until: &'s Snapshot) -> Cow<'s, [u64]> {
    let requests = until.requests();
    let counts = requests.request_counts();
    since.map_or(Cow::Borrowed(counts), |since| {
        let (before, table) = (since.requests(), requests.table());
        growth(table.paths().zip(counts), before.table().paths().zip(before.request_counts()))
    })
}

/// Responses, by place among the deliveries of the table of `until`; otherwise the same.
pub(crate) fn responses<'s>(since: Option<&Snapshot>, until: &'s Snapshot) -> Cow<'s, [u64]> {
    let served = until.served_config();
    let counts = served.response_counts();
    since.map_or(Cow::Borrowed(counts), |since| {
        let (before, table) = (since.served_config(), served.table());
        growth(table.deliveries().zip(counts), before.table().deliveries().zip(before.response_counts()))
    })
}

/// Values, by place among the values of the table of `until`; otherwise the same.
pub(crate) fn values<'s>(since: Option<&Snapshot>, until: &'s Snapshot) -> Cow<'s, [u64]> {
    let served = until.served_config();
    let counts = served.value_counts();
    since.map_or(Cow::Borrowed(counts), |since| {
        let (before, table) = (since.served_config(), served.table());
        growth(table.values().zip(counts), before.table().values().zip(before.value_counts()))
    })
}

/// A count of each snapshot, such as its total; otherwise the same.
pub(crate) fn count(since: Option<&Snapshot>, until: &Snapshot, of: impl Fn(&Snapshot) -> u64) -> u64 {
    of(until).wrapping_sub(since.map_or(0, of))
}

/// Records of the overflow that `of` reads; otherwise the same.
pub(crate) fn overflowed<'s>(
    since: Option<&'s Snapshot>,
    until: &'s Snapshot,
    of: impl Fn(&'s Snapshot) -> &'s Overflow,
) -> u64 {
    of(until).records().wrapping_sub(since.map_or(0, |since| of(since).records()))
}

/// What each of `counts` grew by since they were `before`. Both are sorted by labels. Counts wrap, and so does their difference.
fn growth<'c, L: Ord>(
    counts: impl Iterator<Item = (L, &'c u64)>,
    before: impl Iterator<Item = (L, &'c u64)>,
) -> Cow<'static, [u64]> {
    let mut before = before.peekable();
    counts
        .map(|(labels, count)| {
            while before.next_if(|(earlier, _)| *earlier < labels).is_some() {}
            let earlier = before.next_if(|(earlier, _)| *earlier == labels);
            count.wrapping_sub(earlier.map_or(0, |(_, count)| *count))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_grow_by_what_they_are_more_than_before_whichever_labels_were_there() {
        let grown = |counts: &[(&str, u64)], before: &[(&str, u64)]| {
            fn pairs<'c>(counts: &'c [(&str, u64)]) -> impl Iterator<Item = (&'c str, &'c u64)> {
                counts.iter().map(|(label, count)| (*label, count))
            }
            growth(pairs(counts), pairs(before)).into_owned()
        };
        let counts = [("a", 1), ("b", 5), ("d", 7), ("e", 2)];
        assert_eq!(grown(&counts, &[]), [1, 5, 7, 2]);
        assert_eq!(grown(&counts, &counts), [0; 4]);
        assert_eq!(grown(&counts, &[("b", 2), ("c", 0), ("d", 7)]), [1, 3, 0, 2]);
        assert_eq!(grown(&[("a", 1)], &[("a", u64::MAX)]), [2]);
    }
}
