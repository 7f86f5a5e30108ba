//! The keys.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::lines::{self, Lines};
use super::{Page, Palette};
use crate::action::HELP;

const NOTES: [&str; 9] = [
    "Every number is of the snapshot whose number is at the top,",
    "or of it and an earlier one. A snapshot is one instant: what is",
    "in a total is in its parts. Rates are over the last 10 seconds.",
    "The lines of requests and deliveries have one axis, from nothing",
    "up. A trend has its own: the last 60 snapshots, five in a column.",
    "Copies go to the clipboard of the terminal, wherever that is: by",
    "OSC 52. No terminal says whether it took one. Some do not, some",
    "have to be told to, some cut what is long; tmux takes them with",
    "set-clipboard on, and screen does not.",
];

pub(super) fn draw(buffer: &mut Buffer, area: Rect, scrolled: usize, palette: Palette) -> Page {
    let mut shown: Lines =
        HELP.iter().map(|(keys, what)| (format!("{keys:<12}{what}"), Style::new())).collect();
    shown.push((String::new(), Style::new()));
    shown.extend(NOTES.map(|line| (line.to_owned(), palette.dim())));
    lines::draw_framed(buffer, area, "Keys (Esc closes, ↑↓ scroll)", &shown, scrolled, palette)
}
