//! What an onlooker knows of the records: which have returned, where each landed, and what came before it.

use crate::codec::Codec;

/// The most records of a scenario; a set of them is a byte.
pub(crate) const RECORDS: usize = 6;

/// Records by number, one bit each.
pub(crate) type Set = u8;

pub(crate) fn set_of(record: usize) -> Set {
    1 << record
}

/// One record.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Record {
    pub(crate) slot: u8,
    /// What its add made of the cell; 0 before the add.
    pub(crate) value: u8,
    /// The records that its thread knew to have returned when it began.
    pub(crate) knew: Set,
    /// The records that had returned when it began; kept only where real time matters.
    pub(crate) saw: Set,
}

/// The onlooker's notes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Records {
    pub(crate) all: [Record; RECORDS],
    pub(crate) returned: Set,
    /// Those that had returned when the present scan was asked for.
    pub(crate) asked: Set,
}

impl Records {
    /// Those that `counts`, by slot, hold.
    pub(crate) fn counted(&self, counts: &[u8]) -> Set {
        let is_counted =
            |record: &Record| record.value > 0 && record.value <= counts[usize::from(record.slot)];
        let counted = self.all.iter().enumerate().filter(|(_, record)| is_counted(record));
        counted.fold(0, |set, (number, _)| set | set_of(number))
    }

    /// How many have been added to a slot.
    pub(crate) fn added(&self, slot: u8) -> u8 {
        self.all.iter().filter(|record| record.value > 0 && record.slot == slot).count() as u8
    }

    /// Drops what was noted of records that are settled.
    pub(crate) fn forget(&mut self, settled: Set) {
        self.returned &= !settled;
        self.asked = 0;
        for (number, record) in self.all.iter_mut().enumerate() {
            let kept = if settled & set_of(number) != 0 { 0 } else { !settled };
            record.knew &= kept;
            record.saw &= kept;
        }
    }

    pub(crate) fn visit(&mut self, records: usize, in_real_time: bool, codec: &mut impl Codec) {
        for record in &mut self.all[..records] {
            codec.nibbles(&mut record.slot, &mut record.value);
            codec.byte(&mut record.knew);
            if in_real_time {
                codec.byte(&mut record.saw);
            }
        }
        codec.byte(&mut self.returned);
        codec.byte(&mut self.asked);
    }
}
