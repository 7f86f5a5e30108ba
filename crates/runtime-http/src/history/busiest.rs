//! The busiest series of an interval.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::BUSIEST;
use super::label::{Label, keep};

/// At most [`BUSIEST`] series with their counts, the busiest first; among equals in the order of their labels. No count is 0. `N` labels name a series.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Busiest<const N: usize>(Box<[([Label; N], u64)]>);

impl<const N: usize> Default for Busiest<N> {
    fn default() -> Self {
        Self(Box::default())
    }
}

impl<const N: usize> Busiest<N> {
    /// Those of `counted`. Labels that `before` has, too, are shared with it.
    ///
    /// *Cost:* one pass; allocates for those that are kept.
    pub(super) fn of<'l>(counted: impl Iterator<Item = ([&'l str; N], u64)>, before: &Self) -> Self {
        // The least busy one on top.
        let mut heap = BinaryHeap::with_capacity(BUSIEST + 1);
        for (labels, count) in counted.filter(|(_, count)| *count > 0) {
            heap.push(Reverse((count, Reverse(labels))));
            if heap.len() > BUSIEST {
                heap.pop();
            }
        }
        let sorted = heap.into_sorted_vec().into_iter();
        let kept = |label| keep(label, before.0.iter().flat_map(|(labels, _)| labels));
        Self::put_together(
            sorted.map(|Reverse((count, Reverse(labels)))| (labels.map(kept), count)).collect(),
        )
    }

    /// The busiest ones of both, counts of a series that both have added up.
    pub(super) fn and(self, other: Self) -> Self {
        if self.0.is_empty() {
            return other;
        }
        Self::put_together(self.0.into_iter().chain(other.0).collect())
    }

    pub(super) fn iter(&self) -> impl ExactSizeIterator<Item = &([Label; N], u64)> {
        self.0.iter()
    }

    /// Whether every series that was counted is listed.
    pub(super) fn is_all(&self) -> bool {
        self.0.len() < BUSIEST
    }

    /// Labels that were cut may have become the same.
    fn put_together(mut series: Vec<([Label; N], u64)>) -> Self {
        series.sort_unstable_by(|(one, _), (other, _)| one.cmp(other));
        series.dedup_by(|(labels, count), (kept, sum)| {
            let is_same = labels == kept;
            if is_same {
                *sum = sum.saturating_add(*count);
            }
            is_same
        });
        series.sort_by_key(|(_, count)| Reverse(*count));
        series.truncate(BUSIEST);
        Self(series.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn busiest(counted: &[(&'static str, u64)]) -> Busiest<1> {
        Busiest::of(counted.iter().map(|(label, count)| ([*label], *count)), &Busiest::default())
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
}
