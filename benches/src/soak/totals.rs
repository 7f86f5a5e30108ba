//! How much was counted, by kind.

use std::ops::AddAssign;

use runtime_metrics::Snapshot;
use serde::Serialize;

/// Requests, responses and values.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Totals {
    /// Requests.
    pub requests: u64,
    /// Successful configuration responses.
    pub responses: u64,
    /// Configuration values in them.
    pub values: u64,
}

impl Totals {
    /// What the window of `snapshot` has counted.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let served = snapshot.served_config();
        Self {
            requests: snapshot.requests().total_requests(),
            responses: served.responses_total(),
            values: served.values_total(),
        }
    }

    /// Each kind with its name.
    #[must_use]
    pub fn by_kind(&self) -> [(&'static str, u64); 3] {
        [("requests", self.requests), ("responses", self.responses), ("values", self.values)]
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.requests += other.requests;
        self.responses += other.responses;
        self.values += other.values;
    }
}
