//! A thread that keeps many series in use, so that scans take long.

use std::sync::Arc;
use std::time::Duration;

use super::account::Account;
use super::actor::Actor;
use super::scene::Scene;

/// Records each of so many paths in turn.
#[derive(Debug)]
pub struct Filler {
    account: Arc<Account>,
    paths: Vec<String>,
}

/// Between two batches: the series of a window come in over a tenth of a second.
const REST: Duration = Duration::from_millis(2);
const BATCH: u64 = 200;

impl Filler {
    /// A filler of so many series of requests.
    #[must_use]
    pub fn new(account: Arc<Account>, series: usize) -> Self {
        Self { account, paths: (0..series).map(|number| format!("/filler/{number}")).collect() }
    }
}

impl Actor for Filler {
    fn name(&self) -> &'static str {
        "filler"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        let mut paths = self.paths.iter().cycle();
        while scene.control().go_on_after(REST) {
            self.account.record(BATCH, || {
                if let Some(path) = paths.next() {
                    scene.metrics().record_request(path);
                }
            });
        }
    }
}
