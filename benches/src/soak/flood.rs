//! A thread that records under labels that nobody has seen before.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use super::account::{Account, Kind};
use super::actor::Actor;
use super::scene::Scene;
use super::writer::{ENDPOINT, names};

/// Records ever new paths, or ever new callers of one document. Some are longer than any limit.
#[derive(Debug)]
pub struct Flood {
    account: Arc<Account>,
}

const REST: Duration = Duration::from_millis(1);
const BATCH: u64 = 200;

/// Every so many labels one is over-long.
const OVER_LONG_EVERY: u64 = 8;
const OVER_LONG: usize = 3_000;

impl Flood {
    /// A flood of what `account` is for.
    #[must_use]
    pub fn new(account: Arc<Account>) -> Self {
        Self { account }
    }
}

impl Actor for Flood {
    fn name(&self) -> &'static str {
        "flood"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        let metrics = scene.metrics();
        let kind = self.account.kind();
        let names = names(kind.totals(1).values);
        let (mut number, mut label) = (0_u64, String::new());
        while scene.control().go_on_after(REST) {
            self.account.record(BATCH, || {
                number += 1;
                label.clear();
                // Writing to a string does not fail. Upper case is not the normal form of a caller.
                let _ = write!(label, "/HOSTILE ÄÖ/{number}");
                if number.is_multiple_of(OVER_LONG_EVERY) {
                    label.extend(std::iter::repeat_n('X', OVER_LONG));
                }
                if kind == Kind::Request {
                    metrics.record_request(&label);
                } else {
                    metrics.record_config_delivery(ENDPOINT, "web", &names, &label);
                }
            });
        }
    }
}
