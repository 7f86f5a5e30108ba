//! The table of a family.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Page, Palette, brush, chart};
use crate::label;
use crate::numbers;
use crate::scene::Scene;
use crate::selection::first_shown;
use crate::snapshot::{DROPPED, FamilyName};
use crate::table::{Column, Row, Table};
use crate::trends::Series;

const TREND_WIDTH: usize = 12;
/// Snapshots in a column of the trend: a minute in all.
const PER_COLUMN: usize = 5;
/// A label has at least so many columns.
const LEAST_LABEL: usize = 14;
const GAP: usize = 2;
/// Which columns stay where there is no room for all.
const IMPORTANCE: [Column; 7] =
    [Column::Count, Column::Rate, Column::Mark, Column::Opened, Column::Share, Column::Trend, Column::Values];

pub(super) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    table: &Table,
    scene: &Scene<'_>,
    palette: Palette,
) -> Page {
    let keys = table.keys(scene);
    let has_mark = scene.mark.is_some();
    let sorted = table.column(has_mark);
    let height = usize::from(area.height.saturating_sub(1));
    let place = table.selection.place(keys.iter().copied());
    let first = first_shown(place, keys.len(), height);
    let shown: Vec<_> = keys.iter().skip(first).take(height).map(|key| table.row(key, scene)).collect();
    let columns = fitting(table, scene, &shown, usize::from(area.width));
    let taken: usize = columns.iter().map(|(_, width)| width + GAP).sum();
    let label_width = u16::try_from(usize::from(area.width).saturating_sub(taken)).unwrap_or_default();

    let mark = if table.is_descending() { "▼" } else { "▲" };
    let titled = |column| {
        format!("{}{}", title(table.family(), scene, column), if column == sorted { mark } else { "" })
    };
    let line = brush::line(area, 0);
    buffer.set_style(line, palette.bold());
    let (label, mut rest) = brush::split(line, label_width);
    brush::left(buffer, label, &titled(Column::Label), palette.bold());
    for (column, width) in &columns {
        let (cell, next) = brush::split(rest, u16::try_from(width + GAP).unwrap_or(u16::MAX));
        brush::right(buffer, cell, &titled(*column), palette.bold());
        rest = next;
    }
    let remark = if scene.snapshot.drops(table.family()) {
        DROPPED
    } else if !keys.is_empty() {
        ""
    } else if table.filter.is_empty() {
        "Nothing was counted in this window."
    } else {
        "No label holds the filter."
    };
    brush::left(buffer, brush::line(area, shown.len() + 1), remark, palette.dim());
    for (number, row) in shown.iter().enumerate() {
        let line = brush::line(area, number + 1);
        let (label, mut rest) = brush::split(line, label_width);
        brush::left(buffer, label, &row.key.shown(), Style::new());
        for (column, width) in &columns {
            let (cell, next) = brush::split(rest, u16::try_from(width + GAP).unwrap_or(u16::MAX));
            let style = if *column == Column::Trend { palette.line() } else { Style::new() };
            brush::right(buffer, cell, &text(*column, row, table.family(), scene), style);
            rest = next;
        }
        if place == Some(first + number) {
            buffer.set_style(line, palette.reversed());
        }
    }
    Page { rows: height, most_scrolled: 0 }
}

/// The columns beside the label that there is room for, with their widths: that which rows are sorted by first.
fn fitting(table: &Table, scene: &Scene<'_>, shown: &[Row<'_>], width: usize) -> Vec<(Column, usize)> {
    let has_mark = scene.mark.is_some();
    let sorted = table.column(has_mark);
    let all = table.columns(has_mark);
    let column_width = |column: Column| {
        let title = label::columns(title(table.family(), scene, column)) + 1;
        let texts = shown.iter().map(|row| label::columns(&text(column, row, table.family(), scene)));
        texts.max().unwrap_or_default().max(title)
    };
    let mut room = width.saturating_sub(LEAST_LABEL);
    let mut fitting = Vec::new();
    let first = (sorted != Column::Label).then_some(sorted);
    for column in first.into_iter().chain(IMPORTANCE.into_iter().filter(|column| *column != sorted)) {
        let width = column_width(column);
        if all.contains(&column) && width + GAP <= room {
            room -= width + GAP;
            fitting.push((column, width));
        }
    }
    fitting.sort_by_key(|(column, _)| all.iter().position(|other| other == column));
    fitting
}

pub(super) fn title(family: FamilyName, scene: &Scene<'_>, column: Column) -> &'static str {
    match column {
        Column::Label => match family {
            FamilyName::Paths => "Path",
            FamilyName::Endpoints => "Endpoint",
            FamilyName::Targets => "Target",
            FamilyName::Callers => "Caller",
            FamilyName::Names => "Name",
        },
        Column::Count => match family {
            FamilyName::Paths => "Requests",
            FamilyName::Names => "Values",
            _ => "Responses",
        },
        Column::Values => "Values",
        Column::Rate => "Rate/s",
        Column::Share => "Share",
        Column::Trend => "Trend",
        Column::Opened if scene.opened.from_window_start => "Start",
        Column::Opened => "Opened",
        Column::Mark => "Mark",
    }
}

pub(super) fn text(column: Column, row: &Row<'_>, family: FamilyName, scene: &Scene<'_>) -> String {
    match column {
        Column::Label => row.key.shown().into_owned(),
        Column::Count => numbers::count(row.counts.count),
        Column::Values => numbers::count(row.counts.values),
        Column::Rate => numbers::rate(row.rate),
        Column::Share => numbers::share(row.share),
        Column::Opened => numbers::change(row.opened),
        Column::Mark => numbers::change(row.mark),
        Column::Trend => {
            let rates = scene.trends.rates(Series::Row(family, row.key));
            let fitted = chart::fit(rates, TREND_WIDTH, PER_COLUMN);
            chart::sparkline(&fitted, chart::highest(&fitted))
        }
    }
}
