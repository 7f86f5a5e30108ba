//! The labels of every cell, in the order in which they were met: only ever appended to, and read without a lock.

#![allow(unsafe_code)] // compares with a text by pointer and length

use std::slice;

use bytemuck::{Zeroable, zeroed_slice_box};

use crate::series::Series;
use crate::sync::{AtomicPtr, AtomicU32, Ordering};
use crate::text;

/// A group that no label is looked up in.
pub(crate) const NO_GROUP: u32 = u32::MAX;

pub(crate) struct Catalogue {
    series: boxcar::Vec<Series>,
    /// By cell.
    texts: Box<[Text]>,
    /// One more than the largest cell that was published.
    published: AtomicU32,
}

/// The label by which a series is told from others of its group, once more, for a look-up that follows one pointer.
struct Text {
    /// The label of a series in the catalogue, or null.
    start: AtomicPtr<u8>,
    length: AtomicU32,
    /// The group that the series is found in.
    group: AtomicU32,
}

// SAFETY: each field is zeroable.
unsafe impl Zeroable for Text {}

impl Catalogue {
    /// A catalogue with room for so many cells.
    pub(crate) fn new(cells: usize) -> Self {
        Self { series: boxcar::Vec::new(), texts: zeroed_slice_box(cells), published: AtomicU32::new(0) }
    }

    /// Stores the labels of a new cell, which counts as published from then on. It is found in `group` by the label that
    /// its series has there. Not more often than there are cells.
    pub(crate) fn publish(&self, group: u32, series: Series) -> u32 {
        // The limits keep the number of cells far below u32::MAX (see `MetricsBuilder::build`).
        let cell = self.series.push(series) as u32;
        if let Some(label) = self.get(cell).and_then(Series::label) {
            let text = &self.texts[cell as usize];
            // Relaxed: whoever looks has the cell from an index, which is told of it after this.
            text.start.store(label.as_ptr().cast_mut(), Ordering::Relaxed);
            text.length.store(label.len() as u32, Ordering::Relaxed); // see `MetricsBuilder::LARGEST_LABEL_BYTES`
            text.group.store(group, Ordering::Relaxed);
        }
        // SeqCst: pairs with `published`. It comes before the first add to the cell, so a collector that has to count the
        // record reads a large enough count, and finds the labels.
        self.published.fetch_max(cell + 1, Ordering::SeqCst);
        cell
    }

    /// Cells that may have counted something.
    pub(crate) fn published(&self) -> usize {
        // SeqCst: pairs with `publish`.
        self.published.load(Ordering::SeqCst) as usize
    }

    /// The labels of a cell. Never `None` for a cell that counted something.
    #[inline]
    pub(crate) fn get(&self, cell: u32) -> Option<&Series> {
        self.series.get(cell as usize)
    }

    /// Whether the series of a published cell is found in `group` by `label`.
    #[inline]
    pub(crate) fn is(&self, cell: u32, group: u32, label: &str) -> bool {
        let Some(known) = self.texts.get(cell as usize) else { return false };
        // Relaxed: the cell came from an index (Acquire).
        if known.group.load(Ordering::Relaxed) != group {
            return false;
        }
        let start = known.start.load(Ordering::Relaxed);
        let length = known.length.load(Ordering::Relaxed) as usize;
        // SAFETY: both were stored before the cell was published, from a label that a series in the catalogue owns;
        // none is ever removed or changed. A cell without a label is in no group that is looked up.
        let known = unsafe { slice::from_raw_parts(start, length) };
        text::is_same(known, label.as_bytes())
    }
}
