//! What was over a limit.

use std::sync::Arc;

/// How many records of a family were counted under [`OVERFLOW_LABEL`](crate::OVERFLOW_LABEL), and who they were.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overflow {
    pub(super) records: u64,
    pub(super) rejected: Box<[Arc<str>]>,
}

impl Overflow {
    /// Records of the window of which at least one label is the overflow label.
    #[must_use]
    pub fn records(&self) -> u64 {
        self.records
    }

    /// The first few label values of the window that were over a limit, in the order in which they came, cut to
    /// 256 bytes each. They come from outside and may be anything; caller labels may be sensitive.
    pub fn rejected_labels(&self) -> impl ExactSizeIterator<Item = &str> {
        self.rejected.iter().map(|label| &**label)
    }
}
