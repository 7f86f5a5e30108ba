//! What one thread says that it has recorded, kept apart from the registry.

use std::sync::atomic::{AtomicU64, Ordering};

use crossbeam_utils::CachePadded;
use runtime_metrics::Snapshot;

use super::totals::Totals;

/// What a thread counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Requests.
    Request,
    /// Deliveries of as many values each.
    Delivery {
        /// The number of config names in one delivery.
        values: u64,
    },
    /// Values of deliveries that another account has the responses of. Their numbers vary.
    Value,
}

impl Kind {
    /// What so many records of this kind count.
    #[must_use]
    pub fn totals(self, records: u64) -> Totals {
        match self {
            Self::Request => Totals { requests: records, ..Totals::default() },
            Self::Delivery { values } => {
                Totals { responses: records, values: records * values, ..Totals::default() }
            }
            Self::Value => Totals { values: records, ..Totals::default() },
        }
    }
}

/// The records of one thread: how many it has begun and how many of them have returned.
///
/// Kept by plain stores, no locked instruction among them: the account orders nothing that the registry does not
/// order itself.
#[derive(Debug)]
pub struct Account {
    kind: Kind,
    labels: Vec<String>,
    begun: CachePadded<AtomicU64>,
    completed: CachePadded<AtomicU64>,
}

impl Account {
    /// An account of records whose path or target is one of `labels`, and of no other thread's records. Without
    /// labels only totals can be compared.
    #[must_use]
    pub fn new(kind: Kind, labels: Vec<String>) -> Self {
        Self { kind, labels, begun: CachePadded::default(), completed: CachePadded::default() }
    }

    /// What is recorded.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The labels that this account's records have to themselves.
    #[must_use]
    pub fn labels(&self) -> &[String] {
        &self.labels
    }

    /// The first label; empty if there is none.
    #[must_use]
    pub fn label(&self) -> &str {
        self.labels.first().map_or("", String::as_str)
    }

    /// Makes `records` records. By one thread at a time, which the caller sees to.
    #[inline]
    pub fn record(&self, records: u64, mut record: impl FnMut()) {
        self.begin(records);
        for _ in 0..records {
            record();
        }
        self.complete(records);
    }

    /// Says that `records` records will be made. By the thread that makes them.
    #[inline]
    pub fn begin(&self, records: u64) {
        // Relaxed: only this thread stores. Release: pairs with the load in `begun`. A cut that holds one of the records
        // happens after this.
        self.begun.store(self.begun.load(Ordering::Relaxed) + records, Ordering::Release);
    }

    /// Says that `records` records have returned. By the thread that made them.
    #[inline]
    pub fn complete(&self, records: u64) {
        // Relaxed: only this thread stores. Release: pairs with the load in `completed`. Who sees this number asks after
        // those records returned.
        self.completed.store(self.completed.load(Ordering::Relaxed) + records, Ordering::Release);
    }

    /// At least as many records have begun as any cut holds that was returned before this was asked.
    #[must_use]
    pub fn begun(&self) -> u64 {
        self.begun.load(Ordering::Acquire)
    }

    /// So many of them have returned.
    #[must_use]
    pub fn completed(&self) -> u64 {
        self.completed.load(Ordering::Acquire)
    }

    /// How many of them under the account's labels the window of `snapshot` holds; none without labels.
    #[must_use]
    pub fn counted(&self, snapshot: &Snapshot) -> Option<u64> {
        let counts = match self.kind {
            Kind::Request => snapshot.requests().requests_by_path(),
            Kind::Delivery { .. } => snapshot.served_config().responses_by_target(),
            Kind::Value => snapshot.served_config().values_by_target(),
        };
        let count = |label: &String| counts.get(label).unwrap_or(0);
        (!self.labels.is_empty()).then(|| self.labels.iter().map(count).sum())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use runtime_metrics::Metrics;

    #[test]
    fn an_account_counts_under_its_own_labels_only() {
        let metrics = Metrics::new();
        let labels = vec!["a".to_owned(), "b".to_owned()];
        let deliveries = Account::new(Kind::Delivery { values: 2 }, labels.clone());
        let requests = Account::new(Kind::Request, labels);
        let mut targets = deliveries.labels().iter().cycle();
        deliveries.record(5, || {
            let target = targets.next().map_or("", String::as_str);
            metrics.record_config_delivery("e", target, &["n", "m"], "c");
        });
        requests.record(3, || metrics.record_request("a"));
        metrics.record_request("c");

        let snapshot = metrics.snapshot();
        assert_eq!((deliveries.begun(), deliveries.completed()), (5, 5));
        assert_eq!(deliveries.counted(&snapshot), Some(5));
        assert_eq!(requests.counted(&snapshot), Some(3));
        assert_eq!(Account::new(Kind::Request, Vec::new()).counted(&snapshot), None);
        let mut totals = deliveries.kind().totals(5);
        totals += requests.kind().totals(4);
        assert_eq!(totals, Totals::of(&snapshot));
    }
}
