//! The registry's shared word W: the number of the current generation and, while a scan is open, the scan's number.

/// Bit 0: a scan is open.
const SCANNING: u8 = 1;
/// W while no scan is open in `generation`.
pub(crate) fn idle(generation: u8) -> u8 {
    generation << 4
}

/// W while scan `sequence` is open in `generation`.
pub(crate) fn scanning(generation: u8, sequence: u8) -> u8 {
    idle(generation) | sequence << 1 | SCANNING
}

pub(crate) fn generation(word: u8) -> u8 {
    word >> 4
}

/// The number of the scan; of no use unless one is open.
pub(crate) fn sequence(word: u8) -> u8 {
    word >> 1 & 7
}

pub(crate) fn is_scanning(word: u8) -> bool {
    word & SCANNING != 0
}

/// A reader's form of W.
pub(crate) fn describe(word: u8) -> String {
    if is_scanning(word) {
        format!("generation {}, scan {} open", generation(word), sequence(word))
    } else {
        format!("generation {}, idle", generation(word))
    }
}
