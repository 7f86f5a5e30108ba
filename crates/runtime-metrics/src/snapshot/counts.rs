//! A map from label to count.

use std::collections::HashMap;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::hashing::{LabelHash, label_hash};

/// Counts by label value: one entry for each value that was recorded in the window, sorted by label (by code
/// point).
///
/// *Cost:* a clone is one reference count, [`get`](Self::get) a binary search.
#[derive(Clone, PartialEq, Eq)]
pub struct Counts {
    entries: Arc<[(Arc<str>, u64)]>,
}

impl Counts {
    /// The count of `label`; none if it was not recorded in the window.
    #[must_use]
    pub fn get(&self, label: &str) -> Option<u64> {
        let position = self.entries.binary_search_by(|(known, _)| known.deref().cmp(label)).ok()?;
        self.entries.get(position).map(|(_, count)| *count)
    }

    /// All labels and their counts, sorted by label.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, u64)> + DoubleEndedIterator + Clone {
        self.entries.iter().map(|(label, count)| (&**label, *count))
    }

    /// The number of labels.
    #[must_use]
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether nothing was recorded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The sum of all counts.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.entries.iter().fold(0, |total, (_, count)| total.wrapping_add(*count))
    }
}

impl fmt::Debug for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

/// Sums up counts by label.
pub(super) struct CountsBuilder<'a> {
    sums: HashMap<&'a Arc<str>, u64, LabelHash>,
}

impl<'a> CountsBuilder<'a> {
    pub(super) fn new() -> Self {
        Self { sums: HashMap::with_hasher(label_hash()) }
    }
    /// Adds `count`, which may be 0, to that of `label`.
    pub(super) fn add(&mut self, label: &'a Arc<str>, count: u64) {
        let sum = self.sums.entry(label).or_default();
        *sum = sum.wrapping_add(count);
    }

    pub(super) fn build(self) -> Counts {
        let mut entries: Vec<_> =
            self.sums.into_iter().map(|(label, sum)| (Arc::clone(label), sum)).collect();
        entries.sort_unstable();
        Counts { entries: entries.into() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_of_one_label_are_summed_and_labels_are_sorted() {
        let [b, a, also_b] = ["b", "a", "b"].map(Arc::<str>::from);
        let mut builder = CountsBuilder::new();
        builder.add(&b, 2);
        builder.add(&a, 0);
        builder.add(&also_b, 3);
        let counts = builder.build();
        assert_eq!(counts.iter().collect::<Vec<_>>(), [("a", 0), ("b", 5)]);
        assert_eq!((counts.get("a"), counts.get("b"), counts.get("c")), (Some(0), Some(5), None));
        assert_eq!((counts.len(), counts.total(), counts.is_empty()), (2, 5, false));
        assert_eq!(format!("{counts:?}"), r#"{"a": 0, "b": 5}"#);
    }
}
