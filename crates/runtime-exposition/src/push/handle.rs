//! What can be told to a pusher that runs.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use runtime_metrics::Snapshot;
use tokio::sync::watch;
use tokio::time::{Instant, sleep_until};

/// Windows that wait for the pusher. Each keeps its labels in memory.
const MOST_WAITING: usize = 16;

/// Speaks to a pusher while it runs: hands it windows that a reset ended, and ends it. Clones are of the same pusher.
///
/// Made by [`Pusher::handle`](super::Pusher::handle).
#[derive(Debug, Clone)]
pub struct PusherHandle {
    pub(super) windows: Option<EndedWindows>,
    pub(super) stage: Arc<watch::Sender<Stage>>,
}

impl PusherHandle {
    /// Hands over the snapshot that a reset returned, the last one of its window: what was recorded between the last push and the reset is then told by
    /// the next push. For deltas nothing else tells it. Cumulative pushes, and pages, tell of the present window only, and ignore it.
    ///
    /// ```no_run
    /// # fn f(metrics: &runtime_metrics::Metrics, pusher: &runtime_exposition::push::PusherHandle) {
    /// pusher.window_ended(metrics.reset());
    /// # }
    /// ```
    ///
    /// Between two pushes 16 windows are kept; the oldest of more is [counted](super::PushStatistics::lost_windows) as lost.
    ///
    /// *Cost:* a lock that nobody holds while waiting or encoding. To be called from any thread, before or after the pusher runs, too.
    pub fn window_ended(&self, ended: Snapshot) {
        if let Some(windows) = &self.windows {
            windows.push(ended);
        }
    }

    /// Begins the end, as the future that [`run`](super::Pusher::run) was given does: a last push, for which there is as much time as this. A pusher that ends already ends by
    /// the earlier instant of both. [`Duration::MAX`] is no limit.
    pub fn stop_within(&self, limit: Duration) {
        let limit = Instant::now().checked_add(limit);
        self.stage.send_modify(|stage| *stage = stage.stopping_by(limit));
    }

    /// Ends the pusher at once: a last push that is on its way is given up, and none is begun. Told as
    /// [`LastPushFailed`](super::PushEvent::LastPushFailed).
    pub fn abandon(&self) {
        self.stage.send_replace(Stage::Abandoned);
    }
}

/// How far a pusher is in its life. Stages only ever advance.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    Running,
    /// The last push is to be made, until this instant if there is one.
    Stopping(Option<Instant>),
    Abandoned,
}

/// Why a pusher was ended before it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    TimeOver,
    Abandoned,
}

impl Stage {
    fn stopping_by(self, limit: Option<Instant>) -> Self {
        match self {
            Self::Running | Self::Stopping(None) => Self::Stopping(limit),
            Self::Stopping(Some(earlier)) => {
                Self::Stopping(Some(limit.map_or(earlier, |limit| limit.min(earlier))))
            }
            Self::Abandoned => Self::Abandoned,
        }
    }
}

/// Waits until the pusher must end, whatever it does.
pub(super) async fn cut(mut stage: watch::Receiver<Stage>) -> Cut {
    loop {
        let now = *stage.borrow_and_update();
        let is_over = async {
            match now {
                Stage::Running | Stage::Stopping(None) => std::future::pending().await,
                Stage::Stopping(Some(instant)) => sleep_until(instant).await,
                Stage::Abandoned => {}
            }
        };
        tokio::select! {
            biased;
            () = is_over => return if now == Stage::Abandoned { Cut::Abandoned } else { Cut::TimeOver },
            // Fails only when nobody can tell any more: what was told last holds.
            Ok(()) = stage.changed() => {}
        }
    }
}

/// Windows that ended, on their way to the pusher.
#[derive(Debug, Clone, Default)]
pub(crate) struct EndedWindows(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    windows: Vec<Snapshot>,
    lost: u64,
}

impl EndedWindows {
    fn push(&self, ended: Snapshot) {
        let mut waiting = self.lock();
        if waiting.windows.len() == MOST_WAITING {
            waiting.windows.remove(0);
            waiting.lost += 1;
        }
        waiting.windows.push(ended);
    }

    /// Takes them out, the oldest first.
    #[cfg(feature = "push-otlp")]
    pub(crate) fn take(&self) -> Vec<Snapshot> {
        std::mem::take(&mut self.lock().windows)
    }

    /// How many had no room.
    #[cfg(feature = "push-otlp")]
    pub(crate) fn lost(&self) -> u64 {
        self.lock().lost
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(feature = "push-otlp")]
    #[test]
    fn the_oldest_of_too_many_windows_is_lost_and_counted() {
        let (metrics, windows) = (runtime_metrics::Metrics::new(), EndedWindows::default());
        for _ in 0..MOST_WAITING + 3 {
            metrics.record_request("/");
            windows.push(metrics.reset());
        }
        assert_eq!(windows.lost(), 3);
        let waiting = windows.take();
        assert_eq!(waiting.len(), MOST_WAITING);
        assert!(waiting.is_sorted_by_key(Snapshot::sequence));
        assert!(windows.take().is_empty());
    }

    #[test]
    fn a_stop_is_never_put_off_and_an_end_never_taken_back() {
        let begin = Instant::now();
        let (early, late) = (begin + Duration::from_secs(1), begin + Duration::from_secs(2));
        let stage = Stage::Running.stopping_by(None).stopping_by(Some(late));
        assert_eq!(stage, Stage::Stopping(Some(late)));
        assert_eq!(stage.stopping_by(Some(early)), Stage::Stopping(Some(early)));
        assert_eq!(stage.stopping_by(Some(early)).stopping_by(Some(late)), Stage::Stopping(Some(early)));
        assert_eq!(stage.stopping_by(None), stage);
        assert_eq!(Stage::Abandoned.stopping_by(Some(early)), Stage::Abandoned);
    }
}
