//! Deliveries by two dimensions.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Page, Palette, brush};
use crate::label;
use crate::numbers;
use crate::pivot::{Dimension, From, Head, PivotView, shown};
use crate::scene::Scene;
use crate::selection::first_shown;

const LEAST_CELL: usize = 6;
const WIDEST_HEAD: usize = 18;
const GAP: usize = 2;

pub(super) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    view: &PivotView,
    scene: &Scene<'_>,
    palette: Palette,
) -> Page {
    let pivot = view.pivot(scene);
    brush::left(buffer, brush::line(area, 0), &summary(view, scene), palette.dim());
    let height = usize::from(area.height.saturating_sub(2));
    let page = Page { rows: height, most_scrolled: 0 };
    if !pivot.is_known {
        let why = "Nothing to count from: the mark is of another window. f: count from elsewhere";
        brush::left(buffer, brush::line(area, 1), why, palette.bold());
        return page;
    }
    let total: u64 = pivot.rows.iter().fold(0, |sum: u64, row| sum.saturating_add(row.total));
    let total_width = label::columns(&numbers::count(total)).max(LEAST_CELL);
    let label_width = (usize::from(area.width) / 3).clamp(10, 40);
    let wide = |width: usize| u16::try_from(width).unwrap_or(u16::MAX);
    let place = view.selection.place(pivot.rows.iter().map(|row| &row.label));
    let first = first_shown(place, pivot.rows.len(), height);

    let heads = brush::line(area, 1);
    let (corner, rest) = brush::split(heads, wide(label_width));
    let mark = if view.is_reversed { "▲" } else { "▼" };
    let corner_text = if view.sorts_by_label {
        format!("{}{mark}", view.axes()[0].name())
    } else {
        view.axes()[0].name().to_owned()
    };
    brush::left(buffer, corner, &corner_text, palette.bold());
    let (cell, mut rest) = brush::split(rest, wide(total_width + GAP));
    brush::right(
        buffer,
        cell,
        &if view.sorts_by_label { "all".to_owned() } else { format!("all{mark}") },
        palette.bold(),
    );
    let mut columns = Vec::new();
    for (number, column) in pivot.columns.iter().enumerate().skip(view.skipped) {
        let head = match &column.head {
            Head::Label(label) => label::cut(&shown(label), WIDEST_HEAD).into_owned(),
            Head::Others(others) => format!("{others} others"),
        };
        let width =
            label::columns(&head).max(label::columns(&numbers::count(column.total))).max(LEAST_CELL) + GAP;
        if usize::from(rest.width) < width {
            break;
        }
        let (cell, next) = brush::split(rest, wide(width));
        brush::right(buffer, cell, &head, palette.bold());
        columns.push((number, wide(width)));
        rest = next;
    }
    if columns.len() + view.skipped < pivot.columns.len() {
        brush::right(buffer, rest, "→", palette.bold());
    }
    if pivot.rows.is_empty() {
        brush::left(buffer, brush::line(area, 2), "Nothing was delivered.", palette.dim());
    }
    for (number, row) in pivot.rows.iter().skip(first).take(height).enumerate() {
        let line = brush::line(area, number + 2);
        let (name, rest) = brush::split(line, wide(label_width));
        brush::left(buffer, name, &shown(&row.label), Style::new());
        let (cell, mut rest) = brush::split(rest, wide(total_width + GAP));
        brush::right(buffer, cell, &numbers::count(row.total), palette.bold());
        for (column, width) in &columns {
            let (cell, next) = brush::split(rest, *width);
            match row.cells[*column] {
                0 => brush::right(buffer, cell, "·", palette.dim()),
                count => brush::right(buffer, cell, &numbers::count(count), Style::new()),
            };
            rest = next;
        }
        if place == Some(first + number) {
            buffer.set_style(line, palette.reversed());
        }
    }
    page
}

/// What is counted, and what of it.
fn summary(view: &PivotView, scene: &Scene<'_>) -> String {
    let [rows, columns, third] = view.axes().map(Dimension::name);
    let measure = if view.counts_values { "Values" } else { "Responses" };
    let only = match view.only() {
        Some(label) => format!("{third} {} only", label::cut(&shown(label), WIDEST_HEAD)),
        None => format!("every {third}"),
    };
    let since = match view.from {
        From::WindowStart => "since start",
        From::Opened if scene.opened.from_window_start => "since start",
        From::Opened => "since opened",
        From::Mark => "since mark",
    };
    let overflow = match scene.snapshot.deliveries.records {
        0 => "",
        _ => "; without overflow",
    };
    format!("{measure} by {rows} × {columns}, {only}, {since}{overflow}")
}
