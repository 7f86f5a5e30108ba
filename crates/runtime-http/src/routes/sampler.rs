//! The task that takes a snapshot a second: for the history, and for all viewers.

use std::sync::{Arc, Mutex, PoisonError, Weak};
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

/// A task that has not begun a sample for so long is in a runtime that nobody drives.
const STANDSTILL: Duration = Duration::from_secs(5);

/// The task, and when it last began something.
#[derive(Debug)]
pub(super) struct Sampler {
    task: JoinHandle<()>,
    began: Arc<Mutex<Instant>>,
}

impl Sampler {
    fn is_running(&self) -> bool {
        let began = *self.began.lock().unwrap_or_else(PoisonError::into_inner);
        !self.task.is_finished() && began.elapsed() < STANDSTILL
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
    let began = Arc::new(Mutex::new(Instant::now()));
    let run = run(Arc::downgrade(desk), desk.closed.subscribe(), desk.events.wanted(), Arc::clone(&began));
    let last = sampler.replace(Sampler { task: runtime.spawn(run), began });
    if let Some(last) = last {
        // For a runtime that goes on later.
        last.task.abort();
    }
}

async fn run(
    desk: Weak<Desk>,
    mut closed: watch::Receiver<bool>,
    wanted: Arc<Notify>,
    began: Arc<Mutex<Instant>>,
) {
    let mut ticks = interval(TICK);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            biased;
            () = over(&mut closed) => return,
            _ = ticks.tick() => {}
            () = wanted.notified() => ticks.reset(),
        }
        *began.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        let Some(desk) = desk.upgrade() else { return };
        // Reading many series takes its time. What panics there is told by the panic's own message; the next sample may fare better.
        let _ = spawn_blocking(move || sample(&desk)).await;
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
