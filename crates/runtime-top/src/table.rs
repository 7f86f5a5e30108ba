//! The table of one family: its columns, its rows in order, and which of them is selected.

use std::cmp::Ordering;

use crate::family::{Counts, Key};
use crate::filter::Filter;
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
#[derive(Debug)]
pub(crate) struct Row<'a> {
    pub(crate) key: &'a Key,
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

    /// The keys of the rows that the filter leaves, in order.
    ///
    /// *Cost:* one pass over the family, and a sort. Only what is sorted by is looked up.
    pub(crate) fn keys<'a>(&self, scene: &Scene<'a>) -> Vec<&'a Key> {
        let column = self.column(scene.mark.is_some());
        let family = scene.snapshot.family(self.family);
        let matching = family.rows().filter(|(key, _)| self.filter.matches(|| key.shown()));
        let mut rows: Vec<_> =
            matching.map(|(key, counts)| (self.rank(column, key, *counts, scene), key)).collect();
        rows.sort_unstable_by(|(one, one_key), (other, other_key)| {
            let order = if column == Column::Label { one_key.cmp(other_key) } else { one.compare(other) };
            let order = if self.is_descending { order.reverse() } else { order };
            order.then_with(|| one_key.cmp(other_key))
        });
        rows.into_iter().map(|(_, key)| key).collect()
    }

    /// What the columns say of one row.
    pub(crate) fn row<'a>(&self, key: &'a Key, scene: &Scene<'_>) -> Row<'a> {
        let series = Series::Row(self.family, key);
        let counts = scene.snapshot.family(self.family).counts(key);
        Row {
            key,
            counts,
            rate: scene.rate(series),
            share: scene.snapshot.share(self.family, counts.count),
            opened: scene.since_opened(series),
            mark: scene.since_mark(series),
        }
    }

    fn rank(&self, column: Column, key: &Key, counts: Counts, scene: &Scene<'_>) -> Rank {
        let series = Series::Row(self.family, key);
        let exact = |number: Option<i128>| number.map_or(Rank::Unknown, Rank::Exact);
        match column {
            Column::Label => Rank::Unknown,
            Column::Count | Column::Share => Rank::Exact(counts.count.into()),
            Column::Values => Rank::Exact(counts.values.into()),
            Column::Rate | Column::Trend => scene.rate(series).map_or(Rank::Unknown, Rank::Rate),
            Column::Opened => exact(scene.since_opened(series)),
            Column::Mark => exact(scene.since_mark(series)),
        }
    }
}

/// What rows are sorted by; of one column, so that no two kinds of numbers meet. What is not known is less than anything.
#[derive(Debug, Clone, Copy)]
enum Rank {
    Unknown,
    Exact(i128),
    Rate(f64),
}

impl Rank {
    fn compare(&self, other: &Self) -> Ordering {
        match (self, other) {
            (Self::Exact(one), Self::Exact(other)) => one.cmp(other),
            (Self::Rate(one), Self::Rate(other)) => one.total_cmp(other),
            (one, other) => {
                let is_known = |rank: &Self| !matches!(rank, Self::Unknown);
                is_known(one).cmp(&is_known(other))
            }
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
        table.keys(&view.scene().unwrap()).iter().map(|key| key.shown().into_owned()).collect()
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
        let (table, scene) = (Table::new(FamilyName::Paths), view.scene().unwrap());
        let row = table.row(table.keys(&scene)[2], &scene);
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
