//! What a collector hands over: the counts of one window as of one instant.

use std::sync::Arc;

use crate::series::Series;
use crate::tables::Tables;
use crate::unlabelled::Unlabelled;

/// The counts of one window as of one instant. Immutable; the tables only ever gain series, and those that came
/// later have no count here.
pub(crate) struct Cut {
    pub(crate) tables: Arc<Tables>,
    /// By cell of `tables`.
    pub(crate) counts: Vec<u64>,
    /// Counts of series that had no cell; `tables` may have given them one since. Later cuts of the window begin with the
    /// same series.
    pub(crate) late: Vec<(Series, u64)>,
    pub(crate) unlabelled: Unlabelled,
}

/// Where a cut has a count, the same in all cuts of one window.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    Cell(u32),
    Late(u32),
    /// With the deliveries that fit no cell.
    Unlabelled,
}

/// How many of a window's series are known.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Extent {
    /// Cells below this one.
    cells: u32,
    /// Series without a cell, before this one.
    late: u32,
}

impl Extent {
    /// Whether all that `other` knows is known.
    pub(crate) fn covers(self, other: Self) -> bool {
        self.cells >= other.cells && self.late >= other.late
    }
}

impl Cut {
    /// A cut in which nothing was counted.
    pub(crate) fn empty(tables: Arc<Tables>) -> Self {
        Self { tables, counts: Vec::new(), late: Vec::new(), unlabelled: Unlabelled::default() }
    }

    /// The series that may have a count here.
    pub(crate) fn extent(&self) -> Extent {
        // Both are bounded by the limits, far below u32::MAX.
        Extent { cells: self.counts.len() as u32, late: self.late.len() as u32 }
    }

    /// Series that are not among those `known`, and where their counts are; and what is known then. One series may come twice.
    ///
    /// A series that is only just being met is left out, and what is known ends before it: it has no count here, but may have one
    /// in a later cut. Each cell is looked at once, so that one which is filled meanwhile is not both left out and known.
    pub(crate) fn series_past(&self, known: Extent) -> (Vec<(Source, &Series)>, Extent) {
        let mut extent = self.extent();
        let mut series = Vec::new();
        for cell in known.cells..extent.cells {
            match self.tables.series(cell) {
                Some(met) => series.push((Source::Cell(cell), met)),
                None => extent.cells = extent.cells.min(cell),
            }
        }
        let late = (known.late..).zip(self.late.iter().skip(known.late as usize));
        series.extend(late.map(|(number, (series, _))| (Source::Late(number), series)));
        (series, extent)
    }

    /// The records of a source: requests or deliveries.
    pub(crate) fn records(&self, source: Source) -> u64 {
        match source {
            // Series that are met later have no count here.
            Source::Cell(cell) => self.counts.get(cell as usize).copied().unwrap_or(0),
            Source::Late(number) => self.late.get(number as usize).map_or(0, |(_, count)| *count),
            Source::Unlabelled => self.unlabelled.responses,
        }
    }

    /// How often each name of a source's series was served. The deliveries that fit no cell count as having one name.
    pub(crate) fn served(&self, source: Source) -> u64 {
        match source {
            Source::Unlabelled => self.unlabelled.values,
            Source::Cell(_) | Source::Late(_) => self.records(source),
        }
    }
}
