//! Which callbacks belong to one collection. See the [module](super).

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Weak};

use opentelemetry_proto::tonic::metrics::v1::NumberDataPoint;

/// The data points of one cut, by the metric's name.
#[derive(Debug)]
pub(super) struct Cut(HashMap<String, Arc<[NumberDataPoint]>>);

impl Cut {
    pub(super) fn new(metrics: impl Iterator<Item = (String, Vec<NumberDataPoint>)>) -> Self {
        Self(metrics.map(|(name, points)| (name, points.into())).collect())
    }

    /// Those of one metric; none if it has nothing to show.
    pub(super) fn points(&self, name: &str) -> Arc<[NumberDataPoint]> {
        self.0.get(name).map_or_else(|| Arc::from([]), Arc::clone)
    }
}

/// What the callbacks of one meter share.
pub(super) struct Bridge {
    take: Box<dyn Fn() -> Cut + Send + Sync>,
    instruments: usize,
    /// Tells bridges apart, and that one is gone.
    id: Arc<()>,
}

/// A collection that is in progress on this thread.
struct Collection {
    bridge: Weak<()>,
    cut: Arc<Cut>,
    /// By place of the instrument.
    has_shown: Vec<bool>,
}

thread_local! {
    /// One for each bridge.
    static COLLECTIONS: RefCell<Vec<Collection>> = const { RefCell::new(Vec::new()) };
}

impl fmt::Debug for Bridge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bridge").field("instruments", &self.instruments).finish_non_exhaustive()
    }
}

impl Bridge {
    pub(super) fn new(instruments: usize, take: impl Fn() -> Cut + Send + Sync + 'static) -> Self {
        Self { take: Box::new(take), instruments, id: Arc::new(()) }
    }

    /// The cut that the instrument at `place` shows in the collection that asks it.
    pub(super) fn cut(&self, place: usize) -> Arc<Cut> {
        // Nothing is borrowed while the cut is taken: the source may itself collect, or panic.
        let mut collection = self.present(place).unwrap_or_else(|| Collection {
            bridge: Arc::downgrade(&self.id),
            cut: Arc::new((self.take)()),
            has_shown: vec![false; self.instruments],
        });
        if let Some(shown) = collection.has_shown.get_mut(place) {
            *shown = true;
        }
        let cut = Arc::clone(&collection.cut);
        if collection.has_shown.contains(&false) {
            // Fails on a thread that is ending: its next callback takes another cut.
            let _ = COLLECTIONS.try_with(|collections| collections.borrow_mut().push(collection));
        }
        cut
    }

    /// Takes out this thread's collection, if it goes on: the instrument has not shown its cut yet.
    fn present(&self, place: usize) -> Option<Collection> {
        let take_out = |collections: &RefCell<Vec<Collection>>| {
            let mut collections = collections.borrow_mut();
            collections.retain(|collection| collection.bridge.strong_count() > 0);
            let own = std::ptr::from_ref(&*self.id);
            let found =
                collections.iter().position(|collection| std::ptr::eq(collection.bridge.as_ptr(), own));
            found.map(|found| collections.swap_remove(found))
        };
        let present = COLLECTIONS.try_with(take_out).ok().flatten();
        present.filter(|collection| collection.has_shown.get(place) == Some(&false))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    /// A bridge whose cuts are numbered.
    fn numbered(instruments: usize) -> (Arc<Bridge>, impl Fn(&Bridge, usize) -> usize) {
        let taken = AtomicUsize::new(0);
        let bridge = Bridge::new(instruments, move || {
            let number = taken.fetch_add(1, Ordering::Relaxed);
            Cut::new(std::iter::once((String::new(), vec![NumberDataPoint::default(); number])))
        });
        (Arc::new(bridge), |bridge, place| bridge.cut(place).points("").len())
    }

    #[test]
    fn a_cut_is_shown_until_an_instrument_is_asked_again() {
        let (bridge, ask) = numbered(3);
        let asked = [0, 1, 2, 0, 1, 2, 1, 2, 1, 0, 0].map(|place| ask(&bridge, place));
        assert_eq!(asked, [0, 0, 0, 1, 1, 1, 2, 2, 3, 3, 4]);
    }

    #[test]
    fn threads_and_bridges_have_collections_of_their_own() {
        let ((bridge, ask), (other, ask_other)) = (numbered(2), numbered(2));
        assert_eq!((ask(&bridge, 0), ask_other(&other, 1)), (0, 0));
        let elsewhere = Arc::clone(&bridge);
        let taken = std::thread::spawn(move || [0, 1].map(|place| elsewhere.cut(place).points("").len()));
        assert_eq!(taken.join().unwrap(), [1, 1]);
        assert_eq!((ask(&bridge, 1), ask_other(&other, 0)), (0, 0));
        assert_eq!((ask(&bridge, 0), ask_other(&other, 0)), (2, 1));
    }

    #[test]
    fn a_cut_is_let_go_when_all_have_shown_it_or_the_bridge_is_gone() {
        let held = || COLLECTIONS.with_borrow(Vec::len);
        let ((bridge, ask), (other, ask_other)) = (numbered(2), numbered(2));
        ask(&bridge, 0);
        ask_other(&other, 0);
        assert_eq!(held(), 2);
        ask(&bridge, 1);
        assert_eq!(held(), 1);
        drop(other);
        ask(&bridge, 0);
        assert_eq!(held(), 1);
    }
}
