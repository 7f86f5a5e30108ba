//! The counts of one family in one snapshot: a row for each label, and one for what overflowed.

use std::collections::HashMap;
use std::sync::Arc;

use crate::label;

/// What a row counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Key {
    /// What had no series of its own.
    Overflow,
    Label(Arc<str>),
}

impl Key {
    pub(crate) fn label(text: &str) -> Self {
        Self::Label(text.into())
    }

    /// As text for a terminal.
    pub(crate) fn shown(&self) -> std::borrow::Cow<'_, str> {
        match self {
            Self::Overflow => "(over a limit)".into(),
            Self::Label(text) => label::shown(text),
        }
    }
}

/// One row. Values are a second measure of deliveries.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) count: u64,
    pub(crate) values: u64,
}

/// The rows of a family. No sum goes beyond what 64 bits hold.
#[derive(Debug, Default)]
pub(crate) struct Family {
    rows: HashMap<Key, Counts>,
}

impl Family {
    pub(crate) fn len(&self) -> usize {
        self.rows.len()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = (&Key, &Counts)> {
        self.rows.iter()
    }

    pub(crate) fn has(&self, key: &Key) -> bool {
        self.rows.contains_key(key)
    }

    /// Nothing for a label that was not recorded in the window.
    pub(crate) fn counts(&self, key: &Key) -> Counts {
        self.rows.get(key).copied().unwrap_or_default()
    }

    pub(crate) fn add(&mut self, key: Key, count: u64, values: u64) {
        let row = self.rows.entry(key).or_default();
        row.count = row.count.saturating_add(count);
        row.values = row.values.saturating_add(values);
    }

    /// Adds what overflowed, if anything did.
    pub(crate) fn add_overflow(&mut self, count: u64, values: u64) {
        if count > 0 || values > 0 {
            self.add(Key::Overflow, count, values);
        }
    }
}
