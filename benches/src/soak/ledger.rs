//! All cuts of one registry in their order, summed up over its windows, against what was recorded.
//!
//! Cuts are numbered without gaps, so those of all threads can be put in order, and what the resets returned before a
//! cut can be added to it: every rule can then be checked since the start and not only within a window.

use std::collections::BTreeMap;

use super::account::Kind;
use super::observation::Observation;
use super::totals::Totals;
use super::violation::{Rule, Violation};

/// What the ledger knows of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    /// What it is called in messages.
    pub name: String,
    /// What it records.
    pub kind: Kind,
    /// Whether its labels always have room, so that none of its records is counted elsewhere.
    pub has_room: bool,
}

/// Two accounts, by their places in the list, whose threads take turns: each record of `cause` is followed by one of
/// `effect`, which is followed by the next of `cause`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chain {
    /// Records first.
    pub cause: usize,
    /// Records when it has seen that the cause did.
    pub effect: usize,
}

/// Counts since the start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Since {
    totals: Totals,
    counted: Vec<u64>,
}

/// The book of all cuts of one registry.
#[derive(Debug)]
pub struct Ledger {
    accounts: Vec<Terms>,
    chains: Vec<Chain>,
    /// The number of the cut that is entered next.
    next: u64,
    /// Cuts with higher numbers, whose threads were faster.
    waiting: BTreeMap<u64, Observation>,
    /// Sums over the windows that have ended.
    ended: Since,
    /// Those and the current window, as of the last cut that was entered.
    last: Since,
    quiet: u64,
}

/// A cut that comes later than after so many others does not come: no thread is held up for seconds.
const LATEST: usize = 200_000;

impl Ledger {
    /// An empty book for a registry that no cut was taken of.
    #[must_use]
    pub fn new(accounts: Vec<Terms>, chains: Vec<Chain>) -> Self {
        let zero = Since { totals: Totals::default(), counted: vec![0; accounts.len()] };
        Self {
            accounts,
            chains,
            next: 1,
            waiting: BTreeMap::new(),
            ended: zero.clone(),
            last: zero,
            quiet: 0,
        }
    }

    /// Enters an observation, and returns what is wrong with it and with those that had waited for it.
    pub fn enter(&mut self, observation: Observation) -> Vec<Violation> {
        let mut violations = Vec::new();
        let sequence = observation.sequence;
        if sequence < self.next || self.waiting.insert(sequence, observation).is_some() {
            violations.push(Violation::new(Rule::Sequence, format!("two cuts have the number {sequence}")));
        }
        if self.waiting.len() > LATEST {
            violations.extend(self.close());
            // Goes on without it, or the book would grow for ever.
            self.next = self.waiting.first_key_value().map_or(self.next, |(sequence, _)| *sequence);
        }
        while let Some(observation) = self.waiting.remove(&self.next) {
            self.check(&observation, &mut violations);
            self.next += 1;
        }
        violations
    }

    /// What is wrong if no earlier cut comes any more.
    #[must_use]
    pub fn close(&self) -> Option<Violation> {
        let detail = || format!("there is no cut with the number {}", self.next);
        (!self.waiting.is_empty()).then(|| Violation::new(Rule::Sequence, detail()))
    }

    /// What was counted from the start to the last cut.
    #[must_use]
    pub fn counted(&self) -> Totals {
        self.last.totals
    }

    /// How many cuts were taken while nothing was in progress, and so were checked to the unit.
    #[must_use]
    pub fn quiet_cuts(&self) -> u64 {
        self.quiet
    }

    /// Cuts that were entered, in their order.
    #[must_use]
    pub fn cuts(&self) -> u64 {
        self.next - 1
    }

    fn check(&mut self, observation: &Observation, violations: &mut Vec<Violation>) {
        let since = self.since(observation);
        self.check_totals(observation, &since, violations);
        self.check_accounts(observation, &since, violations);
        self.check_chains(observation, &since, violations);
        self.quiet += u64::from(observation.is_quiet());
        if observation.ends_window {
            self.ended.clone_from(&since);
        }
        self.last = since;
    }

    fn since(&self, observation: &Observation) -> Since {
        let mut since = self.ended.clone();
        since.totals += observation.totals;
        for (sum, counted) in since.counted.iter_mut().zip(&observation.counted) {
            *sum += counted.unwrap_or(0);
        }
        since
    }

    fn check_totals(&self, observation: &Observation, since: &Since, violations: &mut Vec<Violation>) {
        let (mut completed, mut begun) = (Totals::default(), Totals::default());
        for (number, account) in self.accounts.iter().enumerate() {
            completed += account.kind.totals(observation.completed[number]);
            begun += account.kind.totals(observation.begun[number]);
        }
        let bounds = completed.by_kind().into_iter().zip(begun.by_kind());
        let counts = since.totals.by_kind().into_iter().zip(self.last.totals.by_kind());
        for (((name, completed), (_, begun)), ((_, count), (_, last))) in bounds.zip(counts) {
            let seen = Seen { what: name, at: observation, completed, begun, last };
            violations.extend(seen.check(count));
        }
    }

    fn check_accounts(&self, observation: &Observation, since: &Since, violations: &mut Vec<Violation>) {
        for (number, account) in self.accounts.iter().enumerate() {
            if observation.counted[number].is_none() {
                continue;
            }
            let seen = Seen {
                what: &account.name,
                at: observation,
                completed: if account.has_room { observation.completed[number] } else { 0 },
                begun: observation.begun[number],
                last: self.last.counted[number],
            };
            violations.extend(seen.check(since.counted[number]));
        }
    }

    fn check_chains(&self, observation: &Observation, since: &Since, violations: &mut Vec<Violation>) {
        for Chain { cause, effect } in &self.chains {
            let [causes, effects] = [since.counted[*cause], since.counted[*effect]];
            if causes != effects && causes != effects + 1 {
                let names = [&self.accounts[*cause].name, &self.accounts[*effect].name];
                let detail = format!(
                    "cut {}: {causes} of {}, {effects} of {}",
                    observation.sequence, names[0], names[1]
                );
                violations.push(Violation::new(Rule::Causality, detail));
            }
        }
    }
}

/// What is known about one count at one cut.
struct Seen<'a> {
    what: &'a str,
    at: &'a Observation,
    completed: u64,
    begun: u64,
    last: u64,
}

impl Seen<'_> {
    /// What is wrong with `count`, the sum since the start.
    fn check(&self, count: u64) -> impl Iterator<Item = Violation> {
        let Self { what, at, completed, begun, last } = self;
        let bounds = (count < *completed || count > *begun).then(|| {
            // While nothing is in progress there is no room for a record to be on the other side of the cut.
            let rule = if at.is_quiet() { Rule::Conservation } else { Rule::RealTime };
            let detail =
                format!("cut {}: {count} {what}, {completed} had returned, {begun} had begun", at.sequence);
            Violation::new(rule, detail)
        });
        let down = (count < *last).then(|| {
            Violation::new(Rule::Monotony, format!("cut {}: {count} {what} after {last}", at.sequence))
        });
        bounds.into_iter().chain(down)
    }
}

#[cfg(test)]
#[path = "ledger_tests.rs"]
mod tests;
