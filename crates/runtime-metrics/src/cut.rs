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
    /// Counts of series that had no cell; `tables` may have given them one since.
    pub(crate) late: Vec<(Series, u64)>,
    pub(crate) unlabelled: Unlabelled,
}

impl Cut {
    /// A cut in which nothing was counted.
    pub(crate) fn empty(tables: Arc<Tables>) -> Self {
        Self { tables, counts: Vec::new(), late: Vec::new(), unlabelled: Unlabelled::default() }
    }

    /// Every series that counted something, with its count. One series may come twice.
    pub(crate) fn series(&self) -> impl Iterator<Item = (&Series, u64)> {
        let counted = (0..).zip(&self.counts).filter(|(_, count)| **count > 0);
        let counted = counted.filter_map(|(cell, count)| Some((self.tables.series(cell)?, *count)));
        counted.chain(self.late.iter().map(|(series, count)| (series, *count)))
    }
}
