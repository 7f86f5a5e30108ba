//! The identity of a process life, stamped once and shared.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use arc_swap::ArcSwapOption;
use uuid::{NoContext, Timestamp, Uuid};

use crate::birth::Birth;
use crate::clock::Monotonic;
use crate::fork;

/// The stamp of the last life that asked for it: this life's, or, in a forked child before the first call, the
/// parent's.
static STAMP: ArcSwapOption<Stamp> = ArcSwapOption::const_empty();

struct Stamp {
    life: u64,
    process_id: u32,
    hostname: Box<str>,
    instance_id: Uuid,
    parent_instance_id: Option<Uuid>,
    birth: Birth,
}

/// Identity and start instant of one process life.
///
/// All values of one process life are equal. A forked child has an identity of its own; values taken before the
/// fork keep describing the parent.
#[derive(Clone)]
pub struct ProcessIdentity {
    stamp: Arc<Stamp>,
}

impl ProcessIdentity {
    /// The identity of the running process.
    ///
    /// Cost: two atomic loads and a reference count after the first call of a process life; the first call
    /// reads the hostname, the start instant and random bytes. Never blocks: threads that race for the first
    /// call agree on one result without waiting for each other, so that a fork in the middle leaves nothing
    /// locked in the child.
    #[must_use]
    pub fn current() -> Self {
        Self::of_life(fork::process_life())
    }

    /// The identity of the present process life, whose number is `life`.
    pub(crate) fn of_life(life: u64) -> Self {
        loop {
            let stamped = STAMP.load();
            if let Some(stamp) = stamped.as_ref().filter(|stamp| stamp.life == life) {
                return Self { stamp: Arc::clone(stamp) };
            }
            let fresh = Arc::new(Stamp::new(life, stamped.as_deref()));
            STAMP.compare_and_swap(&*stamped, Some(fresh));
        }
    }

    /// The operating system's number of this process.
    #[must_use]
    pub fn process_id(&self) -> u32 {
        self.stamp.process_id
    }

    /// The host's name as the operating system gives it (POSIX `uname`), with U+FFFD in place of what is not
    /// UTF-8.
    #[must_use]
    pub fn hostname(&self) -> &str {
        &self.stamp.hostname
    }

    /// This process life's own ID, a version 7 UUID (RFC 9562): new for every start and every fork.
    #[must_use]
    pub fn instance_id(&self) -> Uuid {
        self.stamp.instance_id
    }

    /// The instance ID of the process that this one was forked from; none in a process that was not forked.
    #[must_use]
    pub fn parent_instance_id(&self) -> Option<Uuid> {
        self.stamp.parent_instance_id
    }

    /// When this process life began, by the wall clock as it stood when the identity was stamped. Precise to
    /// 10 ms for a process that was started, and to the microsecond for one that was forked.
    #[must_use]
    pub fn started_at(&self) -> SystemTime {
        self.stamp.birth.wall
    }

    /// When this process life began, by the monotonic clock.
    #[must_use]
    pub fn started(&self) -> Monotonic {
        self.stamp.birth.monotonic
    }

    /// The time since this process life began, by the monotonic clock.
    #[must_use]
    pub fn uptime(&self) -> Duration {
        Monotonic::now().saturating_since(self.stamp.birth.monotonic)
    }
}

impl Stamp {
    fn new(life: u64, inherited: Option<&Self>) -> Self {
        // Not `Uuid::now_v7`: its counter lives behind a process-wide mutex, which a fork can leave locked.
        // Nor `Timestamp::now`: that panics while the clock stands before 1970.
        let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let timestamp = Timestamp::from_unix(NoContext, now.as_secs(), now.subsec_nanos());
        let instance_id = Uuid::new_v7(timestamp);
        Self {
            life,
            process_id: std::process::id(),
            hostname: rustix::system::uname().nodename().to_string_lossy().into(),
            instance_id,
            parent_instance_id: inherited.map(|parent| parent.instance_id),
            birth: fork::birth_of_life(life).unwrap_or_else(Birth::of_process),
        }
    }
}

impl PartialEq for ProcessIdentity {
    fn eq(&self, other: &Self) -> bool {
        self.instance_id() == other.instance_id()
    }
}

impl Eq for ProcessIdentity {}

impl fmt::Debug for ProcessIdentity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ProcessIdentity")
            .field("process_id", &self.process_id())
            .field("hostname", &self.hostname())
            .field("instance_id", &self.instance_id())
            .field("parent_instance_id", &self.parent_instance_id())
            .field("started_at", &self.started_at())
            .finish_non_exhaustive()
    }
}
