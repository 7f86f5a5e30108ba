//! Building a registry with limits of one's own.

use std::sync::Arc;

use thiserror::Error;

use crate::fence::Fence;
use crate::limits::Limits;
use crate::metrics::Metrics;
use crate::registry::Registry;

/// Limits and fence mode of a registry to be built; see [`Metrics::builder`].
#[derive(Debug, Clone)]
#[must_use = "a builder does nothing until it is built"]
pub struct MetricsBuilder {
    request_series_limit: u32,
    delivery_series_limit: u32,
    max_label_bytes: usize,
    fence: Fence,
}

/// Why a registry cannot be built.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum BuildError {
    /// A series limit is 0 or larger than [`MetricsBuilder::LARGEST_SERIES_LIMIT`].
    #[error("the {family} series limit is {limit}, but must be between 1 and {largest}; choose one in that range", largest = MetricsBuilder::LARGEST_SERIES_LIMIT)]
    SeriesLimit {
        /// `request` or `delivery`.
        family: &'static str,
        /// The limit that was asked for.
        limit: u32,
    },
    /// The byte limit is 0 or larger than [`MetricsBuilder::LARGEST_LABEL_BYTES`].
    #[error("the label limit is {limit} bytes, but must be between 1 and {largest}; choose one in that range", largest = MetricsBuilder::LARGEST_LABEL_BYTES)]
    LabelBytes {
        /// The limit that was asked for.
        limit: usize,
    },
}

impl MetricsBuilder {
    /// The largest series limit of a family: two million.
    pub const LARGEST_SERIES_LIMIT: u32 = 2_000_000;

    /// The largest byte limit of a label: 64 KiB.
    pub const LARGEST_LABEL_BYTES: usize = 64 * 1_024;

    pub(crate) fn new() -> Self {
        Self {
            request_series_limit: 10_000,
            delivery_series_limit: 10_000,
            max_label_bytes: 1_024,
            fence: Fence::Portable,
        }
    }

    /// How many paths are told apart in one window; 10,000 by default. Requests for further paths are counted
    /// under [`OVERFLOW_LABEL`](crate::OVERFLOW_LABEL).
    pub fn request_series_limit(mut self, limit: u32) -> Self {
        self.request_series_limit = limit;
        self
    }

    /// How many deliveries, by (endpoint, target, caller, config names), are told apart in one window; 10,000 by
    /// default. Past it the caller is counted under [`OVERFLOW_LABEL`](crate::OVERFLOW_LABEL), and past as many
    /// (endpoint, target, config names) all labels are.
    pub fn delivery_series_limit(mut self, limit: u32) -> Self {
        self.delivery_series_limit = limit;
        self
    }

    /// How many bytes of UTF-8 a label value may have; 1,024 by default. A longer one is counted under
    /// [`OVERFLOW_LABEL`](crate::OVERFLOW_LABEL). Endpoint, target and caller are measured after normalising.
    pub fn max_label_bytes(mut self, limit: usize) -> Self {
        self.max_label_bytes = limit;
        self
    }

    /// Orders records by the processor's own instructions only, never by a system call of the collector. This is the
    /// only mode so far, and the default.
    pub fn portable_fences(mut self) -> Self {
        self.fence = Fence::Portable;
        self
    }

    /// Builds the registry.
    ///
    /// *Cost:* some tens of microseconds, and memory for the tables that is touched as series come.
    ///
    /// # Errors
    ///
    /// If a limit is out of range.
    pub fn build(self) -> Result<Metrics, BuildError> {
        let families = [("request", self.request_series_limit), ("delivery", self.delivery_series_limit)];
        for (family, limit) in families {
            if !(1..=Self::LARGEST_SERIES_LIMIT).contains(&limit) {
                return Err(BuildError::SeriesLimit { family, limit });
            }
        }
        if !(1..=Self::LARGEST_LABEL_BYTES).contains(&self.max_label_bytes) {
            return Err(BuildError::LabelBytes { limit: self.max_label_bytes });
        }
        Ok(self.into_metrics())
    }

    /// The registry, given limits that are in range.
    pub(crate) fn into_metrics(self) -> Metrics {
        let limits = Limits {
            request_series: self.request_series_limit,
            delivery_series: self.delivery_series_limit,
            label_bytes: self.max_label_bytes,
        };
        Metrics::of(Arc::new(Registry::new(self.fence, limits)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::resolved::LARGEST_CELL;

    #[test]
    fn a_cell_of_the_largest_registry_fits_beside_a_generation_number() {
        let limit = MetricsBuilder::LARGEST_SERIES_LIMIT;
        let limits = Limits { request_series: limit, delivery_series: limit, label_bytes: 1 };
        assert!(limits.cells() <= LARGEST_CELL as usize);
    }
}
