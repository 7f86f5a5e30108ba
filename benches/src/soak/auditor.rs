//! A thread that lets all others pause, so that a cut can be compared to the unit.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use super::observation::CutKind;
use super::scene::{Depth, Scene, Shared};
use super::violation::{Rule, Violation};

/// Between two check points.
const REST: Duration = Duration::from_secs(4);

/// A record that takes longer than this waits for something.
const STUCK: Duration = Duration::from_secs(30);

/// Makes check points in `scenes` until the soak ends.
pub fn audit(shared: &Shared, scenes: &[Arc<Scene>]) {
    while shared.control.go_on_after(REST) {
        shared.control.pause();
        let begin = Instant::now();
        while !scenes.iter().all(|scene| scene.is_quiet()) && begin.elapsed() < STUCK {
            thread::sleep(Duration::from_millis(1));
        }
        for scene in scenes {
            if !scene.is_quiet() {
                scene.report([Violation::new(Rule::Progress, "a record does not return")]);
            }
            scene.observe(CutKind::Snapshot, Depth::Maps);
        }
        shared.control.resume();
    }
}
