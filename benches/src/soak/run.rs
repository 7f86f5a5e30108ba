//! A soak from its beginning to its verdict.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::auditor::audit;
use super::cast::{Cast, scenes};
use super::memory::{Memory, resident_memory};
use super::observation::CutKind;
use super::report::{Progress, Verdict};
use super::scene::{Depth, Scene, Shared};
use super::totals::Totals;
use super::violation::{Rule, Violation};
use crate::resident;

/// Between two looks at memory and clock.
const TICK: Duration = Duration::from_millis(100);

/// Between two lines.
const LINE: Duration = Duration::from_secs(60);

/// A thread that does not end within this time waits for something.
const STUCK: Duration = Duration::from_secs(60);

/// Soaks for `length`, or until `interrupted` is raised; `tell` gets what was done, once a minute.
///
/// # Errors
///
/// If a registry cannot be built, a thread cannot be started, or the system does not tell about memory.
pub fn soak(
    length: Duration,
    interrupted: &AtomicBool,
    mut tell: impl FnMut(&Progress),
) -> Result<Verdict, Box<dyn Error>> {
    let shared = Arc::new(Shared::default());
    let casts = scenes(&shared)?;
    let scenes: Vec<_> = casts.iter().map(|cast| Arc::clone(&cast.scene)).collect();
    let begin = Instant::now();
    let threads = start(casts, &shared, &scenes)?;

    let mut memory = Memory::default();
    let mut told = (Duration::ZERO, 0);
    // Relaxed: the flag orders nothing.
    while begin.elapsed() < length && !interrupted.load(Ordering::Relaxed) {
        thread::sleep(TICK.min(length.saturating_sub(begin.elapsed())));
        memory.add(resident_memory()?);
        if begin.elapsed() >= told.0 + LINE {
            let now = begin.elapsed();
            let progress = progress(&shared, &scenes, &memory, now, told)?;
            tell(&progress);
            told = (now, progress.records);
        }
    }
    shared.control.stop();
    let was_interrupted = interrupted.load(Ordering::Relaxed);
    let elapsed = begin.elapsed();
    end(threads, &shared);
    end(last_cuts(&scenes)?, &shared);

    let (mut recorded, mut counted) = (Totals::default(), Totals::default());
    for scene in &scenes {
        recorded += scene.recorded();
        counted += scene.ledger().counted();
        scene.report(scene.ledger().close());
    }
    let progress = progress(&shared, &scenes, &memory, elapsed, (Duration::ZERO, 0))?;
    Ok(Verdict::new(progress, recorded, counted, memory.trend(), was_interrupted))
}

type Thread = (String, JoinHandle<()>);

fn spawn(name: String, work: impl FnOnce() + Send + 'static) -> io::Result<Thread> {
    Ok((name.clone(), thread::Builder::new().name(name).spawn(work)?))
}

/// Starts everybody.
fn start(casts: Vec<Cast>, shared: &Arc<Shared>, scenes: &[Arc<Scene>]) -> io::Result<Vec<Thread>> {
    let mut threads = Vec::new();
    for Cast { scene, actors } in casts {
        for actor in actors {
            let (name, scene) = (format!("{}/{}", scene.name(), actor.name()), Arc::clone(&scene));
            threads.push(spawn(name, move || actor.run(&scene))?);
        }
    }
    let (shared, scenes) = (Arc::clone(shared), scenes.to_vec());
    threads.push(spawn("auditor".to_owned(), move || audit(&shared, &scenes))?);
    Ok(threads)
}

/// Takes the cuts that must be exact: a reset, and a snapshot of the window that nobody records in. In a thread of
/// its own, which may be stuck.
fn last_cuts(scenes: &[Arc<Scene>]) -> io::Result<Vec<Thread>> {
    let scenes = scenes.to_vec();
    let cuts = move || {
        for scene in scenes {
            scene.observe(CutKind::Reset, Depth::Maps);
            scene.observe(CutKind::Snapshot, Depth::Maps);
        }
    };
    Ok(vec![spawn("last cuts".to_owned(), cuts)?])
}

/// Waits for `threads`, but for none for ever.
fn end(threads: Vec<Thread>, shared: &Shared) {
    let begin = Instant::now();
    for (name, thread) in threads {
        while !thread.is_finished() && begin.elapsed() < STUCK {
            thread::sleep(Duration::from_millis(1));
        }
        let wrong = if !thread.is_finished() {
            "does not end"
        } else if thread.join().is_err() {
            "panicked"
        } else {
            continue;
        };
        shared.violations.add([Violation::new(Rule::Progress, format!("the thread {name} {wrong}"))]);
    }
}

/// What was done until `now`, with rates since `told`: a time, and the records until then.
fn progress(
    shared: &Shared,
    scenes: &[Arc<Scene>],
    memory: &Memory,
    now: Duration,
    told: (Duration, u64),
) -> io::Result<Progress> {
    let progress = Progress::of(shared, scenes.iter().map(|scene| &**scene));
    let rate = (progress.records - told.1) as f64 / (now - told.0).as_secs_f64();
    Ok(Progress {
        elapsed_seconds: (now.as_secs_f64() * 1_000.0).round() / 1_000.0,
        records_per_second: rate as u64,
        resident_bytes: memory.now(),
        peak_bytes: resident::peak()?,
        ..progress
    })
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
