//! A thread that records under labels that nobody has seen before.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use super::account::Account;
use super::actor::Actor;
use super::scene::Scene;
use super::writer::{ENDPOINT, names};

/// What is new each time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hostile {
    /// The path.
    Paths,
    /// The path, which also is longer than any limit.
    OverLongPaths,
    /// The caller of one document.
    Callers,
    /// All labels of a delivery, so that no document has room for long.
    Documents,
}

/// Records ever new labels.
#[derive(Debug)]
pub struct Flood {
    account: Arc<Account>,
    hostile: Hostile,
}

const REST: Duration = Duration::from_millis(1);
const BATCH: u64 = 200;

impl Flood {
    /// A flood of what `account` is for.
    #[must_use]
    pub fn new(account: Arc<Account>, hostile: Hostile) -> Self {
        Self { account, hostile }
    }
}

impl Actor for Flood {
    fn name(&self) -> &'static str {
        "flood"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        let metrics = scene.metrics();
        let names = names(self.account.kind().totals(1).values);
        let (mut number, mut label) = (0_u64, String::new());
        while scene.control().go_on_after(REST) {
            self.account.record(BATCH, || {
                number += 1;
                label.clear();
                // Writing to a string does not fail. Upper case is not the normal form of a caller.
                let _ = write!(label, "/HOSTILE ÄÖ/{number}");
                match self.hostile {
                    Hostile::Paths => metrics.record_request(&label),
                    Hostile::OverLongPaths => {
                        label.extend(std::iter::repeat_n('x', 3_000));
                        metrics.record_request(&label);
                    }
                    Hostile::Callers => metrics.record_config_delivery(ENDPOINT, "web", &names, &label),
                    Hostile::Documents => metrics.record_config_delivery(&label, &label, &names, &label),
                }
            });
        }
    }
}
