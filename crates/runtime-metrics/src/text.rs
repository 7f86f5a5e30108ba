//! Labels as the look-up sees them: most are short, and are then read once, into registers, to be hashed and compared
//! without a loop or a call.

use std::hash::Hasher;
use std::sync::Arc;

/// The longest short text, in bytes.
const LONGEST: usize = 32;

/// A text of up to 32 bytes as four words. Texts of one length are equal if and only if their words are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ShortText {
    pub(crate) words: [u64; 4],
    /// In `[0, LONGEST]`.
    pub(crate) length: u32,
}

impl ShortText {
    /// The words of `text`, or `None` if it is too long.
    #[inline(always)]
    pub(crate) fn of(text: &str) -> Option<Self> {
        let length = text.len() as u32; // not used if it does not fit
        Some(match Ends::of(text)? {
            Ends::Long([a, b, c, d]) => Self { words: [a, b, c, d], length },
            Ends::Short([a, b]) => Self { words: [a, b, 0, 0], length },
        })
    }

    /// Adds the text, and its length, to a hash.
    #[inline(always)]
    pub(crate) fn write(&self, hasher: &mut impl Hasher) {
        let [a, b, c, d] = self.words;
        write_words(hasher, a ^ u64::from(self.length), b);
        if self.length >= 16 {
            write_words(hasher, c, d);
        }
    }
}

/// The first and the last bytes of a text, which overlap and cover it.
enum Ends {
    /// Of 16 to 32 bytes.
    Long([u64; 4]),
    /// Of less.
    Short([u64; 2]),
}

impl Ends {
    #[inline(always)]
    fn of(text: &str) -> Option<Self> {
        let text = text.as_bytes();
        if text.len() > LONGEST {
            return None;
        }
        Some(if let (Some(first), Some(last)) = (text.first_chunk::<16>(), text.last_chunk::<16>()) {
            let [[a, b], [c, d]] = [first, last].map(|bytes| halves(u128::from_le_bytes(*bytes)));
            Self::Long([a, b, c, d])
        } else if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            Self::Short([u64::from_le_bytes(*first), u64::from_le_bytes(*last)])
        } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            Self::Short([first, last].map(|bytes| u64::from(u32::from_le_bytes(*bytes))))
        } else if let (Some(first), Some(last)) = (text.first(), text.last()) {
            let middle = text[text.len() / 2];
            Self::Short([u64::from(*first) | u64::from(middle) << 8, u64::from(*last)])
        } else {
            Self::Short([0, 0])
        })
    }
}

#[inline(always)]
fn halves(both: u128) -> [u64; 2] {
    [both as u64, (both >> 64) as u64]
}

#[inline(always)]
fn write_words(hasher: &mut impl Hasher, a: u64, b: u64) {
    hasher.write_u128(u128::from(a) | u128::from(b) << 64);
}

/// Adds `text` to a hash.
#[inline(always)]
pub(crate) fn write(hasher: &mut impl Hasher, text: &str) {
    match Ends::of(text) {
        Some(Ends::Long([a, b, c, d])) => {
            write_words(hasher, a ^ text.len() as u64, b);
            write_words(hasher, c, d);
        }
        Some(Ends::Short([a, b])) => write_words(hasher, a ^ text.len() as u64, b),
        None => hasher.write(text.as_bytes()),
    }
}

/// A label that is kept, and compared with others.
#[derive(Debug, Clone)]
pub(crate) struct Label {
    /// Those of the text if it is short.
    words: [u64; 4],
    text: Arc<str>,
}

impl Label {
    pub(crate) fn new(text: &str) -> Self {
        let words = ShortText::of(text).map_or([0; 4], |short| short.words);
        Self { words, text: text.into() }
    }

    pub(crate) fn text(&self) -> &Arc<str> {
        &self.text
    }

    /// Whether it is the label `other`.
    #[inline(always)]
    pub(crate) fn is(&self, other: &str) -> bool {
        if self.text.len() != other.len() {
            return false;
        }
        let known = &self.words;
        match Ends::of(other) {
            Some(Ends::Long([a, b, c, d])) => {
                (known[0] ^ a) | (known[1] ^ b) | (known[2] ^ c) | (known[3] ^ d) == 0
            }
            Some(Ends::Short([a, b])) => (known[0] ^ a) | (known[1] ^ b) == 0,
            None => *self.text == *other,
        }
    }
}

impl PartialEq for Label {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for Label {}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use super::*;
    use crate::hashing::label_hash;

    const MAX: usize = 100;

    fn text() -> String {
        ('!'..).take(94).chain('!'..).take(MAX).collect()
    }

    fn changed(text: &str, place: usize) -> String {
        let mut bytes = text.as_bytes().to_vec();
        bytes[place] ^= 1;
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn texts_are_the_same_if_and_only_if_every_byte_is() {
        let text = text();
        for length in 0..=MAX {
            let one = &text[..length];
            let (copy, short) = (one.to_owned(), ShortText::of);
            let label = Label::new(one);
            assert_eq!(short(one).is_some(), length <= LONGEST);
            assert!(label.is(&copy) && short(one) == short(&copy), "{length}");
            let longer = format!("{one}x");
            assert!(!label.is(&longer) && (short(one) != short(&longer) || length > LONGEST), "{length}");
            for place in 0..length {
                let other = changed(one, place);
                assert!(
                    !label.is(&other) && (short(one) != short(&other) || length > LONGEST),
                    "{length} {place}"
                );
            }
        }
    }

    #[test]
    fn every_byte_and_the_length_of_a_text_enter_its_hash() {
        let state = label_hash();
        let hash = |texts: &[&str]| {
            let mut hasher = state.build_hasher();
            texts.iter().for_each(|text| write(&mut hasher, text));
            hasher.finish()
        };
        let text = text();
        for length in 0..=MAX {
            let one = &text[..length];
            let copy = one.to_owned();
            assert_eq!(hash(&[one]), hash(&[&copy]), "{length}");
            assert_ne!(hash(&[one]), hash(&[&format!("{one}x")]), "{length}");
            for place in 0..length {
                assert_ne!(hash(&[one]), hash(&[&changed(one, place)]), "{length} {place}");
                assert_ne!(hash(&[one]), hash(&[&one[..place], &one[place..]]), "{length} {place}");
            }
        }
    }
}
