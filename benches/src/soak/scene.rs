//! One registry, with the accounts of all that record in it and the book of all cuts that are taken of it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use runtime_metrics::{Metrics, Snapshot};

use super::account::Account;
use super::activity::Activity;
use super::bounds::Bounds;
use super::control::Control;
use super::fullness::Fullness;
use super::ledger::{Chain, Ledger, Terms};
use super::observation::{CutKind, Observation};
use super::sums::Sums;
use super::totals::Totals;
use super::violation::{Violation, Violations};

/// What all scenes of one soak share.
#[derive(Debug, Default)]
pub struct Shared {
    /// Whether to go on.
    pub control: Control,
    /// What must not be.
    pub violations: Violations,
    /// What was done.
    pub activity: Activity,
}

/// One registry and what is known about it.
#[derive(Debug)]
pub struct Scene {
    name: &'static str,
    metrics: Metrics,
    bounds: Bounds,
    accounts: Vec<Arc<Account>>,
    ledger: Mutex<Ledger>,
    fullness: Fullness,
    shared: Arc<Shared>,
}

/// How much of a cut is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// Totals, and the counts of each account.
    Totals,
    /// Also all maps.
    Maps,
}

impl Scene {
    /// A scene in which exactly `accounts` record into `metrics`, and of which no cut was taken.
    #[must_use]
    pub fn new(
        name: &'static str,
        metrics: Metrics,
        bounds: Bounds,
        accounts: Vec<Arc<Account>>,
        chains: Vec<Chain>,
        shared: Arc<Shared>,
    ) -> Self {
        let terms = accounts.iter().map(|account| Terms {
            name: account.label().to_owned(),
            kind: account.kind(),
            has_room: bounds.has_room,
        });
        let ledger = Mutex::new(Ledger::new(terms.collect(), chains));
        Self { name, metrics, bounds, accounts, ledger, fullness: Fullness::default(), shared }
    }

    /// What the scene is called.
    #[must_use]
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The registry.
    #[must_use]
    pub fn metrics(&self) -> &Metrics {
        &self.metrics
    }

    /// Whether to go on.
    #[must_use]
    pub fn control(&self) -> &Control {
        &self.shared.control
    }

    /// What was done.
    #[must_use]
    pub fn activity(&self) -> &Activity {
        &self.shared.activity
    }

    /// How full the registry has been.
    #[must_use]
    pub fn fullness(&self) -> &Fullness {
        &self.fullness
    }

    /// The book of all cuts.
    pub fn ledger(&self) -> MutexGuard<'_, Ledger> {
        // A thread that panicked while it held the lock is a violation already.
        self.ledger.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes a cut, checks it, enters it in the book and returns it.
    pub fn observe(&self, kind: CutKind, depth: Depth) -> Snapshot {
        let (observation, snapshot) = Observation::make(&self.accounts, kind, || match kind {
            CutKind::Snapshot => self.metrics.snapshot(),
            CutKind::Reset => self.metrics.reset(),
        });
        let violations = self.ledger().enter(observation);
        self.report(violations);
        self.check(&snapshot, depth);
        self.fullness.note(kind, &snapshot);
        match kind {
            CutKind::Snapshot => self.activity().snapshots.add_one(),
            CutKind::Reset => self.activity().resets.add_one(),
        }
        snapshot
    }

    /// Checks what `snapshot` shows by itself.
    pub fn check(&self, snapshot: &Snapshot, depth: Depth) {
        let sequence = snapshot.sequence();
        if self.bounds.has_room {
            let accounts = self.accounts.iter();
            for sums in accounts.filter_map(|account| Sums::of_account(account, snapshot)) {
                self.report(sums.check(sequence));
            }
        }
        if depth == Depth::Maps {
            for sums in Sums::of(snapshot) {
                self.report(sums.check(sequence));
            }
            self.report(self.bounds.check(snapshot));
            self.activity().thorough.add_one();
        }
    }

    /// Counts what is wrong, saying where.
    pub fn report(&self, violations: impl IntoIterator<Item = Violation>) {
        let named = violations
            .into_iter()
            .map(|Violation { rule, detail }| Violation { rule, detail: format!("{}: {detail}", self.name) });
        self.shared.violations.add(named);
    }

    /// Whether no record is in progress. None begins while all threads wait.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.accounts.iter().all(|account| account.completed() == account.begun())
    }

    /// Records that have returned: each is a request or a response.
    #[must_use]
    pub fn records(&self) -> u64 {
        let Totals { requests, responses, .. } = self.recorded();
        requests + responses
    }

    /// What those records count.
    #[must_use]
    pub fn recorded(&self) -> Totals {
        let mut recorded = Totals::default();
        for account in &self.accounts {
            recorded += account.kind().totals(account.completed());
        }
        recorded
    }
}
