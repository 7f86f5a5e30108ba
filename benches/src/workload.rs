//! Items to record, and a pseudo-random order to go through them in.

/// The length of the order: long enough that its end does not show, short enough for the first-level cache.
const STEPS: usize = 4_096;

/// Items to record, in a pseudo-random order that is the same in every process.
#[derive(Debug)]
pub struct Workload<T> {
    items: Vec<T>,
    /// Positions in `items`; `STEPS` of them.
    order: Vec<u16>,
}

impl<T> Workload<T> {
    /// A workload of `items`, at most 65,536 of them.
    #[must_use]
    pub fn new(items: Vec<T>) -> Self {
        let mut state = 0x9e37_79b9_7f4a_7c15_u64;
        let order = (0..STEPS)
            .map(|_| {
                // xorshift64 (Marsaglia, "Xorshift RNGs", 2003); its upper half, scaled to the number of items.
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                (((state >> 32) * items.len() as u64) >> 32) as u16
            })
            .collect();
        Self { items, order }
    }

    /// The items, each once.
    #[must_use]
    pub fn items(&self) -> &[T] {
        &self.items
    }

    /// The item that comes at `step`.
    #[inline]
    #[must_use]
    pub fn at(&self, step: usize) -> &T {
        &self.items[usize::from(self.order[step % STEPS])]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_round_through_the_order_comes_by_every_item_about_equally_often() {
        let workload = Workload::new((0..100).collect());
        let mut visits = [0; 100];
        for step in 0..STEPS {
            visits[*workload.at(step)] += 1;
        }
        assert!(visits.iter().all(|visits| (15..=80).contains(visits)), "{visits:?}");
        assert_eq!(workload.at(0), workload.at(STEPS));
    }
}
