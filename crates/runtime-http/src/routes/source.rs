//! Where every answer takes its snapshot, and what is shown beside it.

use std::fmt;
use std::time::Duration;

use runtime_exposition::Exposition;
#[cfg(feature = "push")]
use runtime_exposition::push::PushStatistics;
use runtime_metrics::{Metrics, Snapshot};

use super::facts::Facts;

/// Is shown every snapshot.
pub(super) type OnSnapshot = Box<dyn Fn(&Snapshot) + Send + Sync>;

/// Says how pushes fare.
#[cfg(feature = "push")]
pub(super) type Pushes = Box<dyn Fn() -> Vec<(&'static str, PushStatistics)> + Send + Sync>;

/// The registry, and how it is shown.
pub(super) struct Source {
    pub(super) metrics: Metrics,
    pub(super) exposition: Exposition,
    pub(super) facts: Facts,
    pub(super) on_snapshot: Option<OnSnapshot>,
    #[cfg(feature = "push")]
    pub(super) pushes: Option<Pushes>,
}

impl Source {
    /// The last published snapshot if it is young enough, else a new one. Waits for another cut in progress.
    pub(super) fn cut(&self, maximum_age: Duration) -> Snapshot {
        // One that was taken in this very nanosecond may have been taken before whoever asks was counted.
        let snapshot = if maximum_age.is_zero() {
            self.metrics.snapshot()
        } else {
            self.metrics.snapshot_within(maximum_age)
        };
        if let Some(on_snapshot) = &self.on_snapshot {
            on_snapshot(&snapshot);
        }
        snapshot
    }

    #[cfg(feature = "push")]
    pub(super) fn pushes(&self) -> Vec<(&'static str, PushStatistics)> {
        self.pushes.as_ref().map(|pushes| pushes()).unwrap_or_default()
    }
}

impl fmt::Debug for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Source").field("facts", &self.facts).finish_non_exhaustive()
    }
}
