//! Middleware that counts requests.

mod excluded;
mod label;
mod layer;
#[cfg(feature = "axum")]
mod matched_route;
mod raw_path;
mod recorder;
mod service;

pub use label::LabelRequest;
pub use layer::RequestMetricsLayer;
#[cfg(feature = "axum")]
pub use matched_route::{MatchedRoute, UNMATCHED_LABEL};
pub use raw_path::RawPath;
pub use service::RequestMetrics;
