//! The joint counts of deliveries: what the marginal maps are sums over.

use std::sync::Arc;

/// Responses of one (endpoint, target, caller).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveryCount {
    pub(super) endpoint: Arc<str>,
    pub(super) target: Arc<str>,
    pub(super) caller: Arc<str>,
    pub(super) responses: u64,
}

impl DeliveryCount {
    /// The endpoint's name, normalised.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The target, normalised.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The caller's label, normalised.
    #[must_use]
    pub fn caller(&self) -> &str {
        &self.caller
    }

    /// Successful responses.
    #[must_use]
    pub fn responses(&self) -> u64 {
        self.responses
    }
}

/// Values served of one (endpoint, target, caller, config name).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueCount {
    pub(super) endpoint: Arc<str>,
    pub(super) target: Arc<str>,
    pub(super) caller: Arc<str>,
    pub(super) config_name: Arc<str>,
    pub(super) count: u64,
}

impl ValueCount {
    /// The endpoint's name, normalised.
    #[must_use]
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }

    /// The target, normalised.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.target
    }

    /// The caller's label, normalised.
    #[must_use]
    pub fn caller(&self) -> &str {
        &self.caller
    }

    /// The config name, as given.
    #[must_use]
    pub fn config_name(&self) -> &str {
        &self.config_name
    }

    /// How often the value was served: a name that stands twice in a response counts twice.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }
}
