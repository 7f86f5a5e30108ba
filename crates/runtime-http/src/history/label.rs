//! A label as the history keeps it.

use std::sync::Arc;

/// A text that intervals share.
pub(super) type Label = Arc<str>;

/// The most bytes of a label that are kept, the ellipsis of one that is cut included.
pub const LONGEST_LABEL: usize = 256;

const ELLIPSIS: &str = "…";

/// The label, cut if it is too long; of those that are `kept` already, if it is among them.
pub(super) fn keep<'k>(label: &str, mut kept: impl Iterator<Item = &'k Label>) -> Label {
    let is_long = label.len() > LONGEST_LABEL;
    let text = if is_long { cut(label) } else { label };
    let is_it = |kept: &&Label| match kept.strip_prefix(text) {
        Some("") => !is_long,
        Some(ELLIPSIS) => is_long,
        _ => false,
    };
    match kept.find(is_it) {
        Some(label) => Arc::clone(label),
        None if is_long => format!("{text}{ELLIPSIS}").into(),
        None => text.into(),
    }
}

/// As much of a long label as there is room for beside the ellipsis.
fn cut(label: &str) -> &str {
    (0..=LONGEST_LABEL - ELLIPSIS.len()).rev().find_map(|length| label.get(..length)).unwrap_or_default() // a cut before the first character is always one
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_label_is_cut_between_characters_and_marked() {
        let long = "é".repeat(200);
        let kept = keep(&long, std::iter::empty());
        assert_eq!(&*kept, format!("{}…", "é".repeat(126)));
        assert!(kept.len() <= LONGEST_LABEL);
        let longest = "x".repeat(LONGEST_LABEL);
        assert_eq!(&*keep(&longest, std::iter::empty()), longest);
    }

    #[test]
    fn a_label_that_is_kept_already_is_shared() {
        for label in ["/a".to_owned(), "x".repeat(1_000)] {
            let kept = [keep("/", std::iter::empty()), keep(&label, std::iter::empty())];
            assert!(Arc::ptr_eq(&keep(&label, kept.iter()), &kept[1]));
        }
    }
}
