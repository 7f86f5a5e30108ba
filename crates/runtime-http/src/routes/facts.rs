//! What a service knows of itself, beside its counts.

use std::fmt;

use runtime_exposition::health::{Readiness, WorkerState};

/// Where the health and ready documents take what is in no snapshot.
pub(super) enum Facts {
    /// The service says whether it is ready.
    Service(Box<dyn Fn() -> Readiness + Send + Sync>),
    /// It hands out configuration, and says what it knows of it.
    Worker(Box<dyn Fn() -> WorkerState + Send + Sync>),
}

impl Default for Facts {
    /// Who answers is ready.
    fn default() -> Self {
        Self::Service(Box::new(|| Readiness::Ready))
    }
}

impl fmt::Debug for Facts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Service(_) => "Service(..)",
            Self::Worker(_) => "Worker(..)",
        })
    }
}
