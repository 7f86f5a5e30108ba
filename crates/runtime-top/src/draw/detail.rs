//! All of the row that is selected, whose label may be too long for its column.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::lines::{self, Lines};
use super::table::{text, title};
use super::{Page, Palette};
use crate::numbers;
use crate::pivot::{Head, shown};
use crate::scene::Scene;
use crate::snapshot::FamilyName;
use crate::table::Column;
use crate::view::{Tab, View};

pub(super) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    view: &View,
    scene: &Scene<'_>,
    palette: Palette,
) -> Page {
    let columns = usize::from(area.width.saturating_sub(4));
    let (label, facts) = match view.tab() {
        Tab::Family(family) => row(view, family, scene),
        _ => pivot_row(view, scene),
    };
    let mut lines: Lines =
        lines::wrapped(&label, columns).into_iter().map(|line| (line, palette.bold())).collect();
    lines.push((String::new(), Style::new()));
    lines.extend(facts.into_iter().map(|fact| (fact, Style::new())));
    lines::draw_framed(buffer, area, "Row (Esc closes)", &lines, view.scrolled(), palette)
}

const GONE: &str = "This row is not in the snapshot that is shown.";

fn row(view: &View, family: FamilyName, scene: &Scene<'_>) -> (String, Vec<String>) {
    let table = view.table(family);
    let keys = table.keys(scene);
    let Some(place) = table.selection.place(keys.iter().copied()) else {
        return (GONE.to_owned(), Vec::new());
    };
    let row = table.row(keys[place], scene);
    let columns = table.columns(scene.mark.is_some()).into_iter().filter(|column| *column != Column::Label);
    let fact = |column| format!("{:<10} {}", title(family, scene, column), text(column, &row, family, scene));
    (row.key.shown().into_owned(), columns.map(fact).collect())
}

fn pivot_row(view: &View, scene: &Scene<'_>) -> (String, Vec<String>) {
    let pivot = view.pivot().pivot(scene);
    let place = view.pivot().selection.place(pivot.rows.iter().map(|row| &row.label));
    let Some(place) = place else { return (GONE.to_owned(), Vec::new()) };
    let row = &pivot.rows[place];
    let cells = pivot.columns.iter().zip(&row.cells).filter(|(_, count)| **count > 0);
    let fact = |(column, count): (&crate::pivot::PivotColumn, &u64)| match &column.head {
        Head::Label(label) => format!("{:>12}  {}", numbers::count(*count), shown(label)),
        Head::Others(others) => format!("{:>12}  {others} others", numbers::count(*count)),
    };
    let all = format!("{:>12}  all", numbers::count(row.total));
    (shown(&row.label).into_owned(), std::iter::once(all).chain(cells.map(fact)).collect())
}
