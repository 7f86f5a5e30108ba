//! The sums that one snapshot shows: rules 1 and 2.

use runtime_metrics::Snapshot;

use super::account::{Account, Kind};
use super::violation::{Rule, Violation};

/// One total, and what should be equal to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sums {
    /// Broken if they differ.
    pub rule: Rule,
    /// What is counted.
    pub what: &'static str,
    /// The total.
    pub total: u64,
    /// The sums, by the name of what is summed over.
    pub sums: Vec<(&'static str, u64)>,
}

impl Sums {
    /// All totals of `snapshot` with all their sums.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> [Self; 3] {
        let (requests, served) = (snapshot.requests(), snapshot.served_config());
        let joint_responses = served.deliveries().map(|delivery| delivery.responses()).sum();
        let joint_values = served.values().map(|value| value.count()).sum();
        [
            Self {
                rule: Rule::RequestSums,
                what: "requests",
                total: requests.total_requests(),
                sums: vec![("path", requests.requests_by_path().total())],
            },
            Self {
                rule: Rule::DeliverySums,
                what: "responses",
                total: served.responses_total(),
                sums: vec![
                    ("endpoint", served.responses_by_endpoint().total()),
                    ("target", served.responses_by_target().total()),
                    ("caller", served.responses_by_caller().total()),
                    ("endpoint, target and caller", joint_responses),
                ],
            },
            Self {
                rule: Rule::DeliverySums,
                what: "values",
                total: served.values_total(),
                sums: vec![
                    ("target", served.values_by_target().total()),
                    ("caller", served.values_by_caller().total()),
                    ("name", served.values_by_name().total()),
                    ("endpoint, target, caller and name", joint_values),
                ],
            },
        ]
    }

    /// For an account of deliveries, the values that its labels' responses must have had, and those that they had.
    /// Shows a delivery that is in by half, which sums over all labels may hide.
    #[must_use]
    pub fn of_account(account: &Account, snapshot: &Snapshot) -> Option<Self> {
        let Kind::Delivery { values } = account.kind() else { return None };
        let responses = account.counted(snapshot)?;
        let by_target = snapshot.served_config().values_by_target();
        let counted = account.labels().iter().filter_map(|label| by_target.get(label)).sum();
        Some(Self {
            rule: Rule::DeliverySums,
            what: "values of whole deliveries",
            total: responses * values,
            sums: vec![("target", counted)],
        })
    }

    /// The sums that differ from the total.
    pub fn check(&self, sequence: u64) -> impl Iterator<Item = Violation> {
        let wrong = self.sums.iter().filter(|(_, sum)| *sum != self.total);
        wrong.map(move |(by, sum)| {
            let Self { rule, what, total, .. } = self;
            Violation::new(*rule, format!("cut {sequence}: {total} {what}, but {sum} by {by}"))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use runtime_metrics::Metrics;

    /// The totals of a true snapshot.
    fn true_sums() -> [Sums; 3] {
        let metrics = Metrics::new();
        metrics.record_request("/");
        metrics.record_config_delivery("e", "t", &["a", "b", "a"], "c");
        metrics.record_config_delivery("e", "u", &["a"], "d");
        Sums::of(&metrics.snapshot())
    }

    #[test]
    fn a_true_snapshot_has_equal_sums() {
        let sums = true_sums();
        assert_eq!(sums.each_ref().map(|sums| sums.total), [1, 2, 4]);
        assert_eq!(sums.iter().flat_map(|sums| sums.check(1)).collect::<Vec<_>>(), []);
    }

    #[test]
    fn each_torn_sum_is_told() {
        for part in 0..3 {
            let rule = if part == 0 { Rule::RequestSums } else { Rule::DeliverySums };
            for torn in 0..true_sums()[part].sums.len() {
                let mut sums = true_sums();
                sums[part].sums[torn].1 -= 1;
                let rules: Vec<_> = sums.iter().flat_map(|sums| sums.check(1)).collect();
                assert_eq!(rules.iter().map(|violation| violation.rule).collect::<Vec<_>>(), [rule]);
            }
        }
    }

    #[test]
    fn a_delivery_that_lost_a_value_is_told_though_all_sums_agree() {
        let metrics = Metrics::new();
        let account = Account::new(Kind::Delivery { values: 2 }, vec!["t".to_owned()]);
        account.record(3, || metrics.record_config_delivery("e", "t", &["a", "b"], "c"));
        let whole = Sums::of_account(&account, &metrics.snapshot()).unwrap();
        assert_eq!((whole.total, whole.check(1).count()), (6, 0));

        metrics.record_config_delivery("e", "t", &["a"], "c");
        let torn = Sums::of_account(&account, &metrics.snapshot()).unwrap();
        assert_eq!(torn.check(2).map(|violation| violation.rule).collect::<Vec<_>>(), [Rule::DeliverySums]);
    }
}
