//! The states that a search has met: whole states, as bytes, in the order in which they were met.

use std::hash::{DefaultHasher, Hasher};

/// The states, and for each the one that it was reached from.
#[derive(Debug)]
pub(crate) struct Visited {
    bytes: Vec<u8>,
    /// Where each state ends in `bytes`.
    ends: Vec<u32>,
    parents: Vec<u32>,
    /// Open addressing, linear probing; one more than a state's number, or 0. A power of two long.
    table: Vec<u32>,
}

impl Visited {
    pub(crate) fn new() -> Self {
        Self { bytes: Vec::new(), ends: Vec::new(), parents: Vec::new(), table: vec![0; 1 << 12] }
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    pub(crate) fn state(&self, number: usize) -> &[u8] {
        let begin = number.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[begin as usize..self.ends[number] as usize]
    }

    /// The states that lead to `number`, which comes last.
    pub(crate) fn lineage(&self, number: usize) -> Vec<usize> {
        let mut lineage = vec![number];
        while let Some(&last) = lineage.last()
            && last != 0
        {
            lineage.push(self.parents[last] as usize);
        }
        lineage.reverse();
        lineage
    }

    /// Adds a state unless it is there.
    pub(crate) fn insert(&mut self, state: &[u8], parent: usize) {
        let mut place = self.place(state);
        while let Some(number) = self.table[place].checked_sub(1) {
            if self.state(number as usize) == state {
                return;
            }
            place = (place + 1) % self.table.len();
        }
        self.bytes.extend_from_slice(state);
        assert!(u32::try_from(self.bytes.len()).is_ok(), "the scenario has too many states");
        self.ends.push(self.bytes.len() as u32);
        self.parents.push(parent as u32);
        self.table[place] = self.ends.len() as u32;
        if self.ends.len() * 2 > self.table.len() {
            self.grow();
        }
    }

    fn grow(&mut self) {
        self.table = vec![0; self.table.len() * 2];
        for number in 0..self.len() {
            let mut place = self.place(self.state(number));
            while self.table[place] != 0 {
                place = (place + 1) % self.table.len();
            }
            self.table[place] = number as u32 + 1;
        }
    }

    fn place(&self, state: &[u8]) -> usize {
        let mut hasher = DefaultHasher::new();
        hasher.write(state);
        hasher.finish() as usize % self.table.len()
    }
}
