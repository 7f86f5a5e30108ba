//! Other ways to count the same.

pub mod dash_map;
pub mod metrics_macro;
pub mod mutex_map;
pub mod prometheus;
