//! The hash function of labels, randomly seeded: labels come from outside.
//!
//! The seeds come from the operating system through the standard library's own `RandomState`, not from the hash
//! crate's global seed: that one stands behind a spin lock, which a fork can leave locked in the child.

use std::hash::{BuildHasher, Hasher, RandomState};

use foldhash::SharedSeed;
use foldhash::fast::{FoldHasher, SeedableRandomState};
use once_cell::race::OnceBox;

use crate::series::{Names, PlanLabels};
use crate::text::{self, Words};

/// A hash function with a seed of its own.
#[derive(Clone)]
pub(crate) struct LabelHash {
    /// For what asks for a hasher without a lifetime.
    state: SeedableRandomState,
    /// For labels: both seeds are at hand, with no pointer to follow.
    seed: u64,
    shared: SharedSeed,
}

/// A new hash function.
pub(crate) fn label_hash() -> LabelHash {
    static SHARED: OnceBox<SharedSeed> = OnceBox::new();
    let shared = SHARED.get_or_init(|| Box::new(SharedSeed::from_u64(random())));
    let seed = random();
    LabelHash { state: SeedableRandomState::with_seed(seed, shared), seed, shared: shared.clone() }
}

fn random() -> u64 {
    // A model runs again and again, and must do the same each time.
    if cfg!(runtime_metrics_loom) { 7 } else { RandomState::new().hash_one(0_u8) }
}

impl LabelHash {
    /// The hash of `label` in group `group`.
    pub(crate) fn of_label(&self, group: u32, label: &str) -> u64 {
        let mut hasher = self.of_group(group);
        text::write(&mut hasher, label);
        hasher.finish()
    }

    /// The same of a short label.
    #[inline(always)]
    pub(crate) fn of_short_label<const N: usize>(&self, group: u32, label: &impl Words<N>) -> u64 {
        let mut hasher = self.of_group(group);
        label.write(&mut hasher);
        hasher.finish()
    }

    #[inline(always)]
    fn of_group(&self, group: u32) -> FoldHasher<'_> {
        // The product with the secret seed keeps one group's labels from being chosen to meet another's. Group 0 has the
        // seed itself, and no group has 0: the factor is odd.
        let seed = self.seed.wrapping_mul(u64::from(group) << 1 | 1);
        FoldHasher::with_seed(seed, &self.shared)
    }

    /// The hash of a plan's labels.
    pub(crate) fn of_plan<'a>(&self, labels: PlanLabels<'_, impl Names<'a>>) -> u64 {
        let mut hasher = self.build_hasher();
        text::write(&mut hasher, labels.endpoint);
        text::write(&mut hasher, labels.target);
        for name in labels.names {
            text::write(&mut hasher, name);
        }
        hasher.finish()
    }

    /// The hash of a plan's endpoint, target, number of names, first and last name.
    #[inline]
    pub(crate) fn of_sketch<'a>(&self, mut labels: PlanLabels<'_, impl Names<'a>>) -> u64 {
        let mut hasher = self.of_group(labels.names.len() as u32); // all of it, or that of another number
        text::write(&mut hasher, labels.endpoint);
        text::write(&mut hasher, labels.target);
        if let Some(first) = labels.names.next() {
            text::write(&mut hasher, first);
        }
        if let Some(last) = labels.names.next_back() {
            text::write(&mut hasher, last);
        }
        hasher.finish()
    }
}

impl BuildHasher for LabelHash {
    type Hasher = FoldHasher<'static>;

    #[inline(always)]
    fn build_hasher(&self) -> FoldHasher<'static> {
        self.state.build_hasher()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Ends;

    #[test]
    fn each_hash_function_has_a_seed_of_its_own_and_a_copy_keeps_it() {
        let (one, two) = (label_hash(), label_hash());
        assert_ne!(one.hash_one("label"), two.hash_one("label"));
        assert_eq!(one.hash_one("label"), one.clone().hash_one("label"));
        for group in [0, 1, 2, u32::MAX] {
            assert_ne!(one.of_label(group, "label"), two.of_label(group, "label"));
        }
        let Some(Ends::Short(short)) = Ends::of("label") else { unreachable!() };
        assert_eq!(one.of_label(7, "label"), one.of_short_label(7, &short));
        let Some(Ends::Long(long)) = Ends::of("a label of more bytes") else { unreachable!() };
        assert_eq!(one.of_label(7, "a label of more bytes"), one.of_short_label(7, &long));
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
