//! The request series of a window.

use std::sync::Arc;

use super::{Ranking, Roster};
use crate::cut::{Cut, Extent, Place};
use crate::series::Series;

/// The request series of a window. Its items are series; two may have one path.
#[derive(Default)]
pub(crate) struct RequestRoster {
    extent: Extent,
    /// By item: where its count stands.
    places: Vec<Place>,
    paths: Ranking<Arc<str>>,
}

impl Roster for RequestRoster {
    fn new(cut: &Cut, earlier: Option<&Self>) -> Self {
        let nothing = Self::default();
        let earlier = earlier.unwrap_or(&nothing);
        let mut places = earlier.places.clone();
        let mut paths: Vec<&Arc<str>> = earlier.paths.items().collect();
        let (unknown, extent) = cut.series_past(earlier.extent);
        for (place, series) in unknown {
            if let Series::Request { path } = series {
                places.push(place);
                paths.push(path);
            }
        }
        let paths = Ranking::new(&paths, earlier.paths.order(), |path| Arc::clone(path));
        Self { extent, places, paths }
    }

    fn extent(&self) -> Extent {
        self.extent
    }
}

impl RequestRoster {
    /// The paths, sorted.
    pub(crate) fn paths(&self) -> &Arc<[Arc<str>]> {
        self.paths.keys()
    }

    /// The counts in `cut`, by path.
    pub(crate) fn counts(&self, cut: &Cut) -> Vec<u64> {
        self.paths.sums(self.places.iter().map(|place| cut.records(*place)))
    }
}
