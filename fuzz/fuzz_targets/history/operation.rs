//! Everything that can be done to a registry, as an input chooses it.

use arbitrary::Arbitrary;

use crate::label::{Label, Names};
use crate::model::run::Operation;

/// An operation to be, with labels that meet often.
#[derive(Debug, Clone, Arbitrary)]
pub(crate) enum Choice {
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

impl From<Choice> for Operation {
    fn from(choice: Choice) -> Self {
        match choice {
            Choice::Request(Label(path)) => Self::Request(path),
            Choice::Delivery {
                endpoint: Label(endpoint),
                target: Label(target),
                names,
                caller: Label(caller),
            } => Self::Delivery { endpoint, target, names: names.0, caller },
            Choice::PrepareRequest(Label(path)) => Self::PrepareRequest(path),
            Choice::PreparedRequest(number) => Self::PreparedRequest(number),
            Choice::DropRequestCounter(number) => Self::DropRequestCounter(number),
            Choice::PreparePlan { endpoint: Label(endpoint), target: Label(target), names } => {
                Self::PreparePlan { endpoint, target, names: names.0 }
            }
            Choice::PlannedDelivery(number, Label(caller)) => Self::PlannedDelivery(number, caller),
            Choice::DropPlan(number) => Self::DropPlan(number),
            Choice::Snapshot => Self::Snapshot,
            Choice::SnapshotWithin => Self::SnapshotWithin,
            Choice::Reset => Self::Reset,
        }
    }
}
