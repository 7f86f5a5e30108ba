//! A map from label to count.

use std::fmt;
use std::iter::FusedIterator;
use std::slice;
use std::sync::Arc;

/// Counts by label value: one entry for each value that was recorded in the window, sorted by label (by code
/// point).
///
/// *Cost:* a clone is two reference counts, [`get`](Self::get) a binary search. The labels are shared with other snapshots of the
/// window.
#[derive(Clone)]
pub struct Counts {
    /// Sorted; among them those that have an entry.
    labels: Arc<[Arc<str>]>,
    entries: Arc<Vec<Entry>>,
}

/// A label that was recorded, by its place among the labels, and its count. Sorted by place.
type Entry = (u32, u64);

/// Of counts by place, those that are not 0.
#[derive(Clone)]
pub(super) struct Recorded<'a> {
    counts: &'a [u64],
    /// The next one to look at.
    place: usize,
    left: usize,
}

impl<'a> Recorded<'a> {
    pub(super) fn of(counts: &'a [u64]) -> Self {
        Self { counts, place: 0, left: counts.iter().filter(|count| **count > 0).count() }
    }
}

impl Iterator for Recorded<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        let rest = self.counts.get(self.place..)?;
        let found = self.place + rest.iter().position(|count| *count > 0)?;
        self.place = found + 1;
        self.left -= 1;
        Some((found as u32, self.counts[found]))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.left, Some(self.left))
    }
}

impl ExactSizeIterator for Recorded<'_> {}

impl Counts {
    /// The `counts` of `labels`, by place, of those that are not 0.
    pub(super) fn new(labels: &Arc<[Arc<str>]>, counts: &[u64]) -> Self {
        Self { labels: Arc::clone(labels), entries: Arc::new(Recorded::of(counts).collect()) }
    }

    /// The `counts` of the same labels, by place, 0 or not.
    pub(super) fn of_same(&self, counts: &[u64]) -> Self {
        let of = |(place, _): &Entry| (*place, counts.get(*place as usize).copied().unwrap_or(0));
        let entries = self.entries.iter().map(of).collect();
        Self { labels: Arc::clone(&self.labels), entries: Arc::new(entries) }
    }

    /// The count of `label`; none if it was not recorded in the window.
    #[must_use]
    pub fn get(&self, label: &str) -> Option<u64> {
        let place = self.entries.binary_search_by(|(place, _)| self.label(*place).cmp(label)).ok()?;
        self.entries.get(place).map(|(_, count)| *count)
    }

    /// All labels and their counts, sorted by label.
    pub fn iter(&self) -> CountsIter<'_> {
        CountsIter { counts: self, entries: self.entries.iter() }
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

    fn label(&self, place: u32) -> &str {
        &self.labels[place as usize]
    }
}

/// The labels of [`Counts`] and their counts, sorted by label.
#[derive(Debug, Clone)]
pub struct CountsIter<'a> {
    counts: &'a Counts,
    entries: slice::Iter<'a, Entry>,
}

impl<'a> CountsIter<'a> {
    fn shown(&self, &(place, count): &Entry) -> (&'a str, u64) {
        (self.counts.label(place), count)
    }
}

impl<'a> Iterator for CountsIter<'a> {
    type Item = (&'a str, u64);

    fn next(&mut self) -> Option<Self::Item> {
        self.entries.next().map(|entry| self.shown(entry))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.entries.size_hint()
    }
}

impl DoubleEndedIterator for CountsIter<'_> {
    fn next_back(&mut self) -> Option<Self::Item> {
        self.entries.next_back().map(|entry| self.shown(entry))
    }
}

impl ExactSizeIterator for CountsIter<'_> {}

impl FusedIterator for CountsIter<'_> {}

impl<'a> IntoIterator for &'a Counts {
    type Item = (&'a str, u64);
    type IntoIter = CountsIter<'a>;

    fn into_iter(self) -> CountsIter<'a> {
        self.iter()
    }
}

impl PartialEq for Counts {
    fn eq(&self, other: &Self) -> bool {
        self.iter().eq(other.iter())
    }
}

impl Eq for Counts {}

impl fmt::Debug for Counts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_that_were_recorded_show_with_their_counts() {
        let labels: Arc<[Arc<str>]> = ["a", "b", "c"].map(Arc::from).into();
        let responses = Counts::new(&labels, &[0, 5, 2]);
        assert_eq!(responses.iter().collect::<Vec<_>>(), [("b", 5), ("c", 2)]);
        assert_eq!((&responses).into_iter().rev().collect::<Vec<_>>(), [("c", 2), ("b", 5)]);
        assert_eq!(responses.iter().len(), 2);
        assert_eq!((responses.get("a"), responses.get("b"), responses.get("d")), (None, Some(5), None));
        assert_eq!((responses.len(), responses.total(), responses.is_empty()), (2, 7, false));
        let values = responses.of_same(&[0, 9, 0]);
        assert_eq!(format!("{values:?}"), r#"{"b": 9, "c": 0}"#);
        assert_eq!((values.get("c"), values == responses), (Some(0), false));
        assert_eq!(
            values,
            Counts { entries: Arc::clone(&values.entries), labels: labels.iter().cloned().collect() }
        );
    }
}
