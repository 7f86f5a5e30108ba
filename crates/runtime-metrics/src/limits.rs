//! What bounds the memory of a registry.

/// Distinct numbers of names that deliveries without labels are told apart by, without a lock.
/// Few in a model, where every cell costs time.
pub(crate) const UNLABELLED_LIMIT: u32 = if cfg!(runtime_metrics_loom) { 1 } else { 256 };

/// The room for the labels of delivery plans never lies below this, so that tiny limits leave room for one
/// document.
const LEAST_PLAN_BYTES: usize = 1 << 20;

/// The limits of one registry, fixed when it is built.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// In `[1, MetricsBuilder::LARGEST_SERIES_LIMIT]`.
    pub(crate) request_series: u32,
    /// In `[1, MetricsBuilder::LARGEST_SERIES_LIMIT]`. Also the limit of distinct plans.
    pub(crate) delivery_series: u32,
    /// In `[1, MetricsBuilder::LARGEST_LABEL_BYTES]`.
    pub(crate) label_bytes: usize,
}

impl Limits {
    /// Cells that a stripe needs: the overflow of requests, the requests, the deliveries, the caller overflow of
    /// each plan, and the deliveries without labels.
    pub(crate) fn cells(&self) -> usize {
        let requests = 1 + self.request_series as usize;
        let deliveries = 2 * self.delivery_series as usize;
        requests + deliveries + UNLABELLED_LIMIT as usize
    }

    /// Bytes that the labels of all plans may take together, overhead included. Without it a service that delivers ever new lists
    /// of a hundred thousand names would stay within its series limit and still fill the memory.
    pub(crate) fn plan_bytes(&self) -> usize {
        (self.delivery_series as usize).saturating_mul(self.label_bytes).max(LEAST_PLAN_BYTES)
    }
}
