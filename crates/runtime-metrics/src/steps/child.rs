//! Children that are forked while another thread of its parent stands still.

#[path = "../../../runtime-identity/tests/forked_child/mod.rs"]
mod forked_child;

#[path = "../../tests/fork_child/mod.rs"]
mod life;

use super::parent::Parent;
use crate::{DeliveryPlan, Metrics, ProcessRuntimeSnapshot, RequestCounter, Snapshot};

/// Forks children, each of which does everything in the registry it inherits, and first something else. Fails if one finds
/// anything of its parent's, miscounts, or hangs.
pub(super) fn fork_children(parent: &Parent, child: &str) {
    let metrics = parent.metrics();
    let mode = metrics.fence_mode();
    for first in life::First::ALL {
        let child = format!("{child}, {first:?} first,");
        let answer = forked_child::in_forked_child(|| {
            let lived = life::live(first, metrics, parent.counter(), parent.plan(), parent.old());
            format!("{lived}\n{:?}", metrics.fence_mode())
        });
        life::assert_fresh(&answer, parent.old().process(), &child);
        assert_eq!(answer.lines().last(), Some(&*format!("{mode:?}")), "{child} has its parent's fences");
    }
}
