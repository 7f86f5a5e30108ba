//! Counts by series, of one window or of several.

use std::collections::BTreeMap;

use runtime_metrics::Snapshot;

#[derive(Debug, Clone, Default)]
pub(crate) struct Tally<'a> {
    /// By path.
    pub(crate) requests: BTreeMap<&'a str, u64>,
    /// By endpoint, target and caller.
    pub(crate) responses: BTreeMap<[&'a str; 3], u64>,
    /// By endpoint, target, caller and config name.
    pub(crate) values: BTreeMap<[&'a str; 4], u64>,
}

impl<'a> Tally<'a> {
    /// What one snapshot counts.
    pub(crate) fn of(snapshot: &'a Snapshot) -> Self {
        let served = snapshot.served_config();
        Self {
            requests: snapshot.requests().requests_by_path().iter().collect(),
            responses: served
                .deliveries()
                .map(|joint| ([joint.endpoint(), joint.target(), joint.caller()], joint.responses()))
                .collect(),
            values: served
                .values()
                .map(|joint| {
                    ([joint.endpoint(), joint.target(), joint.caller(), joint.config_name()], joint.count())
                })
                .collect(),
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.requests.is_empty() && self.responses.is_empty() && self.values.is_empty()
    }

    /// The counts of both.
    pub(crate) fn plus(&self, other: &Self) -> Self {
        let mut sum = self.clone();
        add_all(&mut sum.requests, &other.requests);
        add_all(&mut sum.responses, &other.responses);
        add_all(&mut sum.values, &other.values);
        sum
    }

    /// Whether no count is smaller than in `earlier`.
    pub(crate) fn covers(&self, earlier: &Self) -> bool {
        covers(&self.requests, &earlier.requests)
            && covers(&self.responses, &earlier.responses)
            && covers(&self.values, &earlier.values)
    }
}

fn add_all<K: Ord + Copy>(sums: &mut BTreeMap<K, u64>, counts: &BTreeMap<K, u64>) {
    for (key, count) in counts {
        *sums.entry(*key).or_default() += count;
    }
}

fn covers<K: Ord>(later: &BTreeMap<K, u64>, earlier: &BTreeMap<K, u64>) -> bool {
    earlier.iter().all(|(key, count)| later.get(key) >= Some(count))
}
