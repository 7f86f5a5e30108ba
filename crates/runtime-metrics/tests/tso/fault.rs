//! Seeded mistakes: each is one way to get the protocol wrong.

/// A change to the protocol, small enough to slip through a review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    // The heavy fences.
    /// Neither fence nor barrier after the scan opens.
    FirstFenceLeftOut,
    /// Neither fence nor barrier after the scan closes.
    SecondFenceLeftOut,
    /// The collector's own fence instead of `membarrier` after the scan opens.
    FirstBarrierLeftOut,
    /// The collector's own fence instead of `membarrier` after the scan closes.
    SecondBarrierLeftOut,

    // The two passes.
    /// Counts `a` instead of `max(a, b)`.
    FirstPassAlone,
    /// Counts `b` where the seat forwarded, else `a`.
    SecondPassInstead,
    /// The scan is closed before the first pass.
    ClosedBeforeFirstPass,
    /// The seat lists are not read again for the second pass.
    ListsReadOnce,
    /// The passes are matched by position in lists that differ.
    MatchedByPosition,
    /// B is read if the mark is *not* this scan's.
    MarkComparedWrongly,
    /// B is read if there ever was a forward.
    AnyMarkTaken,

    // Recording.
    /// The light fence after the add is left out: the compiler loads W before it stores A.
    LookBeforeAdd,
    /// A writer does not forward.
    ForwardLeftOut,
    /// B becomes the count before the record.
    OldValueForwarded,
    /// B becomes one more than A.
    TooMuchForwarded,
    /// The mark is stored after B.
    MarkAfterForward,
    /// The mark is not stored.
    MarkLeftOut,
    /// A, B and the end of a record are plain stores.
    CellsPlain,

    // A seat's beginning and hand-over.
    /// A new seat goes on its list after its first record.
    ListedLate,
    /// A thread gives its seat up before its last record.
    GivenUpEarly,
    /// A thread gives its seat up by a plain store.
    GivenUpPlain,

    // Retirement.
    /// A record does not announce itself.
    BusyLeftOut,
    /// The light fence after the announcement is left out: the compiler loads `open`, or W, before it stores `busy`.
    EnteredBeforeBusy,
    /// A record leaves before it looks at W.
    LeftBeforeLook,
    /// A record leaves by a plain store.
    LeftPlain,
    /// The slow way does not look at the generation again after it announced the record.
    SlowWayUnverified,
    /// The slow way looks at the generation before it announces the record.
    VerifiedBeforeBusy,
    /// A late record leaves its seat open.
    OutdatedLeftOpen,
    /// `open` is not closed.
    OpenLeftOpen,
    /// `open` is closed after the fence, in the cut that retires.
    ClosedAfterFence,
    /// `busy` is read before the scan opens: the closing has not been seen by everybody.
    QuietBeforeFence,
    /// `busy` is read after the first pass.
    QuietAfterFirstPass,
    /// `busy` is read after the scan was closed.
    QuietAfterClose,
    /// Stripes are taken away whether busy or not.
    QuietTakenForGranted,
    /// The collector waits until nobody is busy.
    WaitsUntilQuiet,

    // The reset.
    /// The generation's number moves when the scan opens.
    NumberMovedFirst,
    /// What is carried over is counted from a reading of A after the scan.
    BaselineAfterScan,
    /// The final counts of a retired generation are not carried over.
    FinalCountsDropped,
}

impl Fault {
    /// All of them, in the order of the table.
    pub(crate) const ALL: [Self; 38] = [
        Self::FirstFenceLeftOut,
        Self::FirstBarrierLeftOut,
        Self::SecondFenceLeftOut,
        Self::SecondBarrierLeftOut,
        Self::FirstPassAlone,
        Self::SecondPassInstead,
        Self::ClosedBeforeFirstPass,
        Self::ListsReadOnce,
        Self::MatchedByPosition,
        Self::MarkComparedWrongly,
        Self::AnyMarkTaken,
        Self::LookBeforeAdd,
        Self::ForwardLeftOut,
        Self::OldValueForwarded,
        Self::TooMuchForwarded,
        Self::MarkAfterForward,
        Self::MarkLeftOut,
        Self::CellsPlain,
        Self::ListedLate,
        Self::GivenUpEarly,
        Self::GivenUpPlain,
        Self::BusyLeftOut,
        Self::EnteredBeforeBusy,
        Self::LeftBeforeLook,
        Self::LeftPlain,
        Self::SlowWayUnverified,
        Self::VerifiedBeforeBusy,
        Self::OutdatedLeftOpen,
        Self::OpenLeftOpen,
        Self::ClosedAfterFence,
        Self::QuietBeforeFence,
        Self::QuietAfterFirstPass,
        Self::QuietAfterClose,
        Self::QuietTakenForGranted,
        Self::WaitsUntilQuiet,
        Self::NumberMovedFirst,
        Self::BaselineAfterScan,
        Self::FinalCountsDropped,
    ];
}
