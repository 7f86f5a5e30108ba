//! What all clones of a service share.

use std::sync::Arc;

use http::Request;
use runtime_metrics::Metrics;

use super::excluded::Excluded;
use super::label::LabelRequest;

/// Counts requests in a registry.
#[derive(Debug)]
pub(super) struct Recorder<L> {
    pub(super) metrics: Metrics,
    pub(super) label: Arc<L>,
    pub(super) excluded: Excluded,
}

impl<L> Recorder<L> {
    pub(super) fn record<B>(&self, request: &Request<B>)
    where
        L: LabelRequest<B>,
    {
        if !self.excluded.is_empty() && self.excluded.contains(request.uri().path()) {
            return;
        }
        let Some(label) = self.label.label(request) else { return };
        if self.excluded.is_empty() || !self.excluded.contains(&label) {
            self.metrics.record_request(&label);
        }
    }
}
