//! What a label value looks like once it is counted.
//!
//! Endpoint, target and caller labels are stripped of surrounding white space and lower-cased, as Python's
//! `label.strip().lower()` does it for every code point; paths and config names are counted as given.

/// The label value that a record is counted under when its own is over a limit.
///
/// The value is reserved: a record that brings it itself is counted as one that overflowed.
pub const OVERFLOW_LABEL: &str = "__overflow__";

/// How a label that is not ASCII is lower-cased.
pub(crate) type LowerCase = fn(&str) -> String;

/// How much shorter, at most, lower-casing makes a text: the Kelvin sign (3 bytes) becomes `k` (1 byte).
const LARGEST_SHRINKAGE: usize = 3;

/// White space as Python's `str.strip()` sees it: Unicode `White_Space` and the four information separators.
fn is_white_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// Whether normalising `raw` surely leaves it as it is. False for any text that is not ASCII.
#[inline]
pub(crate) fn is_normal_ascii(raw: &str) -> bool {
    let bytes = raw.as_bytes();
    let ends = [bytes.first(), bytes.last()];
    !ends.into_iter().flatten().any(|byte| is_white_space(char::from(*byte)))
        && bytes.iter().all(|byte| byte.is_ascii() && !byte.is_ascii_uppercase())
}

/// `raw` stripped, and lower-cased as told, or `None` if that is longer than `limit` bytes. The work is linear in the
/// length of `raw`, the memory in `limit`.
pub(crate) fn normalise(raw: &str, limit: usize, lower_case: LowerCase) -> Option<String> {
    let stripped = raw.trim_matches(is_white_space);
    let shrinkage = if stripped.is_ascii() { 1 } else { LARGEST_SHRINKAGE };
    if stripped.len() > limit.saturating_mul(shrinkage) {
        return None;
    }
    let lowered = if stripped.is_ascii() { stripped.to_ascii_lowercase() } else { lower_case(stripped) };
    (lowered.len() <= limit).then_some(lowered)
}

/// The longest beginning of `label` that has at most `limit` bytes and ends with a whole character.
pub(crate) fn beginning(label: &str, limit: usize) -> &str {
    let end = (0..=limit.min(label.len())).rev().find(|end| label.is_char_boundary(*end));
    &label[..end.unwrap_or(0)]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normal(raw: &str) -> String {
        normalise(raw, 1_024, str::to_lowercase).unwrap()
    }

    #[test]
    fn white_space_is_what_python_strips() {
        let python_white_space = "\t\n\u{b}\u{c}\r\u{1c}\u{1d}\u{1e}\u{1f} \u{85}\u{a0}\u{1680}\u{2000}\u{2001}\u{2002}\
            \u{2003}\u{2004}\u{2005}\u{2006}\u{2007}\u{2008}\u{2009}\u{200a}\u{2028}\u{2029}\u{202f}\u{205f}\u{3000}";
        let found: String = ('\0'..=char::MAX).filter(|c| is_white_space(*c)).collect();
        assert_eq!(found, python_white_space);
    }

    #[test]
    fn labels_are_stripped_and_lower_cased_with_full_unicode() {
        assert_eq!(normal("  API\t"), "api");
        assert_eq!(normal("\u{1f}\u{3000}Straße\u{a0}"), "straße");
        assert_eq!(normal("ὈΔΥΣΣΕΎΣ"), "ὀδυσσεύς");
        assert_eq!(normal("İ"), "i\u{307}");
        assert_eq!(normal(" a b "), "a b");
        assert_eq!(normal("\u{200b}a"), "\u{200b}a", "a zero-width space is not white space");
        assert_eq!(normal(" \n "), "");
    }

    #[test]
    fn a_text_that_is_taken_for_normal_is_left_as_it_is_by_normalising() {
        for c in '\0'..=char::MAX {
            for text in [format!("{c}"), format!("{c}a"), format!("a{c}"), format!("a{c}b")] {
                assert!(!is_normal_ascii(&text) || normal(&text) == text, "{text:?}");
            }
        }
        assert!(is_normal_ascii("local:api-1_x") && is_normal_ascii(""));
        assert!(!is_normal_ascii("API") && !is_normal_ascii(" api") && !is_normal_ascii("api\u{1c}"));
    }

    #[test]
    fn no_character_shrinks_more_than_the_bound_that_lets_long_labels_be_refused_unread() {
        let shrinks =
            |c: &char| c.len_utf8() > LARGEST_SHRINKAGE * c.to_lowercase().map(char::len_utf8).sum::<usize>();
        assert_eq!(('\0'..=char::MAX).find(shrinks), None);
    }

    #[test]
    fn a_label_is_measured_after_normalising() {
        assert_eq!(normalise("  abcd  ", 4, str::to_lowercase).as_deref(), Some("abcd"));
        assert_eq!(normalise("abcde", 4, str::to_lowercase), None);
        assert_eq!(normalise("\u{212a}\u{212a}", 2, str::to_lowercase).as_deref(), Some("kk"));
        assert_eq!(normalise(&"x".repeat(1 << 20), 1_024, str::to_lowercase), None);
    }

    #[test]
    fn a_beginning_ends_with_a_whole_character() {
        assert_eq!(beginning("aé", 2), "a");
        assert_eq!(beginning("aé", 3), "aé");
        assert_eq!(beginning("", 3), "");
    }
}
