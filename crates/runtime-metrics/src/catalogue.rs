//! The labels of every cell, in the order in which they were met: only ever appended to, and read without a lock.

#![allow(unsafe_code)] // a look-up does not check a cell that the catalogue has published

use crate::series::Series;
use crate::sync::{AtomicU32, Key, Keyed, Ordering, zeroed};
use crate::text::{Ends, Halves, ShortText, Words};

/// A group that no label is looked up in.
pub(crate) const NO_GROUP: u32 = u32::MAX;

pub(crate) struct Catalogue {
    series: boxcar::Vec<Series>,
    /// For each cell the label by which its series is told from others of its group, once more, for a look-up that
    /// follows no pointer: under its [`shape`], and its halves if it is short. Of at least one cell.
    entries: Box<[Keyed<Halves>]>,
    /// One more than the largest cell that was published.
    published: AtomicU32,
}

/// The group of a label, and its length if it is short: no two short labels of one shape have the same halves. A group is a
/// cell, and there are less than 2^31 of them.
#[inline]
fn shape(group: u32, length: u32) -> Key {
    Key::of(u64::from(group) << 32 | u64::from(length))
}

/// The length of a label that is not short.
const LONG: u32 = u32::MAX;

impl Catalogue {
    /// A catalogue with room for so many cells, and at least one.
    pub(crate) fn new(cells: usize) -> Self {
        Self { series: boxcar::Vec::new(), entries: zeroed(cells.max(1)), published: AtomicU32::new(0) }
    }

    /// Stores the labels of a new cell, which counts as published from then on. It is found in `group` by the label that
    /// its series has there. `None` if there is no room, which the limits see to (see [`Limits::cells`](crate::limits::Limits::cells)).
    pub(crate) fn publish(&self, group: u32, series: Series) -> Option<u32> {
        let short = ShortText::of(series.label());
        // The limits keep the number of cells far below u32::MAX (see `MetricsBuilder::build`).
        let cell = self.series.push(series) as u32;
        let (length, halves) = short.map_or((LONG, [[0; 16]; 2]), |short| (short.length, short.halves));
        self.entries.get(cell as usize)?.write(shape(group, length), halves);
        // SeqCst: pairs with `published`. It comes before the first add to the cell, so a collector that has to count the
        // record reads a large enough count, and finds the labels.
        self.published.fetch_max(cell + 1, Ordering::SeqCst);
        Some(cell)
    }

    /// Cells that may have counted something.
    pub(crate) fn published(&self) -> usize {
        // SeqCst: pairs with `publish`.
        self.published.load(Ordering::SeqCst) as usize
    }

    /// The same; the checker of the models verifies that every publication happened before.
    #[cfg(runtime_metrics_loom)]
    #[allow(unsafe_code)]
    pub(crate) fn published_before(&self) -> usize {
        // SAFETY: the checker fails if a store is concurrent.
        unsafe { self.published.unsync_load() as usize }
    }

    /// The labels of a cell. Never `None` for a cell that counted something.
    #[inline]
    pub(crate) fn get(&self, cell: u32) -> Option<&Series> {
        self.series.get(cell as usize)
    }

    /// Whether the series of a cell is found in `group` by a short label.
    ///
    /// # Safety
    ///
    /// The cell was published by this catalogue, or is 0.
    #[inline(always)]
    pub(crate) unsafe fn is_short<const N: usize>(
        &self,
        cell: u32,
        group: u32,
        label: &impl Words<N>,
    ) -> bool {
        // SAFETY: `publish` gives no cell that has no entry, and cell 0 has one.
        named(unsafe { self.entries.get_unchecked(cell as usize) }, group, label)
    }

    /// Whether the series of a published cell is found in `group` by `label`.
    pub(crate) fn is(&self, cell: u32, group: u32, label: &str) -> bool {
        let Some(entry) = self.entries.get(cell as usize) else { return false };
        match Ends::of(label) {
            Some(Ends::Long(long)) => named(entry, group, &long),
            Some(Ends::Short(short)) => named(entry, group, &short),
            None => {
                entry.get(shape(group, LONG)).is_some()
                    && self.get(cell).is_some_and(|series| **series.label() == *label)
            }
        }
    }
}

/// Whether an entry is that of a series which is found in `group` by a short label.
#[inline(always)]
fn named<const N: usize>(entry: &Keyed<Halves>, group: u32, label: &impl Words<N>) -> bool {
    entry.get(shape(group, label.length())).is_some_and(|halves| label.is(halves))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    #[test]
    fn labels_of_one_hash_are_told_apart() {
        let catalogue = Catalogue::new(4);
        let long = "/a/label/of/more/than/thirty-two/bytes";
        let publish =
            |group, path: &str| catalogue.publish(group, Series::Request { path: Arc::from(path) }).unwrap();
        let (short, long_cell, other_group) = (publish(0, "/short"), publish(0, long), publish(7, "/short"));
        assert!(catalogue.is(short, 0, "/short") && catalogue.is(long_cell, 0, long));
        assert!(catalogue.is(other_group, 7, "/short"));
        for (cell, group, label) in [
            (short, 0, "/shorx"),
            (short, 0, "/shortx"),
            (short, 7, "/short"),
            (short, 0, long),
            (long_cell, 0, "/a/label/of/more/than/thirty-two/bytez"),
            (long_cell, 7, long),
            (long_cell, 0, "/short"),
            (other_group, 0, "/short"),
            (4, 0, "/short"),
        ] {
            assert!(!catalogue.is(cell, group, label), "{cell} {group} {label}");
        }
        assert_eq!(catalogue.published(), 3);
    }
    #[test]
    fn a_full_catalogue_publishes_no_more() {
        let catalogue = Catalogue::new(1);
        let series = || Series::Request { path: Arc::from("/") };
        assert_eq!(catalogue.publish(0, series()), Some(0));
        assert_eq!((catalogue.publish(0, series()), catalogue.published()), (None, 1));
    }
}
