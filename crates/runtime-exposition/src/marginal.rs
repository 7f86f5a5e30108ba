//! A map of counts by one label, as a JSON object.

use std::collections::BTreeMap;

use runtime_metrics::Counts;
use serde::{Serialize, Serializer};

use crate::caller::CallerLabels;

/// A borrowed map of counts, and how its labels are shown. Keys come out sorted.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Marginal<'a> {
    Shown(&'a Counts),
    /// The labels are callers: see [`CallerLabels::Hashed`].
    Hashed(&'a Counts),
    /// The labels are callers, and not shown: an empty object.
    Dropped,
}

impl<'a> Marginal<'a> {
    /// A map by caller, shown as `callers` says. Once dropped, it stays dropped.
    pub(crate) fn by_caller(self, callers: CallerLabels) -> Self {
        match (self, callers) {
            (Self::Shown(counts) | Self::Hashed(counts), CallerLabels::Shown) => Self::Shown(counts),
            (Self::Shown(counts) | Self::Hashed(counts), CallerLabels::Hashed) => Self::Hashed(counts),
            (Self::Dropped, _) | (_, CallerLabels::Dropped) => Self::Dropped,
        }
    }
}

impl Serialize for Marginal<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Shown(counts) => serializer.collect_map(counts.iter()),
            Self::Hashed(counts) => serializer.collect_map(hashed(counts.iter())),
            Self::Dropped => serializer.collect_map(std::iter::empty::<(&str, u64)>()),
        }
    }
}

/// The map with hashed labels, equal ones added up; the overflow label is not hashed.
fn hashed<'a>(counts: impl Iterator<Item = (&'a str, u64)>) -> BTreeMap<String, u64> {
    let mut sums = BTreeMap::new();
    for (label, count) in counts {
        let Some(label) = CallerLabels::Hashed.shown(label) else { continue };
        let sum: &mut u64 = sums.entry(label.into_owned()).or_default();
        *sum = sum.saturating_add(count);
    }
    sums
}

#[cfg(test)]
mod tests {
    use runtime_metrics::OVERFLOW_LABEL;

    use super::*;

    #[test]
    fn the_overflow_label_is_not_hashed_and_stands_in_the_order_of_the_texts() {
        let sums = hashed([("a", 1), (OVERFLOW_LABEL, 2), ("b", 4), ("b", 8)].into_iter());
        assert_eq!(
            sums.into_iter().collect::<Vec<_>>(),
            [
                ("3e23e8160039594a".to_owned(), 12),
                (OVERFLOW_LABEL.to_owned(), 2),
                ("ca978112ca1bbdca".to_owned(), 1)
            ]
        );
    }
}
