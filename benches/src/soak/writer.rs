//! A thread that records on labels of its own, in one of the ways there are.

use std::sync::Arc;
use std::thread;
use std::time::Duration;

use super::account::Account;
use super::actor::Actor;
use super::control::Control;
use super::scene::Scene;

/// How to record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Means {
    /// A request, by its path.
    Path,
    /// A request, by a `RequestCounter`.
    Counter,
    /// A delivery, by all its labels, which are not in their normal form.
    Labels,
    /// A delivery, by a `DeliveryPlan`.
    Plan,
}

/// How fast to record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Rounds of batches without rest.
    pub rounds: u32,
    /// The rest after them, in which others get the processor.
    pub rest: Duration,
}

/// Records, in batches.
#[derive(Debug)]
pub struct Writer {
    account: Arc<Account>,
    means: Means,
    pace: Pace,
}

/// The endpoint of all deliveries but hostile ones, normalised.
pub const ENDPOINT: &str = "run-time";

/// The caller of all deliveries but hostile ones, normalised.
pub const CALLER: &str = "local:soak";

/// Names of a delivery of so many values.
#[must_use]
pub fn names(values: u64) -> Vec<String> {
    (0..values).map(|number| format!("Section:Key{number}")).collect()
}

/// Records between two looks at whether to go on: one round.
const BATCHES: [u64; 6] = [1, 2, 3, 10, 100, 1_000];

impl Writer {
    /// A writer that records what `account` is for.
    #[must_use]
    pub fn new(account: Arc<Account>, means: Means, pace: Pace) -> Self {
        Self { account, means, pace }
    }
}

impl Actor for Writer {
    fn name(&self) -> &'static str {
        "writer"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        let (control, metrics) = (scene.control(), scene.metrics());
        let Self { account, means, pace } = &*self;
        let names = names(account.kind().totals(1).values);
        match means {
            Means::Path => write(control, account, *pace, || metrics.record_request(account.label())),
            Means::Counter => {
                let counter = metrics.request_counter(account.label());
                write(control, account, *pace, || counter.record());
            }
            Means::Labels => {
                let [endpoint, caller] =
                    [ENDPOINT, CALLER].map(|label| format!(" {} ", label.to_uppercase()));
                write(control, account, *pace, || {
                    metrics.record_config_delivery(&endpoint, account.label(), &names, &caller);
                });
            }
            Means::Plan => {
                let plan = metrics.delivery_plan(ENDPOINT, account.label(), &names);
                write(control, account, *pace, || plan.record(CALLER));
            }
        }
    }
}

/// Records by `record` until the soak ends.
fn write(control: &Control, account: &Account, pace: Pace, mut record: impl FnMut()) {
    loop {
        for batch in (0..pace.rounds).flat_map(|_| BATCHES) {
            if !control.go_on() {
                return;
            }
            account.record(batch, &mut record);
        }
        thread::sleep(pace.rest);
    }
}
