//! The request series of a window.

use std::sync::Arc;

use super::{Ranking, Roster};
use crate::cut::{Cut, Source};
use crate::series::Series;

/// The request series of a window. Its items are series; two may have one path.
#[derive(Default)]
pub(crate) struct RequestRoster {
    /// By item: where its count is.
    sources: Vec<Source>,
    paths: Ranking<Arc<str>>,
}

impl Roster for RequestRoster {
    fn has_in_family(series: &Series) -> bool {
        matches!(series, Series::Request { .. })
    }

    fn new(earlier: Option<&Self>, more: &[(Source, &Series)]) -> Self {
        let nothing = Self::default();
        let earlier = earlier.unwrap_or(&nothing);
        let mut sources = earlier.sources.clone();
        let mut paths: Vec<&Arc<str>> = earlier.paths.items().collect();
        for (source, series) in more {
            if let Series::Request { path } = series {
                sources.push(*source);
                paths.push(path);
            }
        }
        let paths = Ranking::new(&paths, earlier.paths.order(), |path| Arc::clone(path));
        Self { sources, paths }
    }
}

impl RequestRoster {
    /// The paths, sorted.
    pub(crate) fn paths(&self) -> &Arc<[Arc<str>]> {
        self.paths.keys()
    }

    /// The counts in `cut`, by path.
    pub(crate) fn counts(&self, cut: &Cut) -> Vec<u64> {
        self.paths.sums(self.sources.iter().map(|source| cut.records(*source)))
    }
}
