//! A thread that delivers documents that nobody has seen before, of many sizes.

use std::fmt::Write as _;
use std::sync::Arc;
use std::time::Duration;

use super::account::Account;
use super::actor::Actor;
use super::scene::Scene;
use super::writer::names;

/// Records deliveries of which no label is known, so that soon none fits a cell by its labels, and of more numbers of
/// names than there are cells for deliveries without labels.
#[derive(Debug)]
pub struct Documents {
    responses: Arc<Account>,
    values: Arc<Account>,
}

const REST: Duration = Duration::from_millis(2);
const BATCH: u64 = 50;

/// The numbers of names go round below this.
pub const SIZES: u64 = 600;

impl Documents {
    /// Keeps its responses and its values on an account each.
    #[must_use]
    pub fn new(responses: Arc<Account>, values: Arc<Account>) -> Self {
        Self { responses, values }
    }
}

impl Actor for Documents {
    fn name(&self) -> &'static str {
        "documents"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        let names = names(SIZES);
        let (mut first, mut label) = (0, String::new());
        while scene.control().go_on_after(REST) {
            let batch = first..first + BATCH;
            let values = batch.clone().map(|number| number % SIZES).sum();
            self.values.begin(values);
            let mut numbers = batch;
            self.responses.record(BATCH, || {
                let number = numbers.next().unwrap_or_default();
                label.clear();
                // Writing to a string does not fail.
                let _ = write!(label, "Document {number}");
                let names = &names[..(number % SIZES) as usize];
                scene.metrics().record_config_delivery(&label, &label, names, &label);
            });
            self.values.complete(values);
            first += BATCH;
        }
    }
}
