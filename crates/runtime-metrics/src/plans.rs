//! The plans of one window: what deliveries have in common, and the room that they take.

use std::sync::Arc;

use crate::catalogue::{Catalogue, NO_GROUP};
use crate::hashing::LabelHash;
use crate::index::Index;
use crate::interner::Interner;
use crate::label::OVERFLOW_LABEL;
use crate::limits::Limits;
use crate::plan_room::PlanRoom;
use crate::series::{Names, Plan, PlanLabels, Series};

pub(crate) struct Plans {
    /// Plan to the cell of its deliveries to callers that are over a limit; the cell stands for the plan.
    interner: Interner,
    /// The same by a hash of a few labels, which is soon made, for the plans that came first to their place.
    sketches: Index,
    room: PlanRoom,
    overflow_label: Arc<str>,
}

impl Plans {
    pub(crate) fn new(limits: Limits, hash: &LabelHash) -> Self {
        Self {
            interner: Interner::new(limits.delivery_series, hash),
            sketches: Index::new(limits.delivery_series),
            room: PlanRoom::new(limits.plan_bytes()),
            overflow_label: OVERFLOW_LABEL.into(),
        }
    }

    pub(crate) fn interner(&self) -> &Interner {
        &self.interner
    }

    /// The plan of these labels, if it is found at once. A call by itself, so that its loops have all registers, and the record
    /// around it keeps its own.
    #[inline(never)]
    pub(crate) fn find_at_once<'a>(
        &self,
        catalogue: &Catalogue,
        hash: &LabelHash,
        labels: PlanLabels<'_, impl Names<'a>>,
    ) -> Option<u32> {
        let plan = self.sketches.first(hash.of_sketch(labels.clone()))?;
        is(catalogue, plan, labels).then_some(plan)
    }

    /// The plan of these labels, if it was met.
    pub(crate) fn find<'a>(
        &self,
        catalogue: &Catalogue,
        hash: &LabelHash,
        labels: PlanLabels<'_, impl Names<'a>>,
    ) -> Option<u32> {
        self.interner.find(hash.of_plan(labels.clone()), |cell| is(catalogue, cell, labels.clone()))
    }

    /// The plan of these labels, which were perhaps not met yet. `None` if there is no room for it.
    #[cold]
    pub(crate) fn meet<'a>(
        &self,
        catalogue: &Catalogue,
        hash: &LabelHash,
        labels: PlanLabels<'_, impl Names<'a>>,
    ) -> Option<u32> {
        let bytes = PlanRoom::needed(&labels);
        if self.interner.is_full() || !self.room.has(bytes) {
            // Another thread may have met the plan meanwhile, with the last place or room there was.
            return self.find(catalogue, hash, labels);
        }
        // Before any lock: reading a name is the caller's code, which may record, or panic.
        let sketch = hash.of_sketch(labels.clone());
        let hash = hash.of_plan(labels.clone());
        let plan = Arc::new(Plan::new(labels));
        let caller = &self.overflow_label;
        self.interner.meet(
            hash,
            |cell| matches!(catalogue.get(cell), Some(Series::Delivery { plan: known, .. }) if *known == plan),
            || {
                // Under the lock of the plan's shard: once for each plan.
                if !self.room.take(bytes) {
                    return None;
                }
                let series = Series::Delivery { plan: Arc::clone(&plan), caller: Arc::clone(caller) };
                let cell = catalogue.publish(NO_GROUP, series)?;
                self.sketches.publish_first(sketch, cell);
                Some(cell)
            },
        )
    }
}

/// Whether a cell stands for the plan of these labels. A hash alone is never trusted.
#[inline(always)] // into `find_at_once`, wherever else it stands
fn is<'a>(catalogue: &Catalogue, cell: u32, labels: PlanLabels<'_, impl Names<'a>>) -> bool {
    let Some(Series::Delivery { plan, .. }) = catalogue.get(cell) else { return false };
    plan.is(labels)
}
