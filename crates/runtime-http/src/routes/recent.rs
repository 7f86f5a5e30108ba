//! The snapshots that were handed out lately.

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard, PoisonError};

use runtime_metrics::Snapshot;

/// So that a difference from one of them can be given. All are of one window of one process life; of those of earlier ones nothing is needed: what was
/// counted since is what the window counted. The one that was handed out last is at the back.
#[derive(Debug)]
pub(super) struct Recent {
    kept: Mutex<VecDeque<Snapshot>>,
    most: usize,
}

impl Recent {
    pub(super) fn new(most: usize) -> Self {
        Self { kept: Mutex::new(VecDeque::new()), most }
    }

    /// Keeps a snapshot that is handed out, be it again, and gives up the one of too many that was handed out the longest time ago. One of a
    /// window that is over is not needed.
    pub(super) fn keep(&self, snapshot: &Snapshot) {
        let mut kept = self.lock();
        if enter_window(&mut kept, snapshot) {
            kept.retain(|other| other.sequence() != snapshot.sequence());
            kept.push_back(snapshot.clone());
            if kept.len() > self.most {
                kept.pop_front();
            }
        }
    }

    /// Lets go of snapshots of windows that are over, and of their labels, if this is one of a later window.
    pub(super) fn forget_before(&self, snapshot: &Snapshot) {
        enter_window(&mut self.lock(), snapshot);
    }

    /// The snapshot of this number, if it is kept.
    pub(super) fn find(&self, sequence: u64) -> Option<Snapshot> {
        self.lock().iter().find(|snapshot| snapshot.sequence() == sequence).cloned()
    }

    /// Nothing here panics half-way, so what a poisoned lock guards is whole.
    fn lock(&self) -> MutexGuard<'_, VecDeque<Snapshot>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Gives up all of another window than that of this snapshot, unless theirs is the later one. Whether the window is this one's.
fn enter_window(kept: &mut VecDeque<Snapshot>, snapshot: &Snapshot) -> bool {
    let life = |snapshot: &Snapshot| snapshot.process().instance_id();
    let is_over = kept.back().is_some_and(|last| {
        life(last) == life(snapshot) && last.window_opened_by() > snapshot.window_opened_by()
    });
    if !is_over {
        kept.retain(|other| life(other) == life(snapshot) && other.window_id() == snapshot.window_id());
    }
    !is_over
}

#[cfg(test)]
mod tests {
    use runtime_metrics::Metrics;

    use super::*;

    #[test]
    fn those_that_were_handed_out_last_are_kept_whenever_they_were_taken() {
        let (metrics, recent) = (Metrics::new(), Recent::new(3));
        let [first, second, third, fourth] = [(); 4].map(|()| metrics.snapshot());
        for snapshot in [&second, &first, &third, &second] {
            recent.keep(snapshot);
        }
        assert_eq!(recent.find(first.sequence()), Some(first.clone()));
        recent.keep(&fourth);
        assert_eq!(recent.find(first.sequence()), None);
        for kept in [&second, &third, &fourth] {
            assert_eq!(recent.find(kept.sequence()).as_ref(), Some(kept));
        }
        recent.keep(&first);
        assert_eq!(recent.find(first.sequence()), Some(first));
        assert_eq!(recent.find(third.sequence()), None);
    }

    #[test]
    fn nothing_is_kept_of_a_window_that_is_over() {
        let (metrics, recent) = (Metrics::new(), Recent::new(3));
        let before = [(); 2].map(|()| metrics.snapshot());
        before.iter().for_each(|snapshot| recent.keep(snapshot));
        metrics.reset();
        let after = metrics.snapshot();
        recent.forget_before(&before[0]);
        assert_eq!(recent.lock().len(), 2);
        recent.forget_before(&after);
        assert_eq!(recent.lock().len(), 0);

        before.iter().chain([&after]).for_each(|snapshot| recent.keep(snapshot));
        assert_eq!(recent.lock().len(), 1);
        recent.keep(&before[1]);
        assert_eq!(recent.find(before[1].sequence()), None);
        assert_eq!(recent.find(after.sequence()), Some(after));
    }
}
