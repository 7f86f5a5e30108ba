//! The snapshots that were handed out lately.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use runtime_metrics::Snapshot;

/// So that a difference from one of them can be given. Sorted by their numbers; all of one process life.
#[derive(Debug)]
pub(super) struct Recent {
    kept: Mutex<VecDeque<Snapshot>>,
    most: usize,
}

impl Recent {
    pub(super) fn new(most: usize) -> Self {
        Self { kept: Mutex::new(VecDeque::new()), most }
    }

    /// Keeps a snapshot, and gives up the oldest of too many.
    pub(super) fn keep(&self, snapshot: &Snapshot) {
        let mut kept = self.lock();
        let life = |snapshot: &Snapshot| snapshot.process().instance_id();
        if kept.back().is_some_and(|last| life(last) != life(snapshot)) {
            kept.clear();
        }
        let place = kept.partition_point(|earlier| earlier.sequence() < snapshot.sequence());
        if kept.get(place).is_some_and(|same| same.sequence() == snapshot.sequence()) {
            return;
        }
        kept.insert(place, snapshot.clone());
        if kept.len() > self.most {
            kept.pop_front();
        }
    }

    /// The snapshot of this number, if it is kept.
    pub(super) fn find(&self, sequence: u64) -> Option<Snapshot> {
        let kept = self.lock();
        let place = kept.binary_search_by_key(&sequence, Snapshot::sequence).ok()?;
        kept.get(place).cloned()
    }

    /// Nothing here panics half-way, so what a poisoned lock guards is whole.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Snapshot>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use runtime_metrics::Metrics;

    use super::*;

    #[test]
    fn the_latest_snapshots_are_kept_whatever_order_they_come_in() {
        let (metrics, recent) = (Metrics::new(), Recent::new(3));
        let [first, second, third, fourth] = [(); 4].map(|()| metrics.snapshot());
        for snapshot in [&second, &first, &third, &second] {
            recent.keep(snapshot);
        }
        assert_eq!(recent.find(first.sequence()), Some(first.clone()));
        recent.keep(&fourth);
        assert_eq!(recent.find(first.sequence()), None);
        assert_eq!(recent.find(fourth.sequence()), Some(fourth));
        recent.keep(&first);
        assert_eq!(recent.find(second.sequence()), Some(second));
    }
}
