//! Texts at their places.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::label;

/// Writes a text at the left of a line, cut where the line ends. Returns what is left of the line.
pub(crate) fn left(buffer: &mut Buffer, line: Rect, text: &str, style: Style) -> Rect {
    if line.is_empty() {
        return line;
    }
    let shown = label::cut(text, usize::from(line.width));
    let (end, _) = buffer.set_stringn(line.x, line.y, &shown, usize::from(line.width), style);
    Rect { x: end, width: line.right().saturating_sub(end), ..line }
}

/// Writes a text at the right of a line. Returns what is left of the line. A text that does not fit whole is cut.
pub(crate) fn right(buffer: &mut Buffer, line: Rect, text: &str, style: Style) -> Rect {
    if line.is_empty() {
        return line;
    }
    let shown = label::cut(text, usize::from(line.width));
    let width = u16::try_from(label::columns(&shown)).unwrap_or(line.width).min(line.width);
    buffer.set_stringn(line.right() - width, line.y, &shown, usize::from(width), style);
    Rect { width: line.width - width, ..line }
}

/// One line of an area, or an empty one below it.
pub(crate) fn line(area: Rect, number: usize) -> Rect {
    let number = u16::try_from(number).unwrap_or(u16::MAX);
    let height = u16::from(number < area.height);
    Rect { y: area.y.saturating_add(number).min(area.bottom()), height, ..area }
}

/// The first columns of a line, and the others.
pub(crate) fn split(line: Rect, columns: u16) -> (Rect, Rect) {
    let columns = columns.min(line.width);
    let rest = Rect { x: line.x + columns, width: line.width - columns, ..line };
    (Rect { width: columns, ..line }, rest)
}
