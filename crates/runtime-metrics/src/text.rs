//! Hashing and comparing labels: most are short, and neither then takes a call or a loop.

use std::hash::Hasher;

/// Bytes that are read at once; a text of up to twice as many is read by its first and its last ones.
const CHUNK: usize = 16;

/// The first and the last bytes of `text`, which overlap if it has less than 2 * N; `None` if it has less than N, or more
/// than 2 * N.
#[inline(always)]
fn ends<const N: usize>(text: &[u8]) -> Option<([u8; N], [u8; N])> {
    if text.len() > 2 * N {
        return None;
    }
    Some((*text.first_chunk()?, *text.last_chunk()?))
}

/// Adds `text` to a hash. Texts that follow one another are told apart by their lengths, too.
#[inline(always)]
pub(crate) fn write(hasher: &mut impl Hasher, text: &[u8]) {
    if let Some((first, last)) = ends::<CHUNK>(text) {
        hasher.write_u128(u128::from_le_bytes(first) ^ text.len() as u128);
        hasher.write_u128(u128::from_le_bytes(last));
    } else {
        hasher.write(text);
    }
}

/// Whether the texts are equal.
#[inline(always)]
pub(crate) fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    if let (Some(one), Some(other)) = (ends::<CHUNK>(one), ends::<CHUNK>(other)) {
        let [one, other] = [one, other].map(|(first, last)| (u128::from_ne_bytes(first), u128::from_ne_bytes(last)));
        return (one.0 ^ other.0) | (one.1 ^ other.1) == 0;
    }
    if let (Some(one), Some(other)) = (ends::<8>(one), ends::<8>(other)) {
        let [one, other] = [one, other].map(|(first, last)| (u64::from_ne_bytes(first), u64::from_ne_bytes(last)));
        return (one.0 ^ other.0) | (one.1 ^ other.1) == 0;
    }
    if let (Some(one), Some(other)) = (ends::<4>(one), ends::<4>(other)) {
        let [one, other] = [one, other].map(|(first, last)| (u32::from_ne_bytes(first), u32::from_ne_bytes(last)));
        return (one.0 ^ other.0) | (one.1 ^ other.1) == 0;
    }
    one == other
}

#[cfg(test)]
mod tests {
    use std::hash::BuildHasher;

    use super::*;
    use crate::hashing::label_hash;

    const LONGEST: usize = 100;

    #[test]
    fn texts_are_the_same_if_and_only_if_every_byte_is() {
        let text: Vec<u8> = (0..LONGEST as u8).collect();
        for length in 0..=LONGEST {
            let one = &text[..length];
            assert!(is_same(one, &one.to_vec()), "{length}");
            assert!(!is_same(one, &[one, b"x"].concat()), "{length}");
            for place in 0..length {
                let mut other = one.to_vec();
                other[place] ^= 0x80;
                assert!(!is_same(one, &other), "{length} {place}");
            }
        }
    }

    #[test]
    fn every_byte_and_the_length_of_a_text_enter_its_hash() {
        let state = label_hash();
        let hash = |texts: &[&[u8]]| {
            let mut hasher = state.build_hasher();
            texts.iter().for_each(|text| write(&mut hasher, text));
            hasher.finish()
        };
        let text: Vec<u8> = (0..LONGEST as u8).collect();
        for length in 0..=LONGEST {
            let one = &text[..length];
            assert_eq!(hash(&[one]), hash(&[&one.to_vec()]), "{length}");
            assert_ne!(hash(&[one]), hash(&[&[one, b"x"].concat()]), "{length}");
            for place in 0..length {
                let mut other = one.to_vec();
                other[place] ^= 0x80;
                assert_ne!(hash(&[one]), hash(&[&other]), "{length} {place}");
                assert_ne!(hash(&[one]), hash(&[&one[..place], &one[place..]]), "{length} {place}");
            }
        }
    }
}
