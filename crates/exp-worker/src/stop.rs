//! How a running server is told to stop: first gracefully, then at once.

use std::sync::Arc;

use tokio::sync::watch;

/// How far a stop has gone. Phases only ever advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Connections are accepted and served.
    Serving,
    /// No new connection; requests in flight are answered, idle connections are closed after a short while.
    Draining,
    /// Whatever is still open is cut.
    Cut,
}

/// A handle that stops a server; clones share it.
#[derive(Debug, Clone)]
pub struct Stop(Arc<watch::Sender<Phase>>);

impl Stop {
    /// A handle in [`Phase::Serving`].
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(Phase::Serving)))
    }

    /// Begins a graceful stop. Returns the phase that was in force before.
    pub fn drain(&self) -> Phase {
        self.advance(Phase::Draining)
    }

    /// Ends a graceful stop without waiting further. Returns the phase that was in force before.
    pub fn cut(&self) -> Phase {
        self.advance(Phase::Cut)
    }

    /// How far it has gone.
    pub fn phase(&self) -> Phase {
        *self.0.borrow()
    }

    /// Waits until the stop has reached `phase` or a later one.
    pub async fn reached(&self, phase: Phase) {
        let mut receiver = self.0.subscribe();
        // Fails only when the sender is gone, and `self` holds it.
        let _ = receiver.wait_for(|now| *now >= phase).await;
    }

    fn advance(&self, to: Phase) -> Phase {
        let mut before = Phase::Serving;
        self.0.send_if_modified(|now| {
            before = *now;
            *now = before.max(to);
            *now != before
        });
        before
    }
}

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}
