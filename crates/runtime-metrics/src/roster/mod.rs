//! The series of one window as snapshots show them: their labels ranked, so that what is derived from the cells is sums in
//! arrays.
//!
//! A roster is made when a snapshot is read, and serves all snapshots of the window until a series of its family is met.
//! The next one begins where it ended: the order that was found is kept, and what is new is sorted into it, in one pass over all.
//! While a series is in the middle of being met, by a thread that stands still, rosters serve one snapshot each.
//!
//! Threads that read at once may make the same roster side by side, and one of them is kept: nobody waits, and a fork in the
//! middle leaves nothing locked in the child.

mod deliveries;
mod delivery_counts;
mod plans;
mod ranking;
mod requests;

use std::sync::Arc;

use arc_swap::ArcSwapOption; // not part of any argument, so not that of `sync`

use crate::cut::{Cut, Extent, Source};
use crate::series::Series;

pub(crate) use deliveries::DeliveryRoster;
pub(crate) use delivery_counts::DeliveryCounts;
use ranking::Ranking;
pub(crate) use requests::RequestRoster;

/// The series of one family.
pub(crate) trait Roster {
    /// Whether a series is of the family.
    fn has_in_family(series: &Series) -> bool;

    /// The series of `earlier`, and `more` of the family with where their counts are.
    fn new(earlier: Option<&Self>, more: &[(Source, &Series)]) -> Self;
}

/// The roster that was made last.
pub(crate) struct RosterCache<R>(ArcSwapOption<Known<R>>);

/// A roster that has all series of its family up to an extent.
struct Known<R> {
    extent: Extent,
    roster: Arc<R>,
}

impl<R: Roster> RosterCache<R> {
    pub(crate) fn new() -> Self {
        Self(ArcSwapOption::empty())
    }

    /// A roster that knows all series of `cut`, which is of the window that this is the cache of.
    pub(crate) fn get(&self, cut: &Cut) -> Arc<R> {
        let known = self.0.load_full();
        if let Some(known) = &known
            && known.extent.covers(cut.extent())
        {
            return Arc::clone(&known.roster);
        }
        let earlier = known.as_deref().filter(|known| cut.extent().covers(known.extent));
        let (mut more, extent) = cut.series_past(earlier.map_or_else(Extent::default, |known| known.extent));
        more.retain(|(_, series)| R::has_in_family(series));
        let roster = match earlier {
            Some(earlier) if more.is_empty() => Arc::clone(&earlier.roster),
            _ => Arc::new(R::new(earlier.map(|known| &*known.roster), &more)),
        };
        // Not if a series is only just being met: the cut has not counted it, but later ones may. And not in the place of one that a
        // later cut has made meanwhile.
        if extent.covers(cut.extent()) {
            let made = Arc::new(Known { extent, roster: Arc::clone(&roster) });
            self.0.rcu(|known| {
                let is_newer = known.as_ref().is_some_and(|known| known.extent.covers(made.extent));
                if is_newer { known.clone() } else { Some(Arc::clone(&made)) }
            });
        }
        roster
    }
}

#[cfg(test)]
mod tests;
