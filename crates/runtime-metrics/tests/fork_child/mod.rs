//! What a forked child does with a registry that it has inherited, and what it has to find. The crate's own tests use it too,
//! with the types that they see: those of whoever includes it.

use std::time::Duration;

use super::forked_child::in_threads;
use super::{DeliveryPlan, Metrics, ProcessRuntimeSnapshot, RequestCounter, Snapshot};

/// How a child first touches the registry: each way puts a state of the child's own in place by another path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum First {
    Record,
    Latest,
    Cut,
}

impl First {
    pub(crate) const ALL: [Self; 3] = [Self::Record, Self::Latest, Self::Cut];
}

const EMPTY: &str = "{} {} {}";
const IN_CHILD: &str = r#"{"/child": 2, "/handle": 1} {"child": 1} {"a": 1, "b": 1}"#;
const AFTER_RESET: &str = r#"{"/handle": 1} {} {}"#;

/// All counts of a snapshot in one line.
fn describe(snapshot: &Snapshot) -> String {
    let (requests, served) = (snapshot.requests(), snapshot.served_config());
    format!(
        "{:?} {:?} {:?}",
        requests.requests_by_path(),
        served.responses_by_caller(),
        served.values_by_name()
    )
}

/// Everything that can be done in a registry, `first` something, by handles too, which the parent has made for the path `/handle` and for the
/// names `a` and `b`, and in several threads. The answer is for [`assert_fresh`].
pub(crate) fn live(
    first: First,
    metrics: &Metrics,
    counter: &RequestCounter,
    plan: &DeliveryPlan,
    old: &Snapshot,
) -> String {
    let at_first = match first {
        First::Record => EMPTY.to_owned(),
        First::Latest => describe(&metrics.latest()),
        First::Cut => describe(&metrics.snapshot_within(Duration::ZERO)),
    };
    let cuts_at_first = u64::from(first == First::Cut);
    counter.record();
    plan.record("Child");
    metrics.record_request("/child");
    in_threads(&[&|| metrics.record_request("/child"), &|| drop(metrics.snapshot())]);
    let snapshot = metrics.snapshot();
    let ended = metrics.reset();
    counter.record();
    let process = snapshot.process();
    let lines = [
        at_first,
        describe(&snapshot),
        describe(&ended),
        describe(&metrics.snapshot()),
        process.process_id().to_string(),
        process.instance_id().to_string(),
        process.parent_instance_id().map_or_else(String::new, |id| id.to_string()),
        (snapshot.sequence() - cuts_at_first).to_string(),
        (old.requests().total_requests() > 0).to_string(),
    ];
    lines.join("\n")
}

/// Fails unless the child that gave this answer has started at zero, as a child of `parent`, and has counted all that it did.
pub(crate) fn assert_fresh(answer: &str, parent: &ProcessRuntimeSnapshot, child: &str) {
    let lines: Vec<&str> = answer.lines().collect();
    assert_eq!(lines[0], EMPTY, "{child} starts at zero");
    assert_eq!(lines[1], IN_CHILD, "{child}");
    assert_eq!(lines[2], IN_CHILD, "{child}");
    assert_eq!(lines[3], AFTER_RESET, "{child}");
    assert_ne!(lines[4], parent.process_id().to_string());
    assert_ne!(lines[5], parent.instance_id().to_string());
    assert_eq!(lines[6], parent.instance_id().to_string());
    assert_eq!(lines[7], "2", "{child} counts its own cuts, one of them in a thread");
    assert_eq!(lines[8], "true", "a snapshot taken before the fork stays readable");
}
