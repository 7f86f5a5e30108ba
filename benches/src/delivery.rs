//! Deliveries to record: one configuration document, delivered to ten callers.

use std::sync::Arc;

use rand_distr::ZipfError;

use crate::workload::{Popularity, Workload};

/// The endpoint that delivers.
const ENDPOINT: &str = "run-time";

/// The target that is delivered to.
const TARGET: &str = "api";

/// The names that a document begins with; further ones are the same in other sections.
const NAMES: [&str; 20] = [
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

/// A delivery of the document. All labels are read from here: to the compiler, none is a constant.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// The endpoint that delivers, the same in every delivery.
    pub endpoint: &'static str,
    /// The target that is delivered to, the same in every delivery.
    pub target: &'static str,
    /// The caller's label.
    pub caller: String,
    /// The document's names, the same in every delivery.
    pub names: Arc<[String]>,
}

/// Deliveries of a document of so many names to ten callers.
///
/// # Errors
///
/// None in practice: there are callers.
pub fn deliveries(names: usize) -> Result<Workload<Delivery>, ZipfError> {
    let labels = (0..10).map(|number| format!("local:worker-{number}"));
    deliveries_to(labels, names)
}

/// Deliveries of a document of so many names to the callers with these labels.
///
/// # Errors
///
/// If there are no callers.
pub fn deliveries_to(
    callers: impl Iterator<Item = String>,
    names: usize,
) -> Result<Workload<Delivery>, ZipfError> {
    let names: Arc<[String]> = (0..names).map(name).collect();
    let delivery =
        |caller| Delivery { endpoint: ENDPOINT, target: TARGET, caller, names: Arc::clone(&names) };
    Workload::new(callers.map(delivery).collect(), Popularity::Uniform)
}

fn name(number: usize) -> String {
    let name = NAMES[number % NAMES.len()];
    match number / NAMES.len() {
        0 => name.to_owned(),
        section => format!("Section{section}:{name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn a_document_has_as_many_distinct_names_as_asked_for() {
        for count in [1, 20, 100] {
            let workload = deliveries(count).unwrap();
            let names: HashSet<_> = workload.items()[9].names.iter().collect();
            assert_eq!(names.len(), count);
        }
    }
}
