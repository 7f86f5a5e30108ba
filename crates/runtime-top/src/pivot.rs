//! Deliveries by two of endpoint, target and caller, summed over the third or narrowed to one of its labels.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::Arc;

use crate::filter::Filter;
use crate::moments::Since;
use crate::scene::Scene;
use crate::selection::Selection;
use crate::snapshot::{Snapshot, Tuple};

/// The others are summed in one.
const MOST_COLUMNS: usize = 24;

/// A label of one dimension. None where callers are dropped.
pub(crate) type Label = Option<Arc<str>>;

/// What rows and columns are by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dimension {
    Endpoint,
    Target,
    Caller,
}

impl Dimension {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Endpoint => "endpoint",
            Self::Target => "target",
            Self::Caller => "caller",
        }
    }
}

/// Rows, columns, and what is summed over.
const AXES: [[Dimension; 3]; 6] = {
    use Dimension::{Caller, Endpoint, Target};
    [
        [Caller, Target, Endpoint],
        [Caller, Endpoint, Target],
        [Target, Endpoint, Caller],
        [Target, Caller, Endpoint],
        [Endpoint, Target, Caller],
        [Endpoint, Caller, Target],
    ]
};

/// Since what is counted.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum From {
    #[default]
    WindowStart,
    Opened,
    Mark,
}

/// How the pivot is looked at.
#[derive(Debug, Clone, Default)]
pub(crate) struct PivotView {
    axes: usize,
    pub(crate) counts_values: bool,
    pub(crate) from: From,
    /// The label of the third dimension that is narrowed down to.
    only: Option<Label>,
    /// Columns that are out of sight, to the left.
    pub(crate) skipped: usize,
    pub(crate) sorts_by_label: bool,
    pub(crate) is_reversed: bool,
    pub(crate) filter: Filter,
    pub(crate) selection: Selection<Label>,
}

/// The table.
#[derive(Debug, Default)]
pub(crate) struct Pivot {
    /// The largest first.
    pub(crate) columns: Vec<PivotColumn>,
    pub(crate) rows: Vec<PivotRow>,
    /// Of the third dimension, the largest first.
    thirds: Vec<Label>,
    /// Whether the two snapshots can be compared.
    pub(crate) is_known: bool,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PivotColumn {
    pub(crate) head: Head,
    pub(crate) total: u64,
}

#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Head {
    Label(Label),
    /// So many columns in one.
    Others(usize),
}

#[derive(Debug)]
pub(crate) struct PivotRow {
    pub(crate) label: Label,
    pub(crate) total: u64,
    /// By column.
    pub(crate) cells: Vec<u64>,
}

impl PivotView {
    pub(crate) fn axes(&self) -> [Dimension; 3] {
        AXES[self.axes]
    }

    pub(crate) fn only(&self) -> Option<&Label> {
        self.only.as_ref()
    }

    pub(crate) fn turn(&mut self) {
        self.axes = (self.axes + 1) % AXES.len();
        (self.only, self.skipped) = (None, 0);
        self.selection.clear();
    }

    /// Narrows down to the next label of the third dimension; after the last one, to none.
    pub(crate) fn narrow(&mut self, pivot: &Pivot) {
        let present = self.only.as_ref().and_then(|only| pivot.thirds.iter().position(|label| label == only));
        self.only = pivot.thirds.get(present.map_or(0, |present| present + 1)).cloned();
        self.skipped = 0;
    }

    pub(crate) fn skip(&mut self, columns: isize, pivot: &Pivot) {
        self.skipped = self.skipped.saturating_add_signed(columns).min(pivot.columns.len().saturating_sub(1));
    }

    /// The moment that is counted from. None: the beginning of the window, or a mark that is not there.
    pub(crate) fn since<'a>(&self, scene: &Scene<'a>) -> Option<&'a Since> {
        match self.from {
            From::WindowStart => None,
            From::Opened => Some(scene.opened),
            From::Mark => scene.mark,
        }
    }

    /// *Cost:* one pass over the deliveries, and a sort.
    pub(crate) fn pivot(&self, scene: &Scene<'_>) -> Pivot {
        let since = self.since(scene);
        if since.is_none() && self.from == From::Mark {
            return Pivot::default();
        }
        let Some(counts) = grown(scene.snapshot, since, self.counts_values) else { return Pivot::default() };
        let [rows_by, columns_by, third] = self.axes();
        let thirds = largest(counts.iter().map(|(tuple, count)| (&tuple[third as usize], *count)));
        let selected: Vec<_> = counts
            .iter()
            .filter(|(tuple, _)| self.only.as_ref().is_none_or(|only| tuple[third as usize] == *only))
            .collect();
        let totals = largest(selected.iter().map(|(tuple, count)| (&tuple[columns_by as usize], *count)));
        let places: HashMap<&Label, usize> =
            totals.iter().enumerate().map(|(place, (label, _))| (label, place.min(MOST_COLUMNS))).collect();
        let columns = columns(&totals);
        let mut rows = HashMap::<&Label, PivotRow>::new();
        for (tuple, count) in &selected {
            let label = &tuple[rows_by as usize];
            let row = rows.entry(label).or_insert_with(|| PivotRow {
                label: label.clone(),
                total: 0,
                cells: vec![0; columns.len()],
            });
            let cell = &mut row.cells[places[&tuple[columns_by as usize]]];
            *cell = cell.saturating_add(*count);
            row.total = row.total.saturating_add(*count);
        }
        let mut rows: Vec<_> =
            rows.into_values().filter(|row| self.filter.matches(|| shown(&row.label))).collect();
        rows.sort_unstable_by(|one, other| {
            let by_total = Reverse(one.total).cmp(&Reverse(other.total));
            let order = if self.sorts_by_label { one.label.cmp(&other.label) } else { by_total };
            let order = if self.is_reversed { order.reverse() } else { order };
            order.then_with(|| one.label.cmp(&other.label))
        });
        let thirds = thirds.into_iter().map(|(label, _)| label).collect();
        Pivot { columns, rows, thirds, is_known: true }
    }
}

/// A label as text for a terminal.
pub(crate) fn shown(label: &Label) -> std::borrow::Cow<'_, str> {
    label.as_deref().map_or("(not shown)".into(), crate::label::shown)
}

/// What each tuple grew by since a moment; none: since the window began. None: that is not known.
fn grown<'a>(
    snapshot: &'a Snapshot,
    since: Option<&Since>,
    counts_values: bool,
) -> Option<Vec<(&'a Tuple, u64)>> {
    let before = match since {
        Some(since) if !since.snapshot.shares_window_with(snapshot) => return None,
        Some(since) if !since.from_window_start => Some(since.snapshot.tuples()),
        _ => None,
    };
    let grown = snapshot.tuples().iter().map(|(tuple, counts)| {
        let before = before.and_then(|before| before.get(tuple)).copied().unwrap_or_default();
        let grown = if counts_values {
            counts.values.saturating_sub(before.values)
        } else {
            counts.count.saturating_sub(before.count)
        };
        (tuple, grown)
    });
    Some(grown.filter(|(_, grown)| *grown > 0).collect())
}

/// Sums by label, the largest first.
fn largest<'a>(counts: impl Iterator<Item = (&'a Label, u64)>) -> Vec<(Label, u64)> {
    let mut sums = HashMap::<&Label, u64>::new();
    for (label, count) in counts {
        let sum = sums.entry(label).or_default();
        *sum = sum.saturating_add(count);
    }
    let mut sums: Vec<_> = sums.into_iter().map(|(label, sum)| (label.clone(), sum)).collect();
    sums.sort_unstable_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    sums
}

fn columns(totals: &[(Label, u64)]) -> Vec<PivotColumn> {
    let shown = totals.iter().take(MOST_COLUMNS);
    let mut columns: Vec<_> =
        shown.map(|(label, total)| PivotColumn { head: Head::Label(label.clone()), total: *total }).collect();
    if let Some(others) = totals.get(MOST_COLUMNS..).filter(|others| !others.is_empty()) {
        let total = others.iter().fold(0, |sum: u64, (_, total)| sum.saturating_add(*total));
        columns.push(PivotColumn { head: Head::Others(others.len()), total });
    }
    columns
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;
    use crate::view::View;

    fn pivot(pivot: &PivotView) -> Pivot {
        let mut view = View::new();
        view.take_snapshot(sample::snapshot().into(), sample::at(0.0));
        pivot.pivot(&view.scene().unwrap())
    }

    fn rows(pivot: &Pivot) -> Vec<(String, u64, Vec<u64>)> {
        pivot.rows.iter().map(|row| (shown(&row.label).into_owned(), row.total, row.cells.clone())).collect()
    }

    #[test]
    fn every_pair_of_dimensions_sums_to_the_same() {
        let mut view = PivotView::default();
        for _ in AXES {
            let pivot = pivot(&view);
            assert_eq!(pivot.rows.iter().map(|row| row.total).sum::<u64>(), 5);
            assert_eq!(pivot.columns.iter().map(|column| column.total).sum::<u64>(), 5);
            assert!(pivot.rows.iter().all(|row| row.cells.iter().sum::<u64>() == row.total));
            view.turn();
        }
        assert_eq!(view.axes(), AXES[0]);
    }

    #[test]
    fn a_pivot_is_narrowed_to_each_label_of_the_third_dimension_and_to_none() {
        let mut view = PivotView::default();
        let mut seen = vec![];
        for _ in 0..4 {
            let pivot = pivot(&view);
            seen.push(rows(&pivot));
            view.narrow(&pivot);
        }
        let all = vec![("local:api".to_owned(), 5, vec![5])];
        assert_eq!(seen[0], all);
        assert_eq!(seen[1], [("local:api".to_owned(), 4, vec![4])]);
        assert_eq!(seen[2], [("local:api".to_owned(), 1, vec![1])]);
        assert_eq!(seen[3], all);
    }

    #[test]
    fn values_can_be_counted_instead_and_a_moment_be_counted_from() {
        let view = PivotView { counts_values: true, axes: 4, ..PivotView::default() };
        assert_eq!(
            rows(&pivot(&view)),
            [("run-time".to_owned(), 12, vec![12]), ("build-time".to_owned(), 3, vec![3])]
        );
        let opened = pivot(&PivotView { from: From::Opened, ..PivotView::default() });
        assert!(opened.is_known && opened.rows.is_empty());
        assert!(!pivot(&PivotView { from: From::Mark, ..PivotView::default() }).is_known);
    }

    #[test]
    fn columns_beyond_a_number_are_summed_in_one() {
        let totals: Vec<_> = (0..30).map(|n| (Some(Arc::from(format!("{n:02}"))), 100 - n)).collect();
        let columns = columns(&totals);
        assert_eq!(columns.len(), MOST_COLUMNS + 1);
        assert_eq!(columns[MOST_COLUMNS], PivotColumn { head: Head::Others(6), total: (71..=76).sum() });
    }
}
