//! A thread that ends windows.

use std::sync::Arc;
use std::time::Duration;

use super::actor::Actor;
use super::observation::CutKind;
use super::scene::{Depth, Scene};

/// Resets, now and then many times at once.
#[derive(Debug)]
pub struct Resetter {
    rest: Duration,
}

/// Every so many resets a burst comes.
const BURST_EVERY: u64 = 20;
const BURST: usize = 10;

impl Resetter {
    /// A resetter that rests so long between resets or bursts.
    #[must_use]
    pub fn new(rest: Duration) -> Self {
        Self { rest }
    }
}

impl Actor for Resetter {
    fn name(&self) -> &'static str {
        "resetter"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        for number in 1_u64.. {
            if !scene.control().go_on_after(self.rest) {
                return;
            }
            let resets = if number.is_multiple_of(BURST_EVERY) { BURST } else { 1 };
            for _ in 0..resets {
                scene.observe(CutKind::Reset, Depth::Maps);
            }
        }
    }
}
