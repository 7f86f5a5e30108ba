//! Snapshots that are kept to be compared with: the first one, and the one that was marked last.

use std::sync::Arc;

use crate::snapshot::Snapshot;
use crate::trends::Series;

/// Since what a change is counted.
#[derive(Debug, Clone)]
pub(crate) struct Since {
    pub(crate) snapshot: Arc<Snapshot>,
    /// From the beginning of the snapshot's window, not from the snapshot: another window was open when the view was opened.
    pub(crate) from_window_start: bool,
}

/// The moments of a view.
#[derive(Debug, Default)]
pub(crate) struct Moments {
    opened: Option<Since>,
    mark: Option<Since>,
}

impl Moments {
    /// None: there was no snapshot yet.
    pub(crate) fn opened(&self) -> Option<&Since> {
        self.opened.as_ref()
    }

    pub(crate) fn mark(&self) -> Option<&Since> {
        self.mark.as_ref()
    }

    /// To be called with every snapshot that is received.
    pub(crate) fn see(&mut self, snapshot: &Arc<Snapshot>) {
        let from_window_start = match &self.opened {
            None => false,
            Some(opened) if !opened.snapshot.shares_window_with(snapshot) => true,
            Some(_) => return,
        };
        self.opened = Some(Since { snapshot: Arc::clone(snapshot), from_window_start });
    }

    pub(crate) fn set_mark(&mut self, snapshot: &Arc<Snapshot>) {
        self.mark = Some(Since { snapshot: Arc::clone(snapshot), from_window_start: false });
    }

    pub(crate) fn forget_mark(&mut self) {
        self.mark = None;
    }
}

impl Since {
    /// What a series grew by up to a snapshot: exact, or none where it is not known.
    pub(crate) fn change(&self, snapshot: &Snapshot, series: Series<'_>) -> Option<i128> {
        if !self.snapshot.shares_window_with(snapshot) {
            return None;
        }
        let count = |snapshot: &Snapshot| match series {
            Series::Total(measure) => snapshot.total(measure),
            Series::Row(family, key) => snapshot.family(family).counts(key).count,
        };
        let before = if self.from_window_start { 0 } else { count(&self.snapshot) };
        Some(i128::from(count(snapshot)) - i128::from(before))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::family::Key;
    use crate::sample::Cut;
    use crate::snapshot::{FamilyName, Measure};

    fn cut(seconds: f64, count: u64) -> Arc<Snapshot> {
        Arc::new(Cut::new(seconds, &[("/", count)]).snapshot())
    }

    #[test]
    fn a_change_is_since_the_view_was_opened_or_since_the_window_began_if_that_was_later() {
        let requests = Series::Total(Measure::Requests);
        let (first, second) = (cut(0.0, 5), cut(1.0, 8));
        let mut moments = Moments::default();
        moments.see(&first);
        moments.see(&second);
        assert_eq!(moments.opened().unwrap().change(&second, requests), Some(3));
        assert_eq!(
            moments.opened().unwrap().change(&first, Series::Row(FamilyName::Paths, &Key::label("/new"))),
            Some(0)
        );

        let reset = Arc::new(Cut::new(2.0, &[("/", 2)]).in_window(4, 0.5).snapshot());
        let opened = moments.opened().cloned().unwrap();
        assert_eq!(opened.change(&reset, requests), None);
        moments.see(&reset);
        assert_eq!(moments.opened().unwrap().change(&reset, requests), Some(2));
    }

    #[test]
    fn a_mark_of_another_window_says_nothing() {
        let mut moments = Moments::default();
        moments.set_mark(&cut(0.0, 5));
        let requests = Series::Total(Measure::Requests);
        assert_eq!(moments.mark().unwrap().change(&cut(3.0, 4), requests), Some(-1));
        let reset = Cut::new(4.0, &[("/", 2)]).in_window(4, 0.5).snapshot();
        assert_eq!(moments.mark().unwrap().change(&reset, requests), None);
        moments.forget_mark();
        assert!(moments.mark().is_none());
    }
}
