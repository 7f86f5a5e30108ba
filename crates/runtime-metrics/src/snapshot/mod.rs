//! The immutable value that a cut is handed out as.
//!
//! A snapshot holds the counts as the scan read them. The maps of labels are built when they are first asked
//! for, once, by way of the window's [`roster`](crate::roster), and shared by all clones. Threads that ask at the same moment build them side by side and keep one
//! result: nobody waits, and a fork in the middle leaves nothing locked in the child.

mod counts;
mod delivery;
mod occupancy;
mod overflow;
mod process;
mod requests;
#[cfg(feature = "serde")]
mod serde;
mod served_config;
mod table;

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use runtime_identity::clock::Monotonic;

pub use counts::{Counts, CountsIter};
pub use delivery::{DeliveryCount, ValueCount};
pub use occupancy::Occupancy;
pub use overflow::Overflow;
pub use process::ProcessRuntimeSnapshot;
pub use requests::RequestMetricsSnapshot;
pub use served_config::ServedConfigMetricsSnapshot;
pub use table::{DeliveryTable, RequestTable};

use crate::cut::Cut;
use crate::window::Window;

/// When and how a cut was taken.
pub(crate) struct Taken {
    /// Cuts of the registry so far, this one included.
    pub(crate) sequence: u64,
    pub(crate) window: Window,
    /// The number of the window's generation.
    pub(crate) window_id: u64,
    /// The cut that opened the window, or 0.
    pub(crate) opened_by: u64,
    /// The instant of the cut.
    pub(crate) at: Monotonic,
    /// What taking it cost.
    pub(crate) duration: Duration,
    pub(crate) last_delivery: Option<Monotonic>,
}

/// Everything that one registry counted in one window, as of one instant.
///
/// *Consistency:* all parts come from the same cut; see the [crate documentation](crate). Nothing recorded later
/// shows in a snapshot.
///
/// *Cost:* a clone is one reference count. Reading a map for the first time builds it: linear in the number of
/// series, plus sorting those that no earlier snapshot of the window has read.
#[derive(Clone)]
pub struct Snapshot {
    inner: Arc<Inner>,
}

struct Inner {
    sequence: u64,
    window: Window,
    window_id: u64,
    opened_by: u64,
    at: Monotonic,
    duration: Duration,
    process: ProcessRuntimeSnapshot,
    requests: RequestMetricsSnapshot,
    served_config: ServedConfigMetricsSnapshot,
}

impl Snapshot {
    pub(crate) fn new(cut: Cut, taken: Taken) -> Self {
        let cut = Arc::new(cut);
        // The clamp: the coarse clock may lag behind the window's start, and a delivery that is not counted may
        // have been stamped after the cut.
        let last_served = taken.last_delivery.map(|at| taken.window.wall(at.min(taken.at)));
        let inner = Inner {
            sequence: taken.sequence,
            window: taken.window,
            window_id: taken.window_id,
            opened_by: taken.opened_by,
            at: taken.at,
            duration: taken.duration,
            process: ProcessRuntimeSnapshot::new(taken.window, taken.at),
            requests: RequestMetricsSnapshot::new(Arc::clone(&cut)),
            served_config: ServedConfigMetricsSnapshot::new(cut, last_served),
        };
        Self { inner: Arc::new(inner) }
    }

    /// Identity and uptime.
    #[must_use]
    pub fn process(&self) -> &ProcessRuntimeSnapshot {
        &self.inner.process
    }

    /// The request counters.
    #[must_use]
    pub fn requests(&self) -> &RequestMetricsSnapshot {
        &self.inner.requests
    }

    /// The delivery counters.
    #[must_use]
    pub fn served_config(&self) -> &ServedConfigMetricsSnapshot {
        &self.inner.served_config
    }

    /// The number of this cut: grows by one with every cut of the registry, resets included. 0 for the empty
    /// snapshot that a registry publishes before its first cut. The empty snapshot that a reset publishes for
    /// the window that it opens has the number of the reset's own cut.
    #[must_use]
    pub fn sequence(&self) -> u64 {
        self.inner.sequence
    }

    /// The instant of the cut, by the wall clock as of the window's start plus the monotonic time since.
    #[must_use]
    pub fn taken_at(&self) -> SystemTime {
        self.inner.window.wall(self.inner.at)
    }

    /// When the window began, by the wall clock.
    #[must_use]
    pub fn window_started_at(&self) -> SystemTime {
        self.inner.window.started_at()
    }

    /// Which window it is of: the same for all snapshots of one window, and different for any two windows of one process life, whichever
    /// registry they are of. It says nothing about their order. A forked child's windows may have the IDs of its parent's: with the
    /// [instance ID](ProcessRuntimeSnapshot::instance_id) it is unique.
    #[must_use]
    pub fn window_id(&self) -> u64 {
        self.inner.window_id
    }

    /// The number of the cut that opened the window: that of the reset, 0 for the first window of a registry or of its life in a forked
    /// child. So [`sequence`](Self::sequence) less this is the number of cuts of the window.
    #[must_use]
    pub fn window_opened_by(&self) -> u64 {
        self.inner.opened_by
    }

    /// What taking the cut cost, waiting for another cut not included. Zero where no scan was needed.
    #[must_use]
    pub fn duration(&self) -> Duration {
        self.inner.duration
    }

    /// The time since the cut.
    pub(crate) fn age(&self) -> Duration {
        Monotonic::now().saturating_since(self.inner.at)
    }

    pub(crate) fn window(&self) -> Window {
        self.inner.window
    }
}

/// Equal counts, times and identity, taken at the same cut.
impl PartialEq for Snapshot {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.inner, &other.inner)
            || (self.sequence() == other.sequence()
                && self.taken_at() == other.taken_at()
                && self.window_id() == other.window_id()
                && self.window_started_at() == other.window_started_at()
                && self.process() == other.process()
                && self.requests() == other.requests()
                && self.served_config() == other.served_config())
    }
}

impl fmt::Debug for Snapshot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Snapshot")
            .field("sequence", &self.sequence())
            .field("taken_at", &self.taken_at())
            .field("window_started_at", &self.window_started_at())
            .field("process", self.process())
            .field("requests", self.requests())
            .field("served_config", self.served_config())
            .finish_non_exhaustive()
    }
}
