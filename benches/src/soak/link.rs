//! One of the two threads of a causal chain.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::account::{Account, Kind};
use super::actor::Actor;
use super::scene::Scene;
use super::writer::{CALLER, ENDPOINT, names};

/// Which of the two.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// Takes the even turns.
    Cause,
    /// Takes the odd turns.
    Effect,
}

/// Records when it is its turn, and passes the turn on.
#[derive(Debug)]
pub struct Link {
    account: Arc<Account>,
    place: Place,
    turn: Arc<AtomicU64>,
}

/// Turns after which a link goes on to its next label. A label that is met late in a window has a cell that lies far
/// from those that were met early: a scan then takes long from one to the other.
const TURNS_PER_LABEL: u64 = 256;

/// Times that a link looks at the turn before it lets other threads run.
const LOOKS: u32 = 1_000;

impl Link {
    /// A link that takes its turns of `turn`, which the other link shares, on the labels of `account`.
    #[must_use]
    pub fn new(account: Arc<Account>, place: Place, turn: Arc<AtomicU64>) -> Self {
        Self { account, place, turn }
    }

    /// Takes turns, recording under the label with the given number.
    fn take_turns(&self, scene: &Scene, record: impl Fn(usize)) {
        let parity = u64::from(self.place == Place::Effect);
        let labels = self.account.labels().len();
        while scene.control().go_on() {
            // Acquire: what the other link recorded before it passed the turn on happens before this record.
            let Some(turn) = (0..LOOKS).find_map(|_| {
                std::hint::spin_loop();
                Some(self.turn.load(Ordering::Acquire)).filter(|turn| turn % 2 == parity)
            }) else {
                thread::yield_now();
                continue;
            };
            let label = (turn / TURNS_PER_LABEL) as usize % labels;
            self.account.record(1, || record(label));
            // Release: pairs with the load above.
            self.turn.store(turn + 1, Ordering::Release);
            scene.activity().turns.add_one();
        }
    }
}

impl Actor for Link {
    fn name(&self) -> &'static str {
        "link"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        let metrics = scene.metrics();
        let labels = self.account.labels().iter();
        match self.account.kind() {
            Kind::Request => {
                let counters: Vec<_> = labels.map(|label| metrics.request_counter(label)).collect();
                self.take_turns(scene, |label| counters[label].record());
            }
            Kind::Delivery { .. } | Kind::Value => {
                let names = names(self.account.kind().totals(1).values);
                let plans: Vec<_> =
                    labels.map(|label| metrics.delivery_plan(ENDPOINT, label, &names)).collect();
                self.take_turns(scene, |label| plans[label].record(CALLER));
            }
        }
    }
}
