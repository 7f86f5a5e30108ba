//! What holds within one snapshot.

use runtime_metrics::{Counts, OVERFLOW_LABEL, Snapshot};

use crate::schedule::Limits;

/// Fails if rule 1 or rule 2 does not hold in `snapshot`, or a limit is not kept.
pub(crate) fn assert_sums_agree(snapshot: &Snapshot, limits: Limits) {
    let requests = snapshot.requests();
    assert_eq!(requests.total_requests(), requests.requests_by_path().total(), "rule 1");
    assert_eq!(requests.overflow().records(), requests.requests_by_path().get(OVERFLOW_LABEL).unwrap_or(0));
    assert_eq!(requests.occupancy().limit(), limits.request_series);
    assert!(told_apart(requests.requests_by_path()) <= requests.occupancy().series() as usize);
    assert!(requests.occupancy().series() <= limits.request_series);

    let served = snapshot.served_config();
    let by_label =
        [served.responses_by_endpoint(), served.responses_by_target(), served.responses_by_caller()];
    for counts in by_label {
        assert_eq!(served.responses_total(), counts.total(), "rule 2");
    }
    for counts in [served.values_by_target(), served.values_by_caller(), served.values_by_name()] {
        assert_eq!(served.values_total(), counts.total(), "rule 2");
    }
    let joint: u64 = served.deliveries().map(|delivery| delivery.responses()).sum();
    assert_eq!(served.responses_total(), joint, "rule 2");
    let joint: u64 = served.values().map(|value| value.count()).sum();
    assert_eq!(served.values_total(), joint, "rule 2");
    assert!(told_apart(served.responses_by_caller()) <= limits.delivery_series as usize);
    assert!(served.occupancy().series() <= limits.delivery_series);

    assert_eq!(served.last_served_at().is_some(), served.responses_total() > 0);
    if let Some(last_served) = served.last_served_instant() {
        assert!(snapshot.window_started_at() <= last_served && last_served <= snapshot.taken_at());
    }
}

fn told_apart(counts: &Counts) -> usize {
    counts.iter().filter(|(label, _)| *label != OVERFLOW_LABEL).count()
}
