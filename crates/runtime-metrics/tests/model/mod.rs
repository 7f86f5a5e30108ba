//! The naive model: one window's counts in ordered maps, recorded one after the other. What `semantics.md` of a
//! registry says, in as few words as possible; the registry under test must show the same.

pub(crate) mod run;

use std::collections::{BTreeMap, BTreeSet};

use runtime_metrics::{Counts, OVERFLOW_LABEL, Snapshot};

pub(crate) type Map = BTreeMap<String, u64>;

/// Limits of a registry.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) request_series: usize,
    pub(crate) delivery_series: usize,
    pub(crate) label_bytes: usize,
}

/// One window.
#[derive(Debug)]
pub(crate) struct Model {
    limits: Limits,
    requests: Map,
    plans: BTreeSet<(String, String, Vec<String>)>,
    deliveries: BTreeSet<(String, String, Vec<String>, String)>,
    responses: BTreeMap<(String, String, String), u64>,
    values: BTreeMap<(String, String, String, String), u64>,
    overflowed_deliveries: u64,
}

impl Model {
    pub(crate) fn new(limits: Limits) -> Self {
        Self {
            limits,
            requests: Map::new(),
            plans: BTreeSet::new(),
            deliveries: BTreeSet::new(),
            responses: BTreeMap::new(),
            values: BTreeMap::new(),
            overflowed_deliveries: 0,
        }
    }

    pub(crate) fn record_request(&mut self, path: &str) {
        let admitted = self.requests.keys().filter(|path| *path != OVERFLOW_LABEL).count();
        let fits = path.len() <= self.limits.label_bytes
            && (self.requests.contains_key(path) || admitted < self.limits.request_series);
        let label = if fits { path } else { OVERFLOW_LABEL };
        *self.requests.entry(label.to_owned()).or_default() += 1;
    }

    pub(crate) fn record_config_delivery(
        &mut self,
        endpoint: &str,
        target: &str,
        names: &[String],
        caller: &str,
    ) {
        let mut endpoint = self.bounded(normal(endpoint));
        let mut target = self.bounded(normal(target));
        let mut caller = self.bounded(normal(caller));
        let mut names: Vec<String> = names.iter().map(|name| self.bounded(name.clone())).collect();

        let plan = (endpoint.clone(), target.clone(), names.clone());
        if self.plans.contains(&plan) || self.plans.len() < self.limits.delivery_series {
            self.plans.insert(plan);
            let delivery = (endpoint.clone(), target.clone(), names.clone(), caller.clone());
            if caller != OVERFLOW_LABEL && !self.deliveries.contains(&delivery) {
                if self.deliveries.len() < self.limits.delivery_series {
                    self.deliveries.insert(delivery);
                } else {
                    OVERFLOW_LABEL.clone_into(&mut caller);
                }
            }
        } else {
            for label in [&mut endpoint, &mut target, &mut caller].into_iter().chain(&mut names) {
                OVERFLOW_LABEL.clone_into(label);
            }
        }

        let labels = [&endpoint, &target, &caller].into_iter().chain(&names);
        self.overflowed_deliveries += u64::from(labels.into_iter().any(|label| label == OVERFLOW_LABEL));
        *self.responses.entry((endpoint.clone(), target.clone(), caller.clone())).or_default() += 1;
        for name in names {
            *self.values.entry((endpoint.clone(), target.clone(), caller.clone(), name)).or_default() += 1;
        }
    }

    /// Fails unless `snapshot` shows exactly this window.
    pub(crate) fn assert_shown_by(&self, snapshot: &Snapshot) {
        let requests = snapshot.requests();
        assert_eq!(map(requests.requests_by_path()), self.requests, "requests_by_path");
        assert_eq!(requests.total_requests(), self.requests.values().sum::<u64>(), "total_requests");
        let overflowed = self.requests.get(OVERFLOW_LABEL).copied().unwrap_or(0);
        assert_eq!(requests.overflow().records(), overflowed, "overflowed requests");

        let served = snapshot.served_config();
        let responses = |label: fn(&(String, String, String)) -> &String| {
            sum(self.responses.iter().map(|(key, count)| (label(key), *count)))
        };
        // A target or caller that got a response shows with its values, 0 if there were none.
        let values = |of_response: fn(&(String, String, String)) -> &String,
                      of_value: fn(&(String, String, String, String)) -> &String| {
            let none = self.responses.keys().map(|key| (of_response(key), 0));
            sum(none.chain(self.values.iter().map(|(key, count)| (of_value(key), *count))))
        };
        assert_eq!(served.responses_total(), self.responses.values().sum::<u64>(), "responses_total");
        assert_eq!(served.values_total(), self.values.values().sum::<u64>(), "values_total");
        assert_eq!(map(served.responses_by_endpoint()), responses(|key| &key.0), "responses_by_endpoint");
        assert_eq!(map(served.responses_by_target()), responses(|key| &key.1), "responses_by_target");
        assert_eq!(map(served.responses_by_caller()), responses(|key| &key.2), "responses_by_caller");
        assert_eq!(map(served.values_by_target()), values(|key| &key.1, |key| &key.1), "values_by_target");
        assert_eq!(map(served.values_by_caller()), values(|key| &key.2, |key| &key.2), "values_by_caller");
        let by_name = sum(self.values.iter().map(|((.., name), count)| (name, *count)));
        assert_eq!(map(served.values_by_name()), by_name, "values_by_name");
        assert_eq!(served.overflow().records(), self.overflowed_deliveries, "overflowed deliveries");

        let deliveries: Vec<_> = served
            .deliveries()
            .map(|count| ((count.endpoint(), count.target(), count.caller()), count.responses()))
            .collect();
        let expected: Vec<_> = self
            .responses
            .iter()
            .map(|((endpoint, target, caller), count)| ((&**endpoint, &**target, &**caller), *count))
            .collect();
        assert_eq!(deliveries, expected, "deliveries");
        let values: Vec<_> = served
            .values()
            .map(|count| {
                ((count.endpoint(), count.target(), count.caller(), count.config_name()), count.count())
            })
            .collect();
        let expected: Vec<_> = self
            .values
            .iter()
            .map(|((endpoint, target, caller, name), count)| {
                ((&**endpoint, &**target, &**caller, &**name), *count)
            })
            .collect();
        assert_eq!(values, expected, "values");

        assert_eq!(served.last_served_at().is_some(), !self.responses.is_empty(), "last_served_at");
        if let Some(last_served) = served.last_served_instant() {
            assert!(snapshot.window_started_at() <= last_served && last_served <= snapshot.taken_at());
        }
    }

    fn bounded(&self, label: String) -> String {
        if label.len() > self.limits.label_bytes { OVERFLOW_LABEL.to_owned() } else { label }
    }
}

/// As Python's `label.strip().lower()`.
fn normal(label: &str) -> String {
    label
        .trim_matches(|c: char| c.is_whitespace() || ['\x1c', '\x1d', '\x1e', '\x1f'].contains(&c))
        .to_lowercase()
}

fn map(counts: &Counts) -> Map {
    counts.iter().map(|(label, count)| (label.to_owned(), count)).collect()
}

fn sum<'a>(counts: impl Iterator<Item = (&'a String, u64)>) -> Map {
    let mut sums = Map::new();
    for (label, count) in counts {
        *sums.entry(label.clone()).or_default() += count;
    }
    sums
}
