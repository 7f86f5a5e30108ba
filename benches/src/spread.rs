//! The middle of a set of figures, and how far it spreads.

use serde::{Deserialize, Serialize};

/// Median and quartiles.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Spread {
    /// A quarter of the figures is at most this.
    pub lower: f64,
    /// Half of the figures is at most this.
    pub median: f64,
    /// A quarter of the figures is at least this.
    pub upper: f64,
}

impl Spread {
    /// The spread of `figures`; of none, NaN. A quantile is the figure nearest to its rank.
    #[must_use]
    pub fn of(figures: impl IntoIterator<Item = f64>) -> Self {
        let mut figures: Vec<f64> = figures.into_iter().collect();
        figures.sort_unstable_by(f64::total_cmp);
        let last = figures.len().saturating_sub(1);
        let at = |quarters: usize| figures.get((quarters * last + 2) / 4).copied().unwrap_or(f64::NAN);
        Self { lower: at(1), median: at(2), upper: at(3) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_spread_of_five_figures_is_the_three_in_the_middle() {
        let spread = Spread::of([5.0, 1.0, 4.0, 2.0, 3.0]);
        assert_eq!(spread, Spread { lower: 2.0, median: 3.0, upper: 4.0 });
        assert!(Spread::of([]).median.is_nan());
    }
}
