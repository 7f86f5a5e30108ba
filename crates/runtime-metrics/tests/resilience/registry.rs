//! Registries to be tested.

use runtime_metrics::Metrics;

/// One with the fences that suit this machine best, and one with portable ones.
pub(crate) fn of_either_mode() -> [Metrics; 2] {
    [Metrics::new(), Metrics::builder().portable_fences().build().unwrap()]
}
