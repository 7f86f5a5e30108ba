//! What must hold, by name.

use std::fmt;

/// The rules of the consistency contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rule {
    /// A record that returned before the snapshot was asked for is in it.
    CompletedIncluded,
    /// A record that began after the snapshot returned is not in it; nor is one that never was.
    LaterExcluded,
    /// If P happened before Q and Q is counted, P is.
    Causality,
    /// If P returned before Q began, whether or not their threads can know, and Q is counted, P is.
    RealTime,
    /// No count goes down.
    NoCountDown,
    /// Over resets, ended windows and late records and the present window are what was recorded.
    NothingLostOrDoubled,
    /// No stripe is taken away from under a record, and none is touched that was.
    NoFreedStripe,
    /// Every thread that has something to do can do it by itself.
    NobodyWaits,
}

impl fmt::Display for Rule {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::CompletedIncluded => "1: completed before, included",
            Self::LaterExcluded => "1: began after, excluded",
            Self::Causality => "2: causality",
            Self::RealTime => "2: order in real time",
            Self::NoCountDown => "3: no count goes down",
            Self::NothingLostOrDoubled => "4: nothing lost or doubled",
            Self::NoFreedStripe => "5: no freed stripe touched",
            Self::NobodyWaits => "nobody waits",
        })
    }
}
