//! The table of one family: its columns, its rows in order, and which of them is selected.

use std::cmp::Ordering;

use crate::family::{Counts, Key};
use crate::filter::Filter;
use crate::numbers;
use crate::scene::Scene;
use crate::selection::Selection;
use crate::snapshot::FamilyName;
use crate::trends::Series;

/// The columns, in the order in which they stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Column {
    Label,
    Count,
    Values,
    Rate,
    Share,
    /// Sorts by the rate.
    Trend,
    Opened,
    Mark,
}

/// One row, with all that any column says of it.
#[derive(Debug, Clone)]
pub(crate) struct Row {
    pub(crate) key: Key,
    pub(crate) counts: Counts,
    pub(crate) rate: Option<f64>,
    pub(crate) share: Option<f64>,
    pub(crate) opened: Option<i128>,
    pub(crate) mark: Option<i128>,
}

/// How a table is looked at.
#[derive(Debug, Clone)]
pub(crate) struct Table {
    family: FamilyName,
    column: Column,
    is_descending: bool,
    pub(crate) filter: Filter,
    pub(crate) selection: Selection<Key>,
}

impl Table {
    pub(crate) fn new(family: FamilyName) -> Self {
        Self {
            family,
            column: Column::Count,
            is_descending: true,
            filter: Filter::default(),
            selection: Selection::default(),
        }
    }

    pub(crate) fn family(&self) -> FamilyName {
        self.family
    }

    /// Which column the rows are sorted by. That of a mark that is not there is none.
    pub(crate) fn column(&self, has_mark: bool) -> Column {
        if self.column == Column::Mark && !has_mark { Column::Count } else { self.column }
    }

    pub(crate) fn is_descending(&self) -> bool {
        self.is_descending
    }

    pub(crate) fn columns(&self, has_mark: bool) -> Vec<Column> {
        let mut columns = vec![Column::Label, Column::Count];
        if matches!(self.family, FamilyName::Endpoints | FamilyName::Targets | FamilyName::Callers) {
            columns.push(Column::Values);
        }
        columns.extend([Column::Rate, Column::Share, Column::Trend, Column::Opened]);
        columns.extend(has_mark.then_some(Column::Mark));
        columns
    }

    /// Sorts by the column that is so many places further. Labels start from A, numbers from the largest.
    pub(crate) fn sort_by_next(&mut self, places: isize, has_mark: bool) {
        let columns = self.columns(has_mark);
        let present = columns.iter().position(|column| *column == self.column(has_mark)).unwrap_or_default();
        let next = (present as isize + places).rem_euclid(columns.len() as isize);
        self.column = columns[next as usize];
        self.is_descending = self.column != Column::Label;
    }

    pub(crate) fn reverse(&mut self) {
        self.is_descending = !self.is_descending;
    }

    /// The rows that the filter leaves, in order.
    ///
    /// *Cost:* one pass over the family, and a sort.
    pub(crate) fn rows(&self, scene: &Scene<'_>) -> Vec<Row> {
        let family = scene.snapshot.family(self.family);
        let matching = family.rows().filter(|(key, _)| self.filter.matches(&key.shown()));
        let mut rows: Vec<_> = matching
            .map(|(key, counts)| {
                let series = Series::Row(self.family, key);
                Row {
                    key: key.clone(),
                    counts: *counts,
                    rate: scene.rate(series),
                    share: numbers::ratio(counts.count, family.total()),
                    opened: scene.since_opened(series),
                    mark: scene.since_mark(series),
                }
            })
            .collect();
        let column = self.column(scene.mark.is_some());
        rows.sort_unstable_by(|one, other| {
            let order = column.compare(one, other);
            let order = if self.is_descending { order.reverse() } else { order };
            order.then_with(|| one.key.cmp(&other.key))
        });
        rows
    }
}

impl Column {
    /// What is not known is less than anything.
    fn compare(self, one: &Row, other: &Row) -> Ordering {
        let floats = |one: Option<f64>, other: Option<f64>| {
            one.unwrap_or(f64::NEG_INFINITY).total_cmp(&other.unwrap_or(f64::NEG_INFINITY))
        };
        match self {
            Self::Label => one.key.cmp(&other.key),
            Self::Count => one.counts.count.cmp(&other.counts.count),
            Self::Values => one.counts.values.cmp(&other.counts.values),
            Self::Rate | Self::Trend => floats(one.rate, other.rate),
            Self::Share => floats(one.share, other.share),
            Self::Opened => one.opened.cmp(&other.opened),
            Self::Mark => one.mark.cmp(&other.mark),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Cut;
    use crate::view::View;

    fn view() -> View {
        let mut view = View::new();
        for cut in [
            Cut::new(0.0, &[("/b", 10), ("/a", 10), ("/c", 1)]),
            Cut::new(1.0, &[("/b", 11), ("/a", 10), ("/c", 9)]),
        ] {
            view.take_snapshot(cut.snapshot().into(), crate::sample::at(cut.seconds));
        }
        view
    }

    fn labels(table: &Table) -> Vec<String> {
        let view = view();
        table.rows(&view.scene().unwrap()).iter().map(|row| row.key.shown().into_owned()).collect()
    }

    #[test]
    fn rows_are_in_the_order_of_any_column_either_way_and_equals_by_label() {
        let mut table = Table::new(FamilyName::Paths);
        assert_eq!(labels(&table), ["/b", "/a", "/c"]);
        table.sort_by_next(1, false);
        assert_eq!(table.column(false), Column::Rate);
        assert_eq!(labels(&table), ["/c", "/b", "/a"]);
        table.reverse();
        assert_eq!(labels(&table), ["/a", "/b", "/c"]);
        table.sort_by_next(-2, false);
        assert_eq!(table.column(false), Column::Label);
        assert_eq!(labels(&table), ["/a", "/b", "/c"]);
        table.sort_by_next(-1, false);
        assert_eq!(table.column(false), Column::Opened);
        assert_eq!(labels(&table), ["/c", "/b", "/a"]);
    }

    #[test]
    fn a_filter_leaves_the_rows_whose_shown_label_holds_it() {
        let mut table = Table::new(FamilyName::Paths);
        "/A".chars().for_each(|character| table.filter.add(character));
        assert_eq!(labels(&table), ["/a"]);
    }

    #[test]
    fn the_numbers_of_a_row_are_of_the_scene() {
        let view = view();
        let rows = Table::new(FamilyName::Paths).rows(&view.scene().unwrap());
        let row = &rows[2];
        assert_eq!((row.counts.count, row.rate, row.opened, row.mark), (9, Some(8.0), Some(8), None));
        assert_eq!(row.share, Some(0.3));
    }

    #[test]
    fn the_column_of_a_mark_is_there_with_the_mark() {
        let mut table = Table::new(FamilyName::Callers);
        assert!(!table.columns(false).contains(&Column::Mark) && table.columns(true).contains(&Column::Mark));
        table.sort_by_next(-2, true);
        assert_eq!(table.column(true), Column::Mark);
        assert_eq!(table.column(false), Column::Count);
    }
}
