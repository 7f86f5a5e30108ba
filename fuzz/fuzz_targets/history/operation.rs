//! Everything that can be done to a registry and to the handles made from it.

use arbitrary::Arbitrary;

use crate::label::{Label, Names};

/// One operation. The numbers pick among the handles there are, modulo their count; without any, nothing is done.
#[derive(Debug, Clone, Arbitrary)]
pub(crate) enum Operation {
    Request(Label),
    Delivery { endpoint: Label, target: Label, names: Names, caller: Label },
    PrepareRequest(Label),
    PreparedRequest(u8),
    DropRequestCounter(u8),
    PreparePlan { endpoint: Label, target: Label, names: Names },
    PlannedDelivery(u8, Label),
    DropPlan(u8),
    Snapshot,
    SnapshotWithin,
    Reset,
}
