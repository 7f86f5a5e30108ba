//! A thread that takes snapshots.

use std::sync::Arc;
use std::time::Duration;

use super::account::Account;
use super::actor::Actor;
use super::counts::lowered;
use super::observation::CutKind;
use super::scene::{Depth, Scene};

/// Takes snapshots and checks them.
#[derive(Debug)]
pub struct Taker {
    account: Arc<Account>,
    rest: Duration,
}

/// Of so many snapshots all maps of one are checked.
const THOROUGH: u64 = 32;

impl Taker {
    /// A taker that rests so long between snapshots. It records on an account of its own before each: that record
    /// is in the snapshot, and no other is.
    #[must_use]
    pub fn new(account: Arc<Account>, rest: Duration) -> Self {
        Self { account, rest }
    }
}

impl Actor for Taker {
    fn name(&self) -> &'static str {
        "taker"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        let counter = scene.metrics().request_counter(self.account.label());
        let mut earlier = None;
        for number in 0_u64.. {
            let go_on = if self.rest.is_zero() {
                scene.control().go_on()
            } else {
                scene.control().go_on_after(self.rest)
            };
            if !go_on {
                return;
            }
            self.account.record(1, || counter.record());
            if number % THOROUGH > 0 {
                scene.observe(CutKind::Snapshot, Depth::Totals);
            } else {
                let later = scene.observe(CutKind::Snapshot, Depth::Maps);
                if let Some(earlier) = earlier.replace(later.clone()) {
                    scene.report(lowered(&earlier, &later));
                }
            }
        }
    }
}
