//! What must not be.

use std::array;
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};

use serde::{Serialize, Serializer};

/// What was broken. The numbers are those of the consistency contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// Rule 1: the total of requests is the sum by path.
    RequestSums,
    /// Rule 2: the totals of a delivery's counts are the sums by each label.
    DeliverySums,
    /// Rule 3: what returned before the cut is in it, what began after it is not.
    RealTime,
    /// Rule 4: with an effect, its cause is in the cut.
    Causality,
    /// Rule 5: no count goes down.
    Monotony,
    /// Rule 6: nothing is lost or counted twice.
    Conservation,
    /// Each cut has a number of its own, without gaps.
    Sequence,
    /// No table is fuller than its limit; what has room is not turned away.
    Bounds,
    /// A forked child starts at zero with a new identity, counts exactly, and ends.
    Fork,
    /// No record, snapshot or reset waits for ever, or panics.
    Progress,
}

impl Rule {
    /// All of them, in order of declaration.
    pub const ALL: [Self; 10] = [
        Self::RequestSums,
        Self::DeliverySums,
        Self::RealTime,
        Self::Causality,
        Self::Monotony,
        Self::Conservation,
        Self::Sequence,
        Self::Bounds,
        Self::Fork,
        Self::Progress,
    ];

    /// The name in what is printed.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::RequestSums => "1_request_sums",
            Self::DeliverySums => "2_delivery_sums",
            Self::RealTime => "3_real_time",
            Self::Causality => "4_causality",
            Self::Monotony => "5_monotony",
            Self::Conservation => "6_conservation",
            Self::Sequence => "sequence",
            Self::Bounds => "bounds",
            Self::Fork => "fork",
            Self::Progress => "progress",
        }
    }
}

impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One breach of one rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Violation {
    /// What was broken.
    #[serde(rename = "violation")]
    pub rule: Rule,
    /// What was seen, and where.
    pub detail: String,
}

impl Violation {
    /// A breach of `rule`, as seen.
    pub fn new(rule: Rule, detail: impl fmt::Display) -> Self {
        Self { rule, detail: detail.to_string() }
    }
}

/// How many violations of each rule there were.
#[derive(Debug)]
pub struct Violations {
    by_rule: [AtomicU64; Rule::ALL.len()],
}

/// Violations of each rule that are told in full; the others are only counted.
const TOLD: u64 = 5;

impl Violations {
    /// None so far.
    #[must_use]
    pub fn new() -> Self {
        Self { by_rule: array::from_fn(|_| AtomicU64::new(0)) }
    }

    /// Counts `violations`, and prints the first few of each rule.
    pub fn add(&self, violations: impl IntoIterator<Item = Violation>) {
        for violation in violations {
            // Relaxed: a count that orders nothing.
            let before = self.by_rule[violation.rule as usize].fetch_add(1, Ordering::Relaxed);
            if before < TOLD {
                print_line(&violation);
            }
        }
    }

    /// The number of violations of `rule`.
    #[must_use]
    pub fn of(&self, rule: Rule) -> u64 {
        self.by_rule[rule as usize].load(Ordering::Relaxed)
    }

    /// The number of all violations.
    #[must_use]
    pub fn total(&self) -> u64 {
        Rule::ALL.iter().map(|rule| self.of(*rule)).sum()
    }
}

impl Default for Violations {
    fn default() -> Self {
        Self::new()
    }
}

/// Prints `line` to standard output as one line of JSON.
///
/// A reader that went away does not end the soak: its verdict is in the exit status, too.
pub fn print_line(line: &impl Serialize) {
    use std::io::Write as _;
    if let Ok(mut text) = serde_json::to_vec(line) {
        text.push(b'\n');
        let mut output = std::io::stdout().lock();
        let _ = output.write_all(&text).and_then(|()| output.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn violations_are_counted_by_rule() {
        let violations = Violations::new();
        violations.add([
            Violation::new(Rule::Fork, "the child hung"),
            Violation::new(Rule::Fork, "the child hung"),
            Violation::new(Rule::Progress, "a thread panicked"),
        ]);
        let counts = Rule::ALL.map(|rule| violations.of(rule));
        assert_eq!(counts, [0, 0, 0, 0, 0, 0, 0, 0, 2, 1]);
        assert_eq!(violations.total(), 3);
    }
}
