//! Items with keys, and the rank of each item's key among all.

use std::sync::Arc;

/// Distinct keys in their order, and which of them each item has. Items are numbered from 0.
pub(crate) struct Ranking<K> {
    /// Sorted, each once.
    keys: Arc<[K]>,
    /// By item: the place of its key in `keys`.
    ranks: Vec<u32>,
    /// The items, sorted by their keys.
    order: Vec<u32>,
}

impl<K> Default for Ranking<K> {
    fn default() -> Self {
        Self { keys: Arc::new([]), ranks: Vec::new(), order: Vec::new() }
    }
}

impl<K> Ranking<K> {
    /// The ranking of items with the given keys; `own` makes a key that is kept.
    ///
    /// `earlier` is the order of the first of them, if it is known already: it is a hint that saves most comparisons.
    pub(crate) fn new<Q: Ord>(items: &[Q], earlier: &[u32], own: impl Fn(&Q) -> K) -> Self {
        let first = u32::try_from(earlier.len()).unwrap_or(u32::MAX);
        // Items are series, and names of series: there is no memory for u32::MAX of them.
        let last = u32::try_from(items.len()).unwrap_or(u32::MAX);
        let mut order: Vec<u32> = earlier.iter().copied().chain(first..last).collect();
        // A stable sort looks for runs that are in order, and merges them.
        order.sort_by(|a, b| items[*a as usize].cmp(&items[*b as usize]));
        let mut keys = Vec::new();
        let mut ranks = vec![0; order.len()];
        let mut before: Option<&Q> = None;
        for item in &order {
            let key = &items[*item as usize];
            if before != Some(key) {
                keys.push(own(key));
                before = Some(key);
            }
            ranks[*item as usize] = keys.len() as u32 - 1;
        }
        Self { keys: keys.into(), ranks, order }
    }

    /// The keys in their order.
    pub(crate) fn keys(&self) -> &Arc<[K]> {
        &self.keys
    }

    /// The key of this rank.
    pub(crate) fn key(&self, rank: u32) -> &K {
        &self.keys[rank as usize]
    }

    /// The rank of an item's key.
    pub(crate) fn rank(&self, item: u32) -> u32 {
        self.ranks[item as usize]
    }

    /// By item: the rank of its key.
    pub(crate) fn ranks(&self) -> &[u32] {
        &self.ranks
    }

    /// The items, sorted by their keys.
    pub(crate) fn order(&self) -> &[u32] {
        &self.order
    }

    /// Whether an item has the key of the first one. (Where the first one is that of deliveries without labels: whether it has the
    /// overflow label.)
    pub(crate) fn has_first_key(&self, item: usize) -> bool {
        self.ranks.get(item) == self.ranks.first()
    }

    /// By item: its key.
    pub(crate) fn items(&self) -> impl Iterator<Item = &K> {
        self.ranks.iter().map(|rank| self.key(*rank))
    }

    /// By rank: the sum of `counts`, which are by item.
    pub(crate) fn sums(&self, counts: impl Iterator<Item = u64>) -> Vec<u64> {
        sums_by(&self.ranks, self.keys.len(), counts)
    }
}

/// The sums of `counts`, each of which goes to the group of the same place in `groups`; there are `number` groups.
pub(super) fn sums_by(groups: &[u32], number: usize, counts: impl Iterator<Item = u64>) -> Vec<u64> {
    let mut sums = vec![0_u64; number];
    for (group, count) in groups.iter().zip(counts) {
        let sum = &mut sums[*group as usize];
        *sum = sum.wrapping_add(count);
    }
    sums
}

/// The ranking of items with the given labels, which begin with those of `earlier`.
pub(super) fn ranked_labels(labels: &[&Arc<str>], earlier: &Ranking<Arc<str>>) -> Ranking<Arc<str>> {
    Ranking::new(labels, earlier.order(), |label| Arc::clone(label))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn ranking(items: &[u8], earlier: &[u32]) -> Ranking<u8> {
        Ranking::new(items, earlier, |key| *key)
    }

    #[test]
    fn items_of_one_key_share_a_rank_and_their_counts_are_summed() {
        let ranking = ranking(&[7, 3, 7, 5], &[]);
        assert_eq!((&**ranking.keys(), ranking.ranks()), (&[3, 5, 7][..], &[2, 0, 2, 1][..]));
        assert_eq!(ranking.sums([1, 2, 4, 8].into_iter()), [2, 8, 5]);
    }

    proptest! {
        #[test]
        fn a_ranking_that_begins_with_an_earlier_one_is_the_one_that_is_made_of_all_items(
            items in prop::collection::vec(any::<u8>(), 0..60),
            known in 0..60_usize,
        ) {
            let earlier = ranking(&items[..known.min(items.len())], &[]);
            let (grown, whole) = (ranking(&items, earlier.order()), ranking(&items, &[]));
            prop_assert_eq!(grown.keys(), whole.keys());
            prop_assert_eq!(grown.ranks(), whole.ranks());
            prop_assert!(whole.keys().is_sorted_by(|a, b| a < b));
            prop_assert!(whole.items().eq(&items));
        }
    }
}
