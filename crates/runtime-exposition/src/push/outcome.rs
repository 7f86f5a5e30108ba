//! How an attempt ended, and what follows from it.

use std::time::Duration;

/// Why an attempt failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FailureReason {
    /// There was no connection: refused, no such name, no agreement on TLS.
    Connect,
    /// The time of the attempt was over before the answer was complete.
    Timeout,
    /// The connection broke after it was there: before the answer, or in the middle of it.
    Connection,
    /// The receiver asked for fewer requests: HTTP 429, gRPC `RESOURCE_EXHAUSTED`.
    Throttled,
    /// The receiver, or what stands before it, cannot take anything for now: the other answers after which OTLP allows to send again.
    Unavailable,
    /// The receiver does not want this: every other answer that is no success.
    Refused,
    /// Nothing was sent, because the snapshot could not be taken or encoded.
    Source,
}

impl FailureReason {
    /// Every reason, in the order of their names.
    pub(crate) const ALL: [Self; 7] = [
        Self::Connect,
        Self::Connection,
        Self::Refused,
        Self::Source,
        Self::Throttled,
        Self::Timeout,
        Self::Unavailable,
    ];

    /// Its name on the wire: a value of the label `error_type`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Refused => "refused",
            Self::Source => "source",
        }
    }
}

/// What is known of a request that was not acknowledged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Taken {
    /// This sending of it was not taken.
    NotThisTime,
    /// No sending of these bytes was ever taken: the receiver refuses what is in them.
    Never,
    /// It may have been taken.
    Unknown,
}

/// Whether the same may be sent again, within the push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    No,
    /// After a wait of ours.
    Later,
    /// After the wait that the receiver asked for.
    After(Duration),
}

/// An attempt that was not acknowledged.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub(crate) reason: FailureReason,
    pub(crate) taken: Taken,
    pub(crate) again: Again,
    /// What happened, for people; without secrets.
    pub(crate) text: String,
}

/// An attempt that was acknowledged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Acknowledgement {
    /// Data points that the receiver took no interest in. They are not sent again.
    pub(crate) rejected_points: u64,
    /// What it said to it, or what was strange about its answer.
    pub(crate) remark: Option<String>,
}

pub(crate) type Outcome = Result<Acknowledgement, Failure>;

/// Characters of what a receiver says that are kept.
const LONGEST_REMARK: usize = 300;

/// What a receiver said, fit for a line of a log.
pub(crate) fn remark(said: &str) -> String {
    let printable = said.chars().map(|char| if char.is_control() { ' ' } else { char });
    printable.take(LONGEST_REMARK).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_remark_is_one_line_of_bounded_length() {
        assert_eq!(remark(" a\nb\u{1b}[31m "), "a b [31m");
        assert_eq!(remark(&"é".repeat(1_000)).chars().count(), LONGEST_REMARK);
    }

    #[test]
    fn reasons_are_listed_in_the_order_of_their_names() {
        assert!(FailureReason::ALL.map(FailureReason::name).is_sorted_by(|a, b| a < b));
    }
}
