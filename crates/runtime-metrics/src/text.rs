//! Labels as the look-up sees them: most are short, and are then read once, into registers, to be hashed and compared
//! without a loop or a call.

use std::hash::Hasher;
use std::sync::Arc;

/// The longest short text, in bytes.
const LONGEST: usize = 32;

/// What a text of up to 32 bytes is compared by, in two halves: compilers compare 16 bytes in a vector register, and
/// more words would take the general ones that all else is in.
pub(crate) type Halves = [[u8; 16]; 2];

/// A text of up to 32 bytes, to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct ShortText {
    pub(crate) halves: Halves,
    /// In `[0, LONGEST]`.
    pub(crate) length: u32,
}

impl ShortText {
    /// `None` if the text is too long.
    pub(crate) fn of(text: &str) -> Option<Self> {
        Some(match Ends::of(text)? {
            Ends::Long(long) => Self { halves: long.halves(), length: long.length() },
            Ends::Short(short) => Self { halves: short.halves(), length: short.length() },
        })
    }
}

/// A text of up to 32 bytes, by its first and its last bytes, which overlap and cover it.
///
/// What is done with such a text is compiled once for either kind, so that it is asked only once which kind it is.
pub(crate) enum Ends<'a> {
    Long(Long<'a>),
    Short(Short),
}

/// 16 to 32 bytes. They are read where they are used: four words that waited in between would take the registers that all
/// else is in.
pub(crate) struct Long<'a> {
    first: &'a [u8; 16],
    last: &'a [u8; 16],
    length: u32,
}

/// Less than 16 bytes.
pub(crate) struct Short {
    words: [u64; 2],
    length: u32,
}

impl<'a> Ends<'a> {
    /// `None` if the text is too long.
    #[inline(always)]
    pub(crate) fn of(text: &'a str) -> Option<Self> {
        let text = text.as_bytes();
        let length = text.len() as u32; // not used if it does not fit
        match (text.first_chunk(), text.last_chunk()) {
            (Some(first), Some(last)) if text.len() <= LONGEST => {
                Some(Self::Long(Long { first, last, length }))
            }
            (Some(_), _) => None,
            _ => Some(Self::Short(Short { words: Short::words_of(text), length })),
        }
    }
}

impl Short {
    #[inline(always)]
    fn words_of(text: &[u8]) -> [u64; 2] {
        if let (Some(first), Some(last)) = (text.first_chunk::<8>(), text.last_chunk::<8>()) {
            [u64::from_le_bytes(*first), u64::from_le_bytes(*last)]
        } else if let (Some(first), Some(last)) = (text.first_chunk::<4>(), text.last_chunk::<4>()) {
            [first, last].map(|bytes| u64::from(u32::from_le_bytes(*bytes)))
        } else if let (Some(first), Some(last)) = (text.first(), text.last()) {
            let middle = text[text.len() / 2];
            [u64::from(*first) | u64::from(middle) << 8, u64::from(*last)]
        } else {
            [0, 0]
        }
    }
}

/// A short text as words. Two of one length are equal if and only if their words are.
pub(crate) trait Words<const N: usize> {
    fn words(&self) -> [u64; N];

    /// In bytes.
    fn length(&self) -> u32;

    /// Adds the text, and its length, to a hash.
    #[inline(always)]
    fn write(&self, hasher: &mut impl Hasher) {
        let mut words = self.words();
        words[0] ^= u64::from(self.length());
        for pair in words.chunks_exact(2) {
            hasher.write_u128(u128::from(pair[0]) | u128::from(pair[1]) << 64);
        }
    }

    /// 0 if these are its words.
    #[inline(always)]
    fn difference(&self, word: impl Fn(usize) -> u64) -> u64 {
        let words = self.words();
        (0..N).fold(0, |difference, place| difference | (word(place) ^ words[place]))
    }

    /// The words, then zeros, as they are kept.
    fn halves(&self) -> Halves;

    /// Whether it is the text of the same length with these halves.
    fn is(&self, halves: &Halves) -> bool;
}

impl Words<4> for Long<'_> {
    #[inline(always)]
    fn words(&self) -> [u64; 4] {
        // Word by word: halves that were read to be hashed would be kept for `is`, in more registers than there are.
        let [[a, b], [c, d]] = [self.first, self.last].map(words_of_half);
        [a, b, c, d]
    }

    #[inline(always)]
    fn length(&self) -> u32 {
        self.length
    }

    #[inline(always)]
    fn halves(&self) -> Halves {
        [*self.first, *self.last]
    }

    #[inline(always)]
    fn is(&self, halves: &Halves) -> bool {
        let difference = |a: &[u8; 16], b: &[u8; 16]| u128::from_ne_bytes(*a) ^ u128::from_ne_bytes(*b);
        difference(self.first, &halves[0]) | difference(self.last, &halves[1]) == 0
    }
}

impl Words<2> for Short {
    #[inline(always)]
    fn words(&self) -> [u64; 2] {
        self.words
    }

    #[inline(always)]
    fn length(&self) -> u32 {
        self.length
    }

    #[inline(always)]
    fn halves(&self) -> Halves {
        let [a, b] = self.words;
        [(u128::from(a) | u128::from(b) << 64).to_le_bytes(), [0; 16]]
    }

    #[inline(always)]
    fn is(&self, [half, _]: &Halves) -> bool {
        words_of_half(half) == self.words
    }
}

#[inline(always)]
fn words_of_half(half: &[u8; 16]) -> [u64; 2] {
    let (words, _) = half.as_chunks();
    [words[0], words[1]].map(u64::from_le_bytes)
}

/// Adds `text` to a hash.
#[inline(always)]
pub(crate) fn write(hasher: &mut impl Hasher, text: &str) {
    match Ends::of(text) {
        Some(Ends::Long(long)) => long.write(hasher),
        Some(Ends::Short(short)) => short.write(hasher),
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
        let words = ShortText::of(text).map_or([0; 4], |short| {
            let [[a, b], [c, d]] = short.halves.each_ref().map(words_of_half);
            [a, b, c, d]
        });
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
        let known = |place: usize| self.words[place];
        match Ends::of(other) {
            Some(Ends::Long(long)) => long.difference(known) == 0,
            Some(Ends::Short(short)) => short.difference(known) == 0,
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
