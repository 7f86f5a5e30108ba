//! What was recorded, or what snapshots showed of it, by label.

use std::collections::BTreeMap;

use runtime_metrics::{Counts, Snapshot};

/// Counts by label. What all windows of a registry show equals what was recorded (rule 6).
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ledger {
    requests: BTreeMap<String, u64>,
    responses_by_caller: BTreeMap<String, u64>,
    values_by_name: BTreeMap<String, u64>,
}

impl Ledger {
    /// Enters all that a window showed. Fails if its sums do not agree (rules 1 and 2).
    pub(crate) fn enter(&mut self, window: &Snapshot) {
        let (requests, served) = (window.requests(), window.served_config());
        assert_eq!(requests.total_requests(), requests.requests_by_path().total(), "rule 1");
        assert_eq!(served.responses_total(), served.responses_by_caller().total(), "rule 2");
        assert_eq!(served.values_total(), served.values_by_name().total(), "rule 2");
        add_all(&mut self.requests, requests.requests_by_path());
        add_all(&mut self.responses_by_caller, served.responses_by_caller());
        add_all(&mut self.values_by_name, served.values_by_name());
    }

    /// Enters `count` requests.
    pub(crate) fn add_requests(&mut self, path: &str, count: u64) {
        add(&mut self.requests, path, count);
    }

    /// Enters `count` deliveries of `names`.
    pub(crate) fn add_deliveries(&mut self, names: &[&str], caller: &str, count: u64) {
        add(&mut self.responses_by_caller, caller, count);
        for name in names {
            add(&mut self.values_by_name, name, count);
        }
    }

    /// Enters all that another ledger holds.
    #[cfg(target_os = "linux")]
    pub(crate) fn add_all(&mut self, other: &Self) {
        let pairs = [
            (&mut self.requests, &other.requests),
            (&mut self.responses_by_caller, &other.responses_by_caller),
            (&mut self.values_by_name, &other.values_by_name),
        ];
        for (counts, more) in pairs {
            more.iter().for_each(|(label, count)| add(counts, label, *count));
        }
    }

    /// Requests in all.
    #[cfg(target_os = "linux")]
    pub(crate) fn requests(&self) -> u64 {
        self.requests.values().sum()
    }
}

fn add_all(counts: &mut BTreeMap<String, u64>, more: &Counts) {
    for (label, count) in more.iter() {
        add(counts, label, count);
    }
}

fn add(counts: &mut BTreeMap<String, u64>, label: &str, count: u64) {
    // A label that counted nothing does not show.
    if count > 0 {
        *counts.entry(label.to_owned()).or_default() += count;
    }
}
