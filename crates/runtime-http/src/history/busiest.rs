//! The busiest series of an interval.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::BUSIEST;
use super::label::{Label, keep};

/// At most [`BUSIEST`] series with their counts, the busiest first; among equals in the order of their labels. No count is 0. `N` labels name a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Busiest<const N: usize> {
    listed: Box<[([Label; N], u64)]>,
    /// Every series that was counted is listed.
    is_all: bool,
}

impl<const N: usize> Default for Busiest<N> {
    fn default() -> Self {
        Self { listed: Box::default(), is_all: true }
    }
}

impl<const N: usize> Busiest<N> {
    /// Those of `counted`, under the labels that are `shown` of theirs. Labels that `before` has, too, are shared with it.
    ///
    /// *Cost:* one pass; allocates for those that are kept, and shows these alone.
    pub(super) fn of<'l>(
        counted: impl Iterator<Item = ([&'l str; N], u64)>,
        shown: impl Fn([&'l str; N]) -> [Cow<'l, str>; N],
        before: &Self,
    ) -> Self {
        // The least busy one on top.
        let mut heap = BinaryHeap::with_capacity(BUSIEST + 1);
        let mut is_all = true;
        for (labels, count) in counted.filter(|(_, count)| *count > 0) {
            heap.push(Reverse((count, Reverse(labels))));
            if heap.len() > BUSIEST {
                heap.pop();
                is_all = false;
            }
        }
        let sorted = heap.into_sorted_vec().into_iter();
        let kept = |label: Cow<'_, str>| keep(&label, before.listed.iter().flat_map(|(labels, _)| labels));
        let series = sorted.map(|Reverse((count, Reverse(labels)))| (shown(labels).map(kept), count));
        Self::put_together(series.collect(), is_all)
    }

    /// The busiest ones of both, counts of a series that both have added up.
    pub(super) fn and(self, other: Self) -> Self {
        if self.listed.is_empty() {
            return other;
        }
        let is_all = self.is_all && other.is_all;
        Self::put_together(self.listed.into_iter().chain(other.listed).collect(), is_all)
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &([Label; N], u64)> {
        self.listed.iter()
    }

    /// Whether every series that was counted is listed.
    pub(super) fn is_all(&self) -> bool {
        self.is_all
    }

    /// The busiest of `series`, which are all that were counted or not. Labels that were cut may have become the same.
    fn put_together(mut series: Vec<([Label; N], u64)>, is_all: bool) -> Self {
        series.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        series.dedup_by(|(labels, count), (kept, sum)| {
            let is_same = labels == kept;
            if is_same {
                *sum = sum.saturating_add(*count);
            }
            is_same
        });
        series.sort_by_key(|(_, count)| Reverse(*count));
        let is_all = is_all && series.len() <= BUSIEST;
        series.truncate(BUSIEST);
        Self { listed: series.into(), is_all }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busiest(counted: &[(&str, u64)]) -> Busiest<1> {
        let counted = counted.iter().map(|(label, count)| ([*label], *count));
        Busiest::of(counted, |labels| labels.map(Cow::Borrowed), &Busiest::default())
    }

    fn listed(busiest: &Busiest<1>) -> Vec<(&str, u64)> {
        busiest.iter().map(|([label], count)| (&**label, *count)).collect()
    }

    #[test]
    fn the_busiest_come_first_and_equals_in_the_order_of_their_labels() {
        let counted = [
            ("a", 1),
            ("b", 5),
            ("c", 0),
            ("d", 5),
            ("e", 2),
            ("f", 3),
            ("g", 4),
            ("h", 1),
            ("i", 7),
            ("j", 6),
            ("k", 9),
            ("l", 1),
        ];
        let busiest = busiest(&counted);
        assert_eq!(
            listed(&busiest),
            [
                ("k", 9),
                ("i", 7),
                ("j", 6),
                ("b", 5),
                ("d", 5),
                ("g", 4),
                ("f", 3),
                ("e", 2),
                ("a", 1),
                ("h", 1)
            ]
        );
        assert!(!busiest.is_all());
    }

    #[test]
    fn a_series_in_both_lists_has_the_sum_of_its_counts() {
        let both = busiest(&[("a", 3), ("b", 2)]).and(busiest(&[("b", 2), ("c", 1)]));
        assert_eq!(listed(&both), [("b", 4), ("a", 3), ("c", 1)]);
        assert!(both.is_all());
        assert_eq!(Busiest::default().and(both.clone()), both);
    }

    #[test]
    fn whether_all_are_listed_is_told_by_what_was_counted_not_by_what_cut_labels_leave_of_it() {
        let labels: Vec<String> = (0..=BUSIEST).map(|tail| format!("{}{tail:02}", "x".repeat(300))).collect();
        let counted: Vec<(&str, u64)> = labels.iter().map(|label| (&**label, 1)).collect();
        let (some, all) = (busiest(&counted), busiest(&counted[1..]));
        assert_eq!((some.iter().len(), some.is_all()), (1, false));
        assert_eq!((all.iter().len(), all.is_all()), (1, true));
        assert!(!busiest(&[("a", 1)]).and(some).is_all());
        let short = |name: &str| (0..BUSIEST).map(|place| format!("{name}{place}")).collect::<Vec<_>>();
        let [one, other] = ["a", "b"]
            .map(short)
            .map(|labels| busiest(&labels.iter().map(|label| (&**label, 1)).collect::<Vec<_>>()));
        assert!(one.is_all() && other.is_all() && !one.and(other).is_all());
    }
}
