//! How many records of each writer a cut holds, as far as one can know.
//!
//! The deliveries of each writer are known exactly: the values of a cut tell them apart (see
//! [`names_of`](crate::schedule::names_of)). The requests between two deliveries are not, so what a cut holds lies between
//! two bounds for each writer, and the rules narrow them:
//!
//! - rule 3: what had returned before is in, what began after is not;
//! - rule 4: a record of a writer implies its earlier ones, and those that it saw of others;
//! - rule 5: what an earlier cut holds a later one holds too.
//!
//! Where the bounds cross, no instant explains the cut.

use crate::run::{Log, Observation, Written};
use crate::schedule::{MOST_DELIVERIES, Record};

#[derive(Debug, Clone)]
pub(crate) struct Bounds {
    /// Records that are surely in, by writer.
    pub(crate) least: Vec<u32>,
    /// Records that may be in.
    pub(crate) most: Vec<u32>,
    /// Deliveries that are in.
    pub(crate) delivered: Vec<u32>,
}

impl Bounds {
    /// Of a cut that holds so many responses and values of the writers, windows before it counted in.
    pub(crate) fn new(log: &Log, cut: &Observation, responses: u64, values: u64) -> Self {
        let delivered = delivered(log.writers.len(), values);
        let sum: u64 = delivered.iter().map(|number| u64::from(*number)).sum();
        assert_eq!(sum, responses, "rule 2: {values} values are those of {delivered:?} deliveries");
        let bounds = log.writers.iter().zip(&delivered).map(|(writer, delivered)| writer.around(*delivered));
        let (least, most): (Vec<u32>, Vec<u32>) = bounds.unzip();
        let mut bounds = Self { least, most, delivered };
        bounds.raise(&cut.returned);
        bounds.lower(&cut.begun);
        bounds
    }

    /// Narrows by an earlier cut.
    pub(crate) fn follow(&mut self, earlier: &Self) {
        self.raise(&earlier.least);
    }

    /// Narrows by a later cut.
    pub(crate) fn precede(&mut self, later: &Self) {
        self.lower(&later.most);
    }

    /// Narrows by what the writers saw of each other, until that tells nothing new.
    pub(crate) fn close(&mut self, log: &Log) {
        loop {
            let before = (self.least.clone(), self.most.clone());
            for (number, writer) in log.writers.iter().enumerate() {
                for seen in &writer.followed {
                    if self.least[number] > seen.position {
                        self.least[seen.writer] = self.least[seen.writer].max(seen.records);
                    }
                    if self.most[seen.writer] < seen.records {
                        self.most[number] = self.most[number].min(seen.position);
                    }
                }
            }
            if before == (self.least.clone(), self.most.clone()) {
                return;
            }
        }
    }

    /// Fails if there is no cut between the bounds.
    pub(crate) fn assert_possible(&self) {
        let possible = self.least.iter().zip(&self.most).all(|(least, most)| least <= most);
        assert!(possible, "rule 3, 4 or 5: no instant explains the cut: {self:?}");
    }

    fn raise(&mut self, least: &[u32]) {
        self.least.iter_mut().zip(least).for_each(|(bound, least)| *bound = (*bound).max(*least));
    }

    fn lower(&mut self, most: &[u32]) {
        self.most.iter_mut().zip(most).for_each(|(bound, most)| *bound = (*bound).min(*most));
    }
}

impl Written {
    /// The least and the most records that hold so many deliveries.
    fn around(&self, delivered: u32) -> (u32, u32) {
        let mut positions = self.records.iter().enumerate().filter_map(|(position, record)| {
            matches!(record, Record::Delivery(..)).then_some(position as u32)
        });
        let least = match delivered.checked_sub(1) {
            None => 0,
            Some(earlier) => {
                let last = positions.nth(earlier as usize);
                last.unwrap_or_else(|| panic!("rule 6: more than was recorded: {delivered} deliveries")) + 1
            }
        };
        (least, positions.next().unwrap_or(self.records.len() as u32))
    }
}

/// The digits of `values`: the deliveries of each writer.
fn delivered(writers: usize, values: u64) -> Vec<u32> {
    let base = MOST_DELIVERIES as u64 + 1;
    let mut rest = values;
    let digits = (0..writers).map(|_| {
        let digit = rest % base;
        rest /= base;
        digit as u32
    });
    let digits: Vec<u32> = digits.collect();
    assert_eq!(rest, 0, "rule 6: more than was recorded: {values} values");
    digits
}
