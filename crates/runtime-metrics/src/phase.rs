//! The word that every record reads: which generation is current, whether a scan is open, and which fences
//! records need.
//!
//! ```text
//! bit  63 … 24              23 … 2               1          0
//!      generation number    the scan's number    portable   scanning
//! ```
//!
//! At rest, with asymmetric fences, all bits below the generation's number are 0, and the word is the *base* of
//! that generation: one comparison tells a record that it may take the shortest way.

use crate::fence::FenceMode;
use crate::generation::LARGEST_NUMBER;
use crate::sync::{AtomicU64, Ordering};

const SCANNING: u64 = 1;
const PORTABLE: u64 = 1 << 1;
const SCAN_SHIFT: u32 = 2;

/// Bits below the generation's number. A cell fits into them, too: see [`resolved`](crate::resolved).
pub(crate) const NUMBER_SHIFT: u32 = 24;

const _: () = assert!(LARGEST_NUMBER <= u64::MAX >> NUMBER_SHIFT);

/// The scan's numbers go round after so many.
const SCANS: u64 = 1 << (NUMBER_SHIFT - SCAN_SHIFT);

/// The word of a generation at rest, with asymmetric fences.
pub(crate) const fn base(number: u64) -> u64 {
    number << NUMBER_SHIFT
}

/// A reading of the word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Phase(u64);

impl Phase {
    /// Before the first generation.
    pub(crate) const NONE: Self = Self(0);

    /// Generation `number` is current, and no scan is open.
    pub(crate) fn at_rest(number: u64, mode: FenceMode) -> Self {
        match mode {
            FenceMode::Portable => Self(base(number) | PORTABLE),
            FenceMode::Asymmetric => Self(base(number)),
        }
    }

    /// Generation `number` is current, and scan `scan`, counted from the registry's first, is open.
    pub(crate) fn scanning(number: u64, mode: FenceMode, scan: u64) -> Self {
        Self(Self::at_rest(number, mode).0 | (scan % SCANS) << SCAN_SHIFT | SCANNING)
    }

    #[inline]
    pub(crate) fn number(self) -> u64 {
        self.0 >> NUMBER_SHIFT
    }

    #[inline]
    pub(crate) fn mode(self) -> FenceMode {
        if self.0 & PORTABLE == 0 { FenceMode::Asymmetric } else { FenceMode::Portable }
    }

    #[inline]
    pub(crate) fn is_scanning(self) -> bool {
        self.0 & SCANNING != 0
    }

    /// The open scan's number, in `[0, SCANS)`.
    pub(crate) fn scan(self) -> u64 {
        self.0 >> SCAN_SHIFT & (SCANS - 1)
    }

    /// Whether the generation of this base is current and at rest, with asymmetric fences.
    #[inline]
    pub(crate) fn is_base(self, base: u64) -> bool {
        self.0 == base
    }
}

/// The word. Stored under the collector's lock only, but for the first generation of a process life.
pub(crate) struct PhaseWord(AtomicU64);

impl PhaseWord {
    pub(crate) fn new(phase: Phase) -> Self {
        Self(AtomicU64::new(phase.0))
    }

    /// The present phase.
    #[inline]
    pub(crate) fn load(&self) -> Phase {
        // SeqCst, as every store: with portable fences the arguments of `seat` and `scan` are about one order of all
        // these accesses. Acquire, which it includes, is what the asymmetric ones need.
        Phase(self.0.load(Ordering::SeqCst))
    }

    pub(crate) fn store(&self, phase: Phase) {
        self.0.store(phase.0, Ordering::SeqCst);
    }

    /// Stores `next` if the phase is `present`.
    pub(crate) fn replace(&self, present: Phase, next: Phase) {
        // Relaxed on failure: what stands there instead is not looked at.
        let _ = self.0.compare_exchange(present.0, next.0, Ordering::SeqCst, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_phase_tells_generation_scan_and_fences() {
        for mode in [FenceMode::Portable, FenceMode::Asymmetric] {
            for number in [1, LARGEST_NUMBER] {
                let rest = Phase::at_rest(number, mode);
                assert_eq!((rest.number(), rest.mode(), rest.is_scanning()), (number, mode, false));
                assert_eq!(rest.is_base(base(number)), mode == FenceMode::Asymmetric);
                for scan in [0, 1, SCANS - 1, SCANS, SCANS + 1] {
                    let open = Phase::scanning(number, mode, scan);
                    assert_eq!((open.number(), open.mode(), open.is_scanning()), (number, mode, true));
                    assert_eq!(open.scan(), scan % SCANS);
                    assert!(!open.is_base(base(number)));
                }
            }
        }
    }
}
