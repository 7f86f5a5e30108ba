//! The hash function of labels, randomly seeded: labels come from outside.
//!
//! The seeds come from the operating system through the standard library's own `RandomState`, not from the hash
//! crate's global seed: that one stands behind a spin lock, which a fork can leave locked in the child.

use std::hash::{BuildHasher, RandomState};

use foldhash::SharedSeed;
use foldhash::fast::SeedableRandomState;
use once_cell::race::OnceBox;

/// A hash function with a seed of its own.
pub(crate) type LabelHash = SeedableRandomState;

/// A new hash function.
pub(crate) fn label_hash() -> LabelHash {
    static SHARED: OnceBox<SharedSeed> = OnceBox::new();
    let shared = SHARED.get_or_init(|| Box::new(SharedSeed::from_u64(random())));
    SeedableRandomState::with_seed(random(), shared)
}

fn random() -> u64 {
    RandomState::new().hash_one(0_u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hash_function_has_a_seed_of_its_own_and_a_copy_keeps_it() {
        let (one, two) = (label_hash(), label_hash());
        assert_ne!(one.hash_one("label"), two.hash_one("label"));
        assert_eq!(one.hash_one("label"), one.clone().hash_one("label"));
    }
}
