//! The request counters of one cut.

use std::fmt;
use std::sync::Arc;

use once_cell::race::OnceBox;

use super::counts::Counts;
use super::occupancy::Occupancy;
use super::overflow::Overflow;
use crate::cut::Cut;
use crate::label::OVERFLOW_LABEL;

/// Requests by path, as of one cut.
///
/// *Consistency:* [`total_requests`](Self::total_requests) is the sum of
/// [`requests_by_path`](Self::requests_by_path), always.
///
/// *Cost:* a clone is one reference count; the first read of any count sums up all series.
#[derive(Clone)]
pub struct RequestMetricsSnapshot {
    part: Arc<Part>,
}

struct Part {
    cut: Arc<Cut>,
    occupancy: Occupancy,
    rejected: Box<[Arc<str>]>,
    view: OnceBox<View>,
}

/// What is derived from the cut.
struct View {
    total: u64,
    by_path: Counts,
    overflow: Overflow,
}

impl RequestMetricsSnapshot {
    pub(super) fn new(cut: Arc<Cut>) -> Self {
        let part = Part {
            occupancy: Occupancy::new(cut.tables.request_occupancy()),
            rejected: cut.tables.rejected_requests(),
            view: OnceBox::new(),
            cut,
        };
        Self { part: Arc::new(part) }
    }

    /// Requests of all paths.
    #[must_use]
    pub fn total_requests(&self) -> u64 {
        self.view().total
    }

    /// Requests by path, as given; one entry per path.
    #[must_use]
    pub fn requests_by_path(&self) -> &Counts {
        &self.view().by_path
    }

    /// Requests whose path was over a limit.
    #[must_use]
    pub fn overflow(&self) -> &Overflow {
        &self.view().overflow
    }

    /// Paths in use, and their limit.
    #[must_use]
    pub fn occupancy(&self) -> Occupancy {
        self.part.occupancy
    }

    fn view(&self) -> &View {
        self.part.view.get_or_init(|| Box::new(self.part.derive()))
    }
}

impl Part {
    fn derive(&self) -> View {
        let roster = self.cut.tables.request_roster.get(&self.cut);
        let by_path = Counts::new(roster.paths(), &roster.counts(&self.cut));
        let records = by_path.get(OVERFLOW_LABEL).unwrap_or(0);
        View {
            total: by_path.total(),
            overflow: Overflow { records, rejected: self.rejected.clone() },
            by_path,
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
