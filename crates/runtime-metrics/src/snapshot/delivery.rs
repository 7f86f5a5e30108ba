//! The joint counts of deliveries: what the marginal maps are sums over.

/// Responses of one (endpoint, target, caller).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeliveryCount<'a> {
    pub(super) endpoint: &'a str,
    pub(super) target: &'a str,
    pub(super) caller: &'a str,
    pub(super) responses: u64,
}

impl<'a> DeliveryCount<'a> {
    /// The endpoint's name, normalised.
    #[must_use]
    pub fn endpoint(&self) -> &'a str {
        self.endpoint
    }

    /// The target, normalised.
    #[must_use]
    pub fn target(&self) -> &'a str {
        self.target
    }

    /// The caller's label, normalised.
    #[must_use]
    pub fn caller(&self) -> &'a str {
        self.caller
    }

    /// Successful responses.
    #[must_use]
    pub fn responses(&self) -> u64 {
        self.responses
    }
}

/// Values served of one (endpoint, target, caller, config name).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct ValueCount<'a> {
    pub(super) endpoint: &'a str,
    pub(super) target: &'a str,
    pub(super) caller: &'a str,
    pub(super) config_name: &'a str,
    pub(super) count: u64,
}

impl<'a> ValueCount<'a> {
    /// The endpoint's name, normalised.
    #[must_use]
    pub fn endpoint(&self) -> &'a str {
        self.endpoint
    }

    /// The target, normalised.
    #[must_use]
    pub fn target(&self) -> &'a str {
        self.target
    }

    /// The caller's label, normalised.
    #[must_use]
    pub fn caller(&self) -> &'a str {
        self.caller
    }

    /// The config name, as given.
    #[must_use]
    pub fn config_name(&self) -> &'a str {
        self.config_name
    }

    /// How often the value was served: a name that stands twice in a response counts twice.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.count
    }
}
