//! The last line of a worker's life.

use runtime_metrics::Snapshot;

/// What was counted, in one line without a line end, e.g. `served 12 requests, 5 configuration responses, 61
/// values in 3.210 s`.
pub(crate) fn summary(snapshot: &Snapshot) -> String {
    format!(
        "served {}, {}, {} in {:.3} s",
        counted(snapshot.requests().total_requests(), "request"),
        counted(snapshot.served_config().responses_total(), "configuration response"),
        counted(snapshot.served_config().values_total(), "value"),
        snapshot.process().uptime_seconds(),
    )
}

/// A number and its noun, singular or plural.
pub(crate) fn counted(count: u64, noun: &str) -> String {
    format!("{count} {noun}{}", if count == 1 { "" } else { "s" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular_and_everything_else_plural() {
        assert_eq!(counted(0, "value"), "0 values");
        assert_eq!(counted(1, "value"), "1 value");
        assert_eq!(counted(2, "value"), "2 values");
    }
}
