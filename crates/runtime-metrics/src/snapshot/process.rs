//! Identity and uptime of the process.

use std::time::{Duration, SystemTime};

use runtime_identity::ProcessIdentity;
use runtime_identity::clock::Monotonic;
use uuid::Uuid;

use crate::time_text::iso_8601;
use crate::window::Window;

/// Identity of this process life, and start and uptime of the present window.
///
/// A reset begins a new window and so moves [`started_at`](Self::started_at); the process's own start is
/// [`process_started_at`](Self::process_started_at) and never moves.
#[derive(Debug, Clone, PartialEq)]
pub struct ProcessRuntimeSnapshot {
    started_at: String,
    uptime_seconds: f64,
    process_uptime: Duration,
    identity: ProcessIdentity,
}

impl ProcessRuntimeSnapshot {
    pub(crate) fn new(window: Window, at: Monotonic) -> Self {
        let milliseconds = (window.elapsed(at).as_secs_f64() * 1_000.0).round();
        let identity = ProcessIdentity::current();
        Self {
            started_at: iso_8601(window.started_at()),
            uptime_seconds: milliseconds / 1_000.0,
            process_uptime: at.saturating_since(identity.started()),
            identity,
        }
    }

    /// As of the present instant.
    pub(crate) fn now(window: Window) -> Self {
        Self::new(window, Monotonic::now())
    }

    /// When the window began: ISO 8601, UTC, offset `+00:00`, microseconds.
    #[must_use]
    pub fn started_at(&self) -> &str {
        &self.started_at
    }

    /// Seconds from the window's start to the cut, by the monotonic clock, rounded to 3 decimals.
    #[must_use]
    pub fn uptime_seconds(&self) -> f64 {
        self.uptime_seconds
    }

    /// The host's name.
    #[must_use]
    pub fn hostname(&self) -> &str {
        self.identity.hostname()
    }

    /// The operating system's number of the process.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.identity.process_id()
    }

    /// The ID of this process life.
    #[must_use]
    pub fn instance_id(&self) -> Uuid {
        self.identity.instance_id()
    }

    /// The ID of the process life that this one was forked from, if it was.
    #[must_use]
    pub fn parent_instance_id(&self) -> Option<Uuid> {
        self.identity.parent_instance_id()
    }

    /// When the process life began, by the wall clock. No reset moves it.
    #[must_use]
    pub fn process_started_at(&self) -> SystemTime {
        self.identity.started_at()
    }

    /// The time from the start of the process life to the cut, by the monotonic clock.
    #[must_use]
    pub fn process_uptime(&self) -> Duration {
        self.process_uptime
    }
}
