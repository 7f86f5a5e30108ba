//! The places of the connections that are served at once.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Notify, OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

/// How long a newcomer waits before the next connection is asked for its place.
const ASKING_PAUSE: Duration = Duration::from_millis(1);

/// A place, until it is dropped.
pub(super) type Place = OwnedSemaphorePermit;

/// So many places. Whoever has one may be asked for it: the one first that has waited longest to be asked.
#[derive(Debug)]
pub(super) struct Places {
    free: Arc<Semaphore>,
    asked: Notify,
    pub(super) count: u32,
}

impl Places {
    /// At least one place.
    pub(super) fn new(count: u32) -> Self {
        let permits = usize::try_from(count.max(1)).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        let count = u32::try_from(permits).unwrap_or(u32::MAX);
        Self { free: Arc::new(Semaphore::new(permits)), asked: Notify::new(), count }
    }

    /// A place, if one is free.
    pub(super) fn take_free(&self) -> Option<Place> {
        Arc::clone(&self.free).try_acquire_owned().ok()
    }

    /// A place; while there is none, one connection after the other is asked for its own.
    pub(super) async fn take(&self) -> Place {
        loop {
            if let Ok(Ok(place)) = timeout(ASKING_PAUSE, Arc::clone(&self.free).acquire_owned()).await {
                return place;
            }
            self.ask_one();
        }
    }

    /// Asks one connection for its place.
    pub(super) fn ask_one(&self) {
        self.asked.notify_one();
    }

    /// Waits until this connection is asked for its place.
    pub(super) async fn asked(&self) {
        self.asked.notified().await;
    }

    pub(super) fn taken(&self) -> u32 {
        self.count.saturating_sub(u32::try_from(self.free.available_permits()).unwrap_or(u32::MAX))
    }

    /// Waits until every place is free: no connection is left.
    pub(super) async fn all_free(&self) {
        let _ = self.free.acquire_many(self.count).await;
    }
}
