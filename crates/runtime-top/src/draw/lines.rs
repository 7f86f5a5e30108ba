//! Lines that are scrolled, where there are no rows.

use ratatui::buffer::Buffer;
use ratatui::layout::{Margin, Rect};
use ratatui::style::Style;
use ratatui::widgets::{Block, Clear, Widget as _};

use super::{Page, Palette, brush};
use crate::label;

/// Texts with their styles, each on a line of its own.
pub(super) type Lines = Vec<(String, Style)>;

/// Draws as many as fit, from the one that is scrolled to.
pub(super) fn draw(buffer: &mut Buffer, area: Rect, lines: &Lines, scrolled: usize) -> Page {
    let rows = usize::from(area.height);
    let most_scrolled = lines.len().saturating_sub(rows);
    let shown = lines.iter().skip(scrolled.min(most_scrolled)).take(rows);
    for (number, (text, style)) in shown.enumerate() {
        brush::left(buffer, brush::line(area, number), text, *style);
    }
    Page { rows, most_scrolled }
}

/// Draws lines in a frame, in front of what else there is.
pub(super) fn draw_framed(
    buffer: &mut Buffer,
    area: Rect,
    title: &str,
    lines: &Lines,
    scrolled: usize,
    palette: Palette,
) -> Page {
    let widest = lines.iter().map(|(text, _)| label::columns(text)).max().unwrap_or_default();
    let width = u16::try_from(widest + 4).unwrap_or(u16::MAX).min(area.width);
    let height = u16::try_from(lines.len() + 2).unwrap_or(u16::MAX).min(area.height);
    let frame =
        Rect { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
    Clear.render(frame, buffer);
    Block::bordered()
        .title(format!(" {title} "))
        .border_style(palette.dim())
        .title_style(palette.bold())
        .render(frame, buffer);
    draw(buffer, frame.inner(Margin::new(2, 1)), lines, scrolled)
}

/// A message in lines of so many columns, between its words where it can be.
pub(super) fn words(message: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::<String>::new();
    for word in message.split_ascii_whitespace().flat_map(|word| wrapped(word, columns)) {
        match lines.last_mut() {
            Some(line) if label::columns(line) + 1 + label::columns(&word) <= columns => {
                line.push(' ');
                line.push_str(&word);
            }
            _ => lines.push(word),
        }
    }
    lines
}

/// A shown text in lines of so many columns.
pub(super) fn wrapped(shown: &str, columns: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let (mut line, mut taken) = (String::new(), 0);
    for character in shown.chars() {
        let width = label::columns(character.encode_utf8(&mut [0; 4]));
        if taken + width > columns.max(2) {
            lines.push(std::mem::take(&mut line));
            taken = 0;
        }
        taken += width;
        line.push(character);
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_parted_between_its_words_and_a_word_only_if_it_is_too_long() {
        assert_eq!(
            words("no connection to http://h (refused)", 16),
            ["no connection to", "http://h", "(refused)"]
        );
        assert_eq!(words("a 日本日本 b", 5), ["a", "日本", "日本", "b"]);
        assert_eq!(words("", 5), Vec::<String>::new());
    }
}
