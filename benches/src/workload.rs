//! Items to record, and a pseudo-random order to go through them in.

use rand_distr::{Distribution, Zipf, ZipfError};
use rand_xoshiro::Xoshiro256PlusPlus;
use rand_xoshiro::rand_core::SeedableRng;
use serde::{Deserialize, Serialize};

/// The shortest order: long enough that its end does not show, short enough for the first-level cache.
const FEWEST_STEPS: usize = 4_096;

/// Steps of an order for each item, so that nearly every item of a uniform order occurs.
const STEPS_PER_ITEM: usize = 8;

/// How often each item comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Popularity {
    /// All equally often.
    Uniform,
    /// The second half as often as the first, the third a third as often, and so on: Zipf's law of exponent 1.
    Zipf,
}

/// Items to record, in a pseudo-random order that is the same in every process.
#[derive(Debug)]
pub struct Workload<T> {
    items: Vec<T>,
    /// Positions in `items`; as many as a power of two.
    order: Vec<u32>,
}

impl<T> Workload<T> {
    /// A workload of `items`, at most 2^32 of them.
    ///
    /// # Errors
    ///
    /// If there are no items.
    pub fn new(items: Vec<T>, popularity: Popularity) -> Result<Self, ZipfError> {
        let exponent = match popularity {
            Popularity::Uniform => 0.0,
            Popularity::Zipf => 1.0,
        };
        let rank = Zipf::new(items.len() as f64, exponent)?;
        let steps = (STEPS_PER_ITEM * items.len()).max(FEWEST_STEPS).next_power_of_two();
        let last = items.len() - 1;
        let mut source = Xoshiro256PlusPlus::seed_from_u64(1);
        // Ranks count from 1.
        let order = (0..steps).map(|_| (rank.sample(&mut source) as usize - 1).min(last) as u32).collect();
        Ok(Self { items, order })
    }

    /// The items, each once.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// Steps until the order begins anew.
    #[must_use]
    pub fn steps(&self) -> usize {
        self.order.len()
    }

    /// The item that comes at `step`.
    #[inline]
    #[must_use]
    pub fn at(&self, step: usize) -> &T {
        &self.items[self.order[step & (self.order.len() - 1)] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn visits(items: usize, popularity: Popularity) -> Vec<usize> {
        let workload = Workload::new((0..items).collect(), popularity).unwrap();
        let mut visits = vec![0; items];
        (0..workload.steps()).for_each(|step| visits[*workload.at(step)] += 1);
        assert_eq!(workload.at(0), workload.at(workload.steps()));
        visits
    }

    #[test]
    fn a_round_through_a_uniform_order_comes_by_every_item_about_equally_often() {
        let visits = visits(100, Popularity::Uniform);
        assert!(visits.iter().all(|visits| (15..=80).contains(visits)), "{visits:?}");
    }

    #[test]
    fn in_a_zipf_order_the_tenth_item_comes_about_a_tenth_as_often_as_the_first() {
        let visits = visits(5_000, Popularity::Zipf);
        let ratio = visits[0] as f64 / visits[9] as f64;
        assert!((8.0..12.5).contains(&ratio), "{ratio}");
        // The harmonic number of 5,000 is 9.09.
        let share = visits[0] as f64 / visits.iter().sum::<usize>() as f64;
        assert!((0.10..0.12).contains(&share), "{share}");
    }

    #[test]
    fn one_item_comes_always_and_none_is_refused() {
        assert_eq!(visits(1, Popularity::Zipf), [FEWEST_STEPS]);
        assert!(Workload::<u8>::new(Vec::new(), Popularity::Uniform).is_err());
    }
}
