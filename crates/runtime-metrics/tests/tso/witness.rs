//! What a search must have met for its verdict to mean something.

/// A situation that the protocol has a rule for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Witness {
    /// A count came from B.
    CountedByForward,
    /// The second pass passed over a seat whose mark was an earlier scan's.
    StaleMarkSkipped,
    /// The second pass found a seat that the first did not.
    SeatAppeared,
    /// A record was turned away and went the slow way.
    TurnedAway,
    /// A seat was opened when its generation had ended.
    OpenedLate,
    /// A late record was carried over.
    LateRecordCarried,
    /// A generation went on draining because a thread was busy.
    KeptDraining,
    /// A generation's stripes were taken away.
    Retired,
    /// A thread took over a seat.
    SeatHandedOver,
}

impl Witness {
    const ALL: [Self; 9] = [
        Self::CountedByForward,
        Self::StaleMarkSkipped,
        Self::SeatAppeared,
        Self::TurnedAway,
        Self::OpenedLate,
        Self::LateRecordCarried,
        Self::KeptDraining,
        Self::Retired,
        Self::SeatHandedOver,
    ];
}

/// A set of them.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Witnesses(u16);

impl Witnesses {
    pub(crate) fn note(&mut self, witness: Witness) {
        self.0 |= 1 << witness as u8;
    }

    pub(crate) fn all(self) -> Vec<Witness> {
        Witness::ALL.into_iter().filter(|&witness| self.0 & 1 << witness as u8 != 0).collect()
    }
}
