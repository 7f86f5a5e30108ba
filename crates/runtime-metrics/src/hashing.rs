//! The hash function of labels, randomly seeded: labels come from outside.
//!
//! The seeds come from the operating system through the standard library's own `RandomState`, not from the hash
//! crate's global seed: that one stands behind a spin lock, which a fork can leave locked in the child.

use std::hash::{BuildHasher, Hasher, RandomState};

use foldhash::SharedSeed;
use foldhash::fast::{FoldHasher, SeedableRandomState};
use once_cell::race::OnceBox;

use crate::text;

/// A hash function with a seed of its own.
#[derive(Clone)]
pub(crate) struct LabelHash {
    seed: u64,
    shared: &'static SharedSeed,
}

/// A new hash function.
pub(crate) fn label_hash() -> LabelHash {
    static SHARED: OnceBox<SharedSeed> = OnceBox::new();
    let shared = SHARED.get_or_init(|| Box::new(SharedSeed::from_u64(random())));
    LabelHash { seed: random(), shared }
}

fn random() -> u64 {
    RandomState::new().hash_one(0_u8)
}

impl LabelHash {
    /// The hash of `label` in group `group`.
    #[inline]
    pub(crate) fn of_label(&self, group: u32, label: &str) -> u64 {
        // The product with the secret seed keeps one group's labels from being chosen to meet another's.
        let seed = self.seed ^ self.seed.wrapping_mul(u64::from(group));
        let mut hasher = SeedableRandomState::with_seed(seed, self.shared).build_hasher();
        text::write(&mut hasher, label.as_bytes());
        hasher.finish()
    }

    /// The hash of a sequence of labels.
    #[inline]
    pub(crate) fn of_labels<'a>(&self, labels: impl Iterator<Item = &'a str>) -> u64 {
        let mut hasher = self.build_hasher();
        labels.for_each(|label| text::write(&mut hasher, label.as_bytes()));
        hasher.finish()
    }
}

impl BuildHasher for LabelHash {
    type Hasher = FoldHasher<'static>;

    #[inline]
    fn build_hasher(&self) -> FoldHasher<'static> {
        SeedableRandomState::with_seed(self.seed, self.shared).build_hasher()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hash_function_has_a_seed_of_its_own_and_a_copy_keeps_it() {
        let (one, two) = (label_hash(), label_hash());
        assert_ne!(one.hash_one("label"), two.hash_one("label"));
        assert_eq!(one.hash_one("label"), one.clone().hash_one("label"));
        assert_ne!(one.of_label(0, "label"), two.of_label(0, "label"));
    }

    #[test]
    fn one_label_has_another_hash_in_each_group() {
        let hash = label_hash();
        let mut hashes: Vec<u64> = (0..10_000).map(|group| hash.of_label(group, "label")).collect();
        hashes.sort_unstable();
        hashes.dedup();
        assert_eq!(hashes.len(), 10_000);
    }
}
