//! Labels as text for a terminal.
//!
//! They come from whoever sends requests. Nothing in them may act on the terminal, hide, or stand in a column that is another one's: what takes
//! no column of its own, turns the direction of writing, or joins with what stands beside it, is spelled as `‹U+001B›`.

use std::borrow::Cow;

use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

const ELLIPSIS: &str = "…";

/// A text from outside, as it is shown.
pub(crate) fn shown(text: &str) -> Cow<'_, str> {
    if text.is_empty() {
        return Cow::Borrowed("‹empty›");
    }
    let last = text.char_indices().next_back().map_or(0, |(place, _)| place);
    let is_spelled = |place: usize, character: char| {
        // A space between words is the one blank that is taken for what it is.
        is_hidden(character)
            || (character.is_whitespace() && (place == 0 || place == last || character != ' '))
    };
    if !text.char_indices().any(|(place, character)| is_spelled(place, character)) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len() + 16);
    for (place, character) in text.char_indices() {
        if is_spelled(place, character) {
            shown.push_str(&format!("‹U+{:04X}›", u32::from(character)));
        } else {
            shown.push(character);
        }
    }
    Cow::Owned(shown)
}

/// A text from outside for a message: shown, and cut to so many columns.
pub(crate) fn quoted(text: &str, columns: usize) -> String {
    cut(&shown(text), columns).into_owned()
}

/// How many columns a shown text takes.
pub(crate) fn columns(shown: &str) -> usize {
    shown.width()
}

/// The beginning of a shown text that fits so many columns, with an ellipsis if it is not all.
pub(crate) fn cut(shown: &str, columns: usize) -> Cow<'_, str> {
    if shown.width() <= columns {
        return Cow::Borrowed(shown);
    }
    let room = columns.saturating_sub(1);
    let mut taken = 0;
    let end = shown.char_indices().find_map(|(place, character)| {
        taken += character.width().unwrap_or(0);
        (taken > room).then_some(place)
    });
    let kept = &shown[..end.unwrap_or(shown.len())];
    Cow::Owned(if columns == 0 { String::new() } else { format!("{kept}{ELLIPSIS}") })
}

fn is_hidden(character: char) -> bool {
    // Of none or of no known width: control characters, combining and zero-width ones, marks of direction, tags, variation selectors. One is of three columns.
    if !matches!(character.width(), Some(1 | 2)) {
        return true;
    }
    matches!(
        character,
        // Blank, or drawn by some terminals only.
        '\u{ad}' | '\u{115f}' | '\u{2028}' | '\u{2029}' | '\u{3164}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}'
        // Two of them are one flag; a tone of skin is one with what stands before it.
        | '\u{1f1e6}'..='\u{1f1ff}' | '\u{1f3fb}'..='\u{1f3ff}'
        // Marks of direction, whatever width a table gives them.
        | '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_acts_hides_turns_or_joins_is_spelled() {
        for (label, expected) in [
            ("", "‹empty›"),
            ("/api/v1", "/api/v1"),
            ("a b", "a b"),
            (" a ", "‹U+0020›a‹U+0020›"),
            ("a\u{a0}b\u{3000}c", "a‹U+00A0›b‹U+3000›c"),
            ("a\u{1b}[2J", "a‹U+001B›[2J"),
            ("a\nb\tc\u{7f}\u{9b}", "a‹U+000A›b‹U+0009›c‹U+007F›‹U+009B›"),
            ("\u{202e}gpj", "‹U+202E›gpj"),
            ("a\u{200b}b\u{200d}c\u{feff}", "a‹U+200B›b‹U+200D›c‹U+FEFF›"),
            ("e\u{301}", "e‹U+0301›"),
            ("\u{1f1e9}\u{1f1ea}", "‹U+1F1E9›‹U+1F1EA›"),
            ("日本 \u{1f600}\u{fe0f}", "日本 \u{1f600}‹U+FE0F›"),
            ("é ü ß", "é ü ß"),
        ] {
            assert_eq!(shown(label), expected);
        }
    }

    #[test]
    fn every_character_that_is_left_takes_a_column_or_two() {
        for character in '\0'..=char::MAX {
            let label = format!("x{character}x");
            if shown(&label) == label {
                assert!(matches!(character.width(), Some(1 | 2)), "U+{:04X}", u32::from(character));
                assert!(!character.is_control());
            }
        }
    }

    #[test]
    fn a_cut_text_takes_no_more_columns_than_there_are() {
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut("abcd", 3), "ab…");
        assert_eq!(cut("日本語", 5), "日本…");
        assert_eq!(cut("日本語", 4), "日…");
        assert_eq!(cut("日本", 1), "…");
        assert_eq!(cut("日本", 0), "");
        for room in 0..20 {
            assert!(columns(&cut("a日b本c語d\u{1f600}e", room)) <= room);
        }
    }
}
