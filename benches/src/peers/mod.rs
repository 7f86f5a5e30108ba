//! Other ways to count the same.

pub mod atomics;
pub mod dash_map;
pub mod floors;
pub mod measured;
pub mod metrics_macro;
pub mod mutex_map;
pub mod opentelemetry;
pub mod prometheus;
pub mod prometheus_client;
