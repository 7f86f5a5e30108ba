//! The task that takes a snapshot a second: for the history, and for all viewers.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

use tokio::runtime::Handle;
use tokio::sync::{Notify, watch};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{MissedTickBehavior, interval};

use super::desk::Desk;

/// How often a sample is taken.
pub(super) const TICK: Duration = Duration::from_secs(1);

/// A snapshot that somebody else has just taken will do.
const YOUNG: Duration = Duration::from_millis(100);

/// A task that is idle for longer than that is in a runtime that nobody drives.
const STANDSTILL: Duration = Duration::from_secs(5);

/// The task, and how it gets on.
#[derive(Debug)]
pub(super) struct Sampler {
    task: JoinHandle<()>,
    progress: Progress,
}

/// Since when the task has nothing to do; none while it takes a sample, which may take its time.
#[derive(Debug, Clone)]
struct Progress(Arc<Mutex<Option<Instant>>>);

/// A sample that is being taken.
struct Sampling(Progress);

impl Sampler {
    fn is_running(&self) -> bool {
        let stands_still = |since: Instant| since.elapsed() > STANDSTILL;
        !self.task.is_finished() && !self.progress.idle_since().is_some_and(stands_still)
    }
}

impl Progress {
    fn idle() -> Self {
        Self(Arc::new(Mutex::new(Some(Instant::now()))))
    }

    fn begin_sample(&self) -> Sampling {
        *self.idle_since() = None;
        Sampling(self.clone())
    }

    fn idle_since(&self) -> MutexGuard<'_, Option<Instant>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Also where it panics.
impl Drop for Sampling {
    fn drop(&mut self) {
        *self.0.idle_since() = Some(Instant::now());
    }
}

/// Has the desk be sampled, if there is a runtime to do it and it is not closed. The task ends when the desk is closed, or nobody has it any more; if
/// the runtime that it runs in has ended before, or stands still, the present one takes over.
pub(super) fn ensure(desk: &Arc<Desk>) {
    let Ok(runtime) = Handle::try_current() else { return };
    let mut sampler = desk.sampler.lock().unwrap_or_else(PoisonError::into_inner);
    if sampler.as_ref().is_some_and(Sampler::is_running) || *desk.closed.borrow() {
        return;
    }
    let progress = Progress::idle();
    let run = run(Arc::downgrade(desk), desk.closed.subscribe(), desk.events.wanted(), progress.clone());
    let last = sampler.replace(Sampler { task: runtime.spawn(run), progress });
    if let Some(last) = last {
        // For a runtime that goes on later.
        last.task.abort();
    }
}

async fn run(desk: Weak<Desk>, mut closed: watch::Receiver<bool>, wanted: Arc<Notify>, progress: Progress) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = over(&mut closed) => return,
            _ = ticks.tick() => {}
            () = wanted.notified() => ticks.reset(),
        }
        let Some(desk) = desk.upgrade() else { return };
        let sampling = progress.begin_sample();
        // Reading many series takes its time. What panics there is told by the panic's own message; the next sample may fare better.
        let _ = spawn_blocking(move || {
            sample(&desk);
            drop(sampling);
        })
        .await;
    }
}

/// Waits until the desk is closed, or gone.
pub(super) async fn over(closed: &mut watch::Receiver<bool>) {
    // An error is: gone.
    let _ = closed.wait_for(|closed| *closed).await;
}

fn sample(desk: &Desk) {
    let snapshot = desk.source.cut(YOUNG);
    desk.history().record(snapshot.process().process_uptime(), &snapshot);
    desk.snapshots.recent.forget_before(&snapshot);
    if desk.events.are_watched() {
        desk.snapshots.recent.keep(&snapshot);
        desk.events.send(&desk.source.exposition, &snapshot);
    }
}
