//! A map of a snapshot against the same map of an earlier one of the same window: rule 5 by label.

use runtime_metrics::{Counts, Snapshot};

use super::violation::{Rule, Violation};

/// What went down from `earlier` to `later`; nothing if a reset lies between them.
#[must_use]
pub fn lowered(earlier: &Snapshot, later: &Snapshot) -> Vec<Violation> {
    if earlier.window_started_at() != later.window_started_at() {
        return Vec::new();
    }
    let maps = maps(earlier).into_iter().zip(maps(later));
    let lowered = maps.flat_map(|((what, before), (_, after))| {
        lowered_labels(before.iter(), after.iter()).into_iter().map(move |label| (what, label))
    });
    let sequence = later.sequence();
    lowered
        .map(|(what, label)| Violation::new(Rule::Monotony, format!("cut {sequence}: {what} of {label:?}")))
        .collect()
}

/// All maps of a snapshot, with their names.
fn maps(snapshot: &Snapshot) -> [(&'static str, &Counts); 7] {
    let served = snapshot.served_config();
    [
        ("requests by path", snapshot.requests().requests_by_path()),
        ("responses by endpoint", served.responses_by_endpoint()),
        ("responses by target", served.responses_by_target()),
        ("responses by caller", served.responses_by_caller()),
        ("values by target", served.values_by_target()),
        ("values by caller", served.values_by_caller()),
        ("values by name", served.values_by_name()),
    ]
}

/// The labels of `before` that are missing or smaller in `after`. Both are sorted by label.
fn lowered_labels<'a>(
    before: impl Iterator<Item = (&'a str, u64)>,
    after: impl Iterator<Item = (&'a str, u64)>,
) -> Vec<&'a str> {
    let mut after = after.peekable();
    let is_lower = |(label, count): &(&str, u64)| {
        while after.next_if(|(other, _)| other < label).is_some() {}
        after.next_if(|(other, _)| other == label).is_none_or(|(_, later)| later < *count)
    };
    before
        .filter({
            let mut is_lower = is_lower;
            move |entry| is_lower(entry)
        })
        .map(|(label, _)| label)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use runtime_metrics::Metrics;

    #[test]
    fn labels_that_went_down_or_away_are_found() {
        let before = [("a", 1), ("c", 2), ("d", 3), ("f", 0), ("g", 1)];
        let after = [("a", 1), ("b", 9), ("c", 1), ("e", 9), ("f", 0), ("g", 2)];
        assert_eq!(lowered_labels(before.into_iter(), after.into_iter()), ["c", "d"]);
        assert_eq!(lowered_labels(before.into_iter(), [].into_iter()), ["a", "c", "d", "f", "g"]);
        assert!(lowered_labels([].into_iter(), after.into_iter()).is_empty());
    }

    #[test]
    fn snapshots_that_are_swapped_break_rule_5_in_each_map_and_windows_are_told_apart() {
        let metrics = Metrics::new();
        let record = || {
            metrics.record_request("/");
            metrics.record_config_delivery("e", "t", &["n"], "c");
        };
        record();
        let earlier = metrics.snapshot();
        record();
        let later = metrics.snapshot();
        assert_eq!(lowered(&earlier, &later), []);
        let violations = lowered(&later, &earlier);
        assert_eq!(violations.len(), maps(&later).len());
        assert_eq!(violations[0], Violation::new(Rule::Monotony, r#"cut 1: requests by path of "/""#));

        metrics.reset();
        assert_eq!(lowered(&later, &metrics.snapshot()), []);
    }
}
