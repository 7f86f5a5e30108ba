//! The request counters of one cut.

use std::fmt;
use std::sync::Arc;

use once_cell::race::OnceBox;

use super::counts::Counts;
use super::occupancy::Occupancy;
use super::overflow::Overflow;
use super::table::RequestTable;
use crate::cut::Cut;
use crate::label::OVERFLOW_LABEL;

/// Requests by path, as of one cut.
///
/// *Consistency:* [`total_requests`](Self::total_requests) is the sum of
/// [`requests_by_path`](Self::requests_by_path), always.
///
/// *Cost:* a clone is one reference count. The first read of any count sums up all series, and sorts those in that no earlier
/// snapshot of the window has read. It does not block.
#[derive(Clone)]
pub struct RequestMetricsSnapshot {
    part: Arc<Part>,
}

struct Part {
    cut: Arc<Cut>,
    occupancy: Occupancy,
    rejected: Box<[Arc<str>]>,
    counted: OnceBox<Counted>,
    by_path: OnceBox<Counts>,
}

/// What is derived from the cut.
struct Counted {
    table: RequestTable,
    /// By place.
    counts: Vec<u64>,
    total: u64,
    overflow: Overflow,
}

impl RequestMetricsSnapshot {
    pub(super) fn new(cut: Arc<Cut>) -> Self {
        let part = Part {
            occupancy: Occupancy::new(cut.tables.request_occupancy()),
            rejected: cut.tables.rejected_requests(),
            counted: OnceBox::new(),
            by_path: OnceBox::new(),
            cut,
        };
        Self { part: Arc::new(part) }
    }

    /// Requests of all paths.
    #[must_use]
    pub fn total_requests(&self) -> u64 {
        self.counted().total
    }

    /// Requests by path, as given; one entry per path.
    #[must_use]
    pub fn requests_by_path(&self) -> &Counts {
        self.part.by_path.get_or_init(|| {
            let Counted { table, counts, .. } = self.counted();
            Box::new(Counts::new(table.0.paths(), counts))
        })
    }

    /// The series that [`request_counts`](Self::request_counts) are of.
    #[must_use]
    pub fn table(&self) -> &RequestTable {
        &self.counted().table
    }

    /// Requests by place of the [`table`](Self::table); 0 for a path that was not recorded.
    #[must_use]
    pub fn request_counts(&self) -> &[u64] {
        &self.counted().counts
    }

    /// Requests whose path was over a limit.
    #[must_use]
    pub fn overflow(&self) -> &Overflow {
        &self.counted().overflow
    }

    /// Paths in use, and their limit.
    #[must_use]
    pub fn occupancy(&self) -> Occupancy {
        self.part.occupancy
    }

    fn counted(&self) -> &Counted {
        self.part.counted.get_or_init(|| Box::new(self.part.derive()))
    }
}

impl Part {
    fn derive(&self) -> Counted {
        let roster = self.cut.tables.request_roster.get(&self.cut);
        let counts = roster.counts(&self.cut);
        let overflow_place = roster.paths().binary_search_by(|path| (**path).cmp(OVERFLOW_LABEL));
        let records = overflow_place.ok().and_then(|place| counts.get(place).copied()).unwrap_or(0);
        Counted {
            total: counts.iter().fold(0, |total, count| total.wrapping_add(*count)),
            overflow: Overflow { records, rejected: self.rejected.clone() },
            table: RequestTable(roster),
            counts,
        }
    }
}

impl PartialEq for RequestMetricsSnapshot {
    fn eq(&self, other: &Self) -> bool {
        self.requests_by_path() == other.requests_by_path()
    }
}

impl Eq for RequestMetricsSnapshot {}

impl fmt::Debug for RequestMetricsSnapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestMetricsSnapshot")
            .field("total_requests", &self.total_requests())
            .field("requests_by_path", self.requests_by_path())
            .finish_non_exhaustive()
    }
}
