//! A thread that lets other threads be born, make a few records and end.

use std::cell::RefCell;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use runtime_metrics::Metrics;

use super::account::Account;
use super::actor::Actor;
use super::scene::Scene;
use super::violation::{Rule, Violation};

/// Lets threads be born, one for each account at a time.
#[derive(Debug)]
pub struct Churn {
    accounts: Vec<Arc<Account>>,
}

const REST: Duration = Duration::from_millis(10);

impl Churn {
    /// A churn of threads that record requests.
    #[must_use]
    pub fn new(accounts: Vec<Arc<Account>>) -> Self {
        Self { accounts }
    }
}

impl Actor for Churn {
    fn name(&self) -> &'static str {
        "churn"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        let mut life = 0;
        while scene.control().go_on_after(REST) {
            let threads: Vec<_> = self
                .accounts
                .iter()
                .map(|account| {
                    life += 1;
                    spawn(scene.metrics().clone(), Arc::clone(account), life)
                })
                .collect();
            for thread in threads {
                // Waits for the thread's destructors, too: the account has one thread at a time.
                match thread.map(JoinHandle::join) {
                    Ok(Ok(())) => scene.activity().threads_born.add_one(),
                    Ok(Err(_)) => {
                        scene.report([Violation::new(Rule::Progress, "a short-lived thread panicked")]);
                    }
                    Err(error) => {
                        scene.report([Violation::new(Rule::Progress, format!("no thread: {error}"))]);
                    }
                }
            }
        }
    }
}

/// Records once more when the thread ends.
struct LastRecord {
    metrics: Metrics,
    account: Arc<Account>,
}

impl Drop for LastRecord {
    fn drop(&mut self) {
        self.account.record(1, || self.metrics.record_request(self.account.label()));
    }
}

thread_local! {
    static LAST_RECORD: RefCell<Option<LastRecord>> = const { RefCell::new(None) };
}

/// A thread that records between 0 and 99 times, and once from the destructor of a thread-local: of one that is
/// made before its first record or, every second time, after its last one.
fn spawn(metrics: Metrics, account: Arc<Account>, life: u64) -> std::io::Result<JoinHandle<()>> {
    thread::Builder::new().name("short-lived".to_owned()).spawn(move || {
        let mut last = Some(LastRecord { metrics: metrics.clone(), account: Arc::clone(&account) });
        if life.is_multiple_of(2) {
            LAST_RECORD.set(last.take());
        }
        if life.is_multiple_of(3) {
            account.record(life % 100, || metrics.record_request(account.label()));
        } else {
            let counter = metrics.request_counter(account.label());
            account.record(life % 100, || counter.record());
        }
        if last.is_some() {
            LAST_RECORD.set(last);
        }
    })
}
