//! What the screen shows: one snapshot, with what is needed to say how it came about.

use std::sync::Arc;

use crate::moments::Since;
use crate::snapshot::{RequestsBy, Snapshot};
use crate::trends::{Series, Trends};

/// Every number on the screen is of the snapshot, or of it and an earlier one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Scene<'a> {
    pub(crate) snapshot: &'a Arc<Snapshot>,
    pub(crate) trends: &'a Trends,
    pub(crate) opened: &'a Since,
    pub(crate) mark: Option<&'a Since>,
    /// None as long as no request was seen.
    pub(crate) requests_by: Option<RequestsBy>,
}

impl Scene<'_> {
    pub(crate) fn rate(&self, series: Series<'_>) -> Option<f64> {
        self.trends.rate(series)
    }

    pub(crate) fn since_opened(&self, series: Series<'_>) -> Option<i128> {
        self.opened.change(self.snapshot, series)
    }

    pub(crate) fn since_mark(&self, series: Series<'_>) -> Option<i128> {
        self.mark.and_then(|mark| mark.change(self.snapshot, series))
    }
}
