//! Deliveries to record: one configuration document, delivered to ten callers.

use crate::workload::Workload;

/// The endpoint that delivers.
pub const ENDPOINT: &str = "run-time";

/// The target that is delivered to.
pub const TARGET: &str = "api";

/// The names of the document.
pub const NAMES: [&str; 20] = [
    "Auth:JWT:Issuer",
    "Auth:JWT:Audience",
    "Auth:JWT:LifetimeSeconds",
    "Auth:JWT:ClockSkewSeconds",
    "Cache:Redis:Host",
    "Cache:Redis:Port",
    "Cache:Redis:Database",
    "Cache:DefaultTtlSeconds",
    "Database:Host",
    "Database:Port",
    "Database:Name",
    "Database:PoolSize",
    "Features:NewCheckout",
    "Features:DarkMode",
    "Http:TimeoutSeconds",
    "Http:RetryCount",
    "Logging:Level",
    "Logging:Format",
    "Mail:Smtp:Host",
    "Mail:Smtp:Port",
];

/// A delivery of the document.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The caller's label.
    pub caller: String,
}

/// Deliveries to ten callers.
#[must_use]
pub fn deliveries() -> Workload<Delivery> {
    Workload::new((0..10).map(|number| Delivery { caller: format!("local:worker-{number}") }).collect())
}
