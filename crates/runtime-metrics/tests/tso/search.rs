//! The search: every state that can be reached, breadth first, so that a violation is found by a shortest way.

use std::fmt;

use crate::codec::{Decoder, Encoder};
use crate::model::{Model, Outcome};
use crate::rule::Rule;
use crate::state::{Action, State};
use crate::trace;
use crate::visited::Visited;
use crate::witness::Witnesses;

/// What a search found.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) states: usize,
    /// States in which nothing can happen any more.
    pub(crate) ends: usize,
    pub(crate) witnesses: Witnesses,
    pub(crate) violation: Option<Violation>,
}

/// A rule that does not hold, and how to get there.
#[derive(Debug)]
pub(crate) struct Violation {
    pub(crate) rule: Rule,
    trace: Vec<String>,
}

impl fmt::Display for Violation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(formatter, "broken: {}", self.rule)?;
        for (number, line) in self.trace.iter().enumerate() {
            writeln!(formatter, "{:3}. {line}", number + 1)?;
        }
        Ok(())
    }
}

/// Searches all states, up to the first violation.
pub(crate) fn search(model: &Model) -> Report {
    let mut visited = Visited::new();
    let mut witnesses = Witnesses::default();
    let (mut bytes, mut actions) = (Vec::new(), Vec::new());
    let mut start = model.start();
    encode(model, &mut start, &mut bytes);
    visited.insert(&bytes, 0);
    let (mut number, mut ends) = (0, 0);
    while number < visited.len() {
        let state = decode(model, visited.state(number));
        state.actions(model, &mut actions);
        if actions.is_empty() {
            ends += 1;
            if let Some(rule) = broken(model.check_end(&state)) {
                let violation = violation(model, &visited, number, None, rule);
                return Report { states: visited.len(), ends, witnesses, violation: Some(violation) };
            }
        }
        for &action in &actions {
            let mut next = state.clone();
            if let Some(rule) = broken(model.apply(&mut next, action, &mut witnesses)) {
                let violation = violation(model, &visited, number, Some(action), rule);
                return Report { states: visited.len(), ends, witnesses, violation: Some(violation) };
            }
            encode(model, &mut next, &mut bytes);
            visited.insert(&bytes, number);
        }
        number += 1;
    }
    Report { states: visited.len(), ends, witnesses, violation: None }
}

fn broken(outcome: Outcome) -> Option<Rule> {
    match outcome {
        Outcome::Moved => None,
        Outcome::Waits => Some(Rule::NobodyWaits),
        Outcome::Broken(rule) => Some(rule),
    }
}

fn encode(model: &Model, state: &mut State, bytes: &mut Vec<u8>) {
    bytes.clear();
    state.visit(model, &mut Encoder(bytes));
}

fn decode(model: &Model, bytes: &[u8]) -> State {
    let mut state = State::new();
    state.visit(model, &mut Decoder(bytes));
    state
}

/// The violation with the way from the start to state `number` and the action that broke the rule.
fn violation(model: &Model, visited: &Visited, number: usize, last: Option<Action>, rule: Rule) -> Violation {
    let lineage = visited.lineage(number);
    let mut trace = Vec::new();
    let (mut actions, mut bytes) = (Vec::new(), Vec::new());
    for pair in lineage.windows(2) {
        let before = decode(model, visited.state(pair[0]));
        before.actions(model, &mut actions);
        let leads_on = |&&action: &&Action| {
            let mut after = before.clone();
            model.apply(&mut after, action, &mut Witnesses::default());
            encode(model, &mut after, &mut bytes);
            bytes == visited.state(pair[1])
        };
        if let Some(&action) = actions.iter().find(leads_on) {
            trace.push(trace::describe(model, &before, action));
        }
    }
    if let Some(action) = last {
        trace.push(trace::describe(model, &decode(model, visited.state(number)), action));
    }
    Violation { rule, trace }
}
