//! The last line: what is typed, what a key did, or which keys there are.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Palette, brush};
use crate::label;
use crate::view::{Mode, Tab, View};

/// What has fewer columns has no room for words.
const NARROW: u16 = 60;

pub(super) fn draw(buffer: &mut Buffer, line: Rect, view: &View, palette: Palette) {
    let filter = view
        .filter()
        .filter(|filter| !filter.is_empty())
        .map(|filter| label::shown(filter.text()).into_owned());
    if view.mode() == Mode::Filter {
        let rest = brush::left(buffer, line, "Filter: ", palette.bold());
        let hint = "  Enter keeps, Esc clears";
        let room = usize::from(rest.width).saturating_sub(label::columns(hint) + 1);
        let typed = filter.unwrap_or_default();
        let rest = brush::left(buffer, rest, last(&typed, room), Style::new());
        let rest = brush::left(buffer, rest, " ", palette.reversed());
        brush::left(buffer, rest, hint, palette.dim());
        return;
    }
    if let Some(said) = view.said() {
        brush::left(buffer, line, said, palette.bold());
        return;
    }
    if let Some(filter) = filter {
        let rest = brush::left(buffer, line, "Filter: ", palette.bold());
        let rest = brush::left(buffer, rest, &filter, Style::new());
        brush::left(buffer, rest, "  Esc clears", palette.dim());
        return;
    }
    let keys = match view.tab() {
        _ if line.width < NARROW => "? help  q quit  s / p m t  Enter",
        Tab::Pivot => "? help  q quit  x turn  n narrow  v values  f since  ←→ columns  / filter",
        Tab::Past => "? help  q quit  t minute, hour, day  ↑↓ scroll  p pause",
        Tab::Limits => "? help  q quit  ↑↓ scroll  p pause",
        Tab::Family(_) => "? help  q quit  s sort  / filter  p pause  m mark  t time  Enter details",
    };
    brush::left(buffer, line, keys, palette.dim());
}

/// The end of a shown text that fits so many columns.
fn last(shown: &str, columns: usize) -> &str {
    let start = shown
        .char_indices()
        .map(|(place, _)| place)
        .find(|place| label::columns(&shown[*place..]) <= columns);
    &shown[start.unwrap_or(shown.len())..]
}
