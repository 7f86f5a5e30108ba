//! Caller labels on their way out.

use std::borrow::Cow;

use runtime_metrics::OVERFLOW_LABEL;
use sha2::{Digest, Sha256};

/// How the callers of configuration deliveries are shown. They may be principal IDs.
///
/// The option holds on every way out: in the series of every format and in the health documents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum CallerLabels {
    /// As they were recorded (that is, normalised).
    #[default]
    Shown,
    /// As the first 16 hexadecimal digits, in lower case, of the SHA-256 of the recorded label's UTF-8 bytes: the same
    /// caller has the same label in every process, every release and every format. Callers with the same digits are
    /// counted together. The overflow label stays apart and is not hashed.
    ///
    /// The hash has no key. It keeps labels out of dashboards and logs, but whoever can guess a label can check the guess:
    /// where that matters, use [`Dropped`](Self::Dropped).
    Hashed,
    /// Not at all: the label is left out and its series are added up. In the health documents the maps by caller are
    /// empty.
    Dropped,
}

impl CallerLabels {
    /// A recorded label as it is shown; none if it is not.
    ///
    /// *Cost:* if hashed, one SHA-256 and one small allocation.
    #[must_use]
    pub fn shown(self, caller: &str) -> Option<Cow<'_, str>> {
        match self {
            Self::Hashed if caller != OVERFLOW_LABEL => Some(Cow::Owned(format!("{:016x}", hash(caller)))),
            Self::Shown | Self::Hashed => Some(Cow::Borrowed(caller)),
            Self::Dropped => None,
        }
    }
}

/// The digits that stand for a hashed caller: the first 8 bytes of its SHA-256, big-endian, so that they sort as their
/// hexadecimal text does.
///
/// Source: FIPS 180-4.
pub(crate) fn hash(caller: &str) -> u64 {
    Sha256::digest(caller.as_bytes()).iter().take(8).fold(0, |digits, byte| (digits << 8) | u64::from(*byte))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_is_the_first_digits_of_sha_256() {
        // the "abc" example of FIPS 180-4, and its message of no bits
        assert_eq!(hash("abc"), 0xba78_16bf_8f01_cfea);
        assert_eq!(hash(""), 0xe3b0_c442_98fc_1c14);
    }

    #[test]
    fn a_label_is_shown_hashed_or_not_at_all_and_the_overflow_label_is_never_hashed() {
        let shown = |callers: CallerLabels, caller| callers.shown(caller).map(Cow::into_owned);
        assert_eq!(shown(CallerLabels::Shown, "abc").as_deref(), Some("abc"));
        assert_eq!(shown(CallerLabels::Hashed, "abc").as_deref(), Some("ba7816bf8f01cfea"));
        assert_eq!(shown(CallerLabels::Hashed, OVERFLOW_LABEL).as_deref(), Some(OVERFLOW_LABEL));
        assert_eq!(shown(CallerLabels::Dropped, "abc"), None);
    }
}
