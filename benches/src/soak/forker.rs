//! A thread that forks children, which live in the registry that they inherit.

use std::process;
use std::sync::Arc;
use std::time::Duration;

use runtime_metrics::{DeliveryPlan, Metrics, ProcessRuntimeSnapshot, RequestCounter};

use super::actor::Actor;
use super::child::{End, fork};
use super::scene::Scene;
use super::totals::Totals;
use super::violation::{Rule, Violation};

/// Forks children and judges how they ended.
#[derive(Debug)]
pub struct Forker {
    rest: Duration,
}

/// A child that takes longer has stopped in something that it inherited.
const LIMIT: Duration = Duration::from_secs(20);

/// What a child checks, in this order. Its exit status is the number of the first that does not hold, from 1; or 0.
const CHECKS: [&str; 9] = [
    "starts at zero",
    "has its own process ID",
    "has its own instance ID",
    "names its parent",
    "counts what it records",
    "returns the same from its reset",
    "starts at zero after its reset",
    "counts what it records after its reset",
    "numbers its own cuts",
];

impl Forker {
    /// A forker that rests so long between children.
    #[must_use]
    pub fn new(rest: Duration) -> Self {
        Self { rest }
    }
}

impl Actor for Forker {
    fn name(&self) -> &'static str {
        "forker"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        let metrics = scene.metrics();
        let inherited = Inherited {
            metrics,
            counter: metrics.request_counter("/child/counter"),
            plan: metrics.delivery_plan("run-time", "child", &["a", "b"]),
            parent: metrics.process(),
        };
        while scene.control().go_on_after(self.rest) {
            match judge(fork(LIMIT, || inherited.first_broken())) {
                None => scene.activity().forks.add_one(),
                Some(detail) => scene.report([Violation::new(Rule::Fork, detail)]),
            }
        }
    }
}

/// What is wrong with a child that ended so.
fn judge(end: End) -> Option<String> {
    match end {
        End::Exited(0) => None,
        End::Exited(status) => Some(match CHECKS.get(usize::from(status) - 1) {
            Some(check) => format!("not so: a child {check}"),
            None => format!("a child exited with {status}"),
        }),
        End::Panicked => Some("a child panicked".to_owned()),
        End::Killed => Some("a child was killed by a signal".to_owned()),
        End::Hung => Some(format!("a child did not end in {LIMIT:?}")),
        End::Lost => Some("no child could be forked, or it could not be waited for".to_owned()),
    }
}

/// What a child inherits.
struct Inherited<'a> {
    metrics: &'a Metrics,
    counter: RequestCounter,
    plan: DeliveryPlan,
    parent: ProcessRuntimeSnapshot,
}

impl Inherited<'_> {
    /// Lives a short life, and returns the number of the first of [`CHECKS`] that does not hold, or 0.
    fn first_broken(&self) -> u8 {
        let Self { metrics, counter, plan, parent } = self;
        let (published, first) = (metrics.latest(), metrics.snapshot());
        counter.record();
        metrics.record_request("/child/path");
        plan.record("Child");
        metrics.record_config_delivery(" Run-Time", "CHILD", &["a"], "child");
        let counted = metrics.snapshot();
        let ended = metrics.reset();
        let fresh = metrics.snapshot();
        counter.record();
        let after = metrics.snapshot();

        let zero = Totals::default();
        let process = counted.process();
        let path = |label| counted.requests().requests_by_path().get(label);
        let by_caller = counted.served_config().values_by_caller();
        let holds = [
            Totals::of(&published) == zero && Totals::of(&first) == zero,
            process.process_id() == process::id() && process.process_id() != parent.process_id(),
            process.instance_id() != parent.instance_id(),
            process.parent_instance_id() == Some(parent.instance_id()),
            Totals::of(&counted) == Totals { requests: 2, responses: 2, values: 3 }
                && (path("/child/counter"), path("/child/path")) == (Some(1), Some(1))
                && by_caller.get("child") == Some(3),
            ended.requests() == counted.requests() && ended.served_config() == counted.served_config(),
            Totals::of(&fresh) == zero && fresh.requests().requests_by_path().is_empty(),
            Totals::of(&after) == Totals { requests: 1, ..zero },
            [&published, &first, &counted, &ended, &fresh, &after].map(|cut| cut.sequence())
                == [0, 1, 2, 3, 4, 5],
        ];
        let holds: [bool; CHECKS.len()] = holds;
        holds.iter().position(|holds| !holds).map_or(0, |position| position as u8 + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_holds_all_and_a_parent_that_claims_to_be_a_child_does_not() {
        let metrics = Metrics::new();
        let inherited = Inherited {
            metrics: &metrics,
            counter: metrics.request_counter("/child/counter"),
            plan: metrics.delivery_plan("run-time", "child", &["a", "b"]),
            parent: metrics.process(),
        };
        metrics.record_request("/parent");
        assert_eq!(judge(fork(LIMIT, || inherited.first_broken())), None);

        let in_parent = End::Exited(inherited.first_broken());
        assert_eq!(judge(in_parent).as_deref(), Some("not so: a child starts at zero"));
        let again = End::Exited(inherited.first_broken());
        assert_eq!(judge(again).as_deref(), Some("not so: a child starts at zero"));
        metrics.reset();
        let at_zero = End::Exited(inherited.first_broken());
        assert_eq!(judge(at_zero).as_deref(), Some("not so: a child has its own process ID"));
    }

    #[test]
    fn a_child_that_does_not_end_by_itself_is_a_violation() {
        for end in [End::Exited(99), End::Panicked, End::Killed, End::Hung, End::Lost] {
            assert!(judge(end).is_some(), "{end:?}");
        }
    }
}
