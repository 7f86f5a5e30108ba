//! What was recorded, or what snapshots showed of it.

use std::ops::AddAssign;

use runtime_metrics::Snapshot;

#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Count {
    pub(crate) requests: u64,
    pub(crate) responses: u64,
    pub(crate) values: u64,
}

impl Count {
    /// So many requests.
    pub(crate) fn of_requests(requests: u64) -> Self {
        Self { requests, ..Self::default() }
    }

    /// So many deliveries of `names` names each.
    pub(crate) fn of_deliveries(responses: u64, names: usize) -> Self {
        Self { responses, values: responses * names as u64, ..Self::default() }
    }

    /// All that a snapshot shows. Fails if its sums do not agree (rules 1 and 2).
    pub(crate) fn of(snapshot: &Snapshot) -> Self {
        let (requests, served) = (snapshot.requests(), snapshot.served_config());
        assert_eq!(requests.total_requests(), requests.requests_by_path().total(), "rule 1");
        assert_eq!(served.responses_total(), served.responses_by_caller().total(), "rule 2");
        assert_eq!(served.values_total(), served.values_by_name().total(), "rule 2");
        Self {
            requests: requests.total_requests(),
            responses: served.responses_total(),
            values: served.values_total(),
        }
    }
}

impl AddAssign for Count {
    fn add_assign(&mut self, more: Self) {
        self.requests += more.requests;
        self.responses += more.responses;
        self.values += more.values;
    }
}

impl FromIterator<Self> for Count {
    fn from_iter<I: IntoIterator<Item = Self>>(counts: I) -> Self {
        let mut sum = Self::default();
        counts.into_iter().for_each(|count| sum += count);
        sum
    }
}
