//! The text formats, and which one a scraper gets.

use crate::{openmetrics, prometheus};

/// A text format for scrapers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum TextFormat {
    /// Prometheus text 0.0.4: see [`prometheus`].
    #[default]
    Prometheus,
    /// OpenMetrics 1.0: see [`openmetrics`].
    OpenMetrics,
}

impl TextFormat {
    /// The `Content-Type` to send a page with.
    #[must_use]
    pub fn content_type(self) -> &'static str {
        match self {
            Self::Prometheus => prometheus::CONTENT_TYPE,
            Self::OpenMetrics => openmetrics::CONTENT_TYPE,
        }
    }
}
