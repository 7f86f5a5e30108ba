//! What rows are narrowed down to.

use std::borrow::Cow;

/// Longer ones are not typed, and a paste is cut.
const LONGEST: usize = 256;

/// A part of a label, upper and lower case alike. Empty: all rows.
#[derive(Debug, Clone, Default)]
pub(crate) struct Filter {
    text: String,
    lower: String,
}

impl Filter {
    pub(crate) fn text(&self) -> &str {
        &self.text
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// Whether a label is left. It is asked how it is shown only if something is looked for.
    pub(crate) fn matches<'a>(&self, shown: impl FnOnce() -> Cow<'a, str>) -> bool {
        self.is_empty() || shown().to_lowercase().contains(&self.lower)
    }

    pub(crate) fn add(&mut self, character: char) {
        if self.text.len() + character.len_utf8() <= LONGEST {
            self.text.push(character);
            self.lower = self.text.to_lowercase();
        }
    }

    pub(crate) fn erase(&mut self) {
        self.text.pop();
        self.lower = self.text.to_lowercase();
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_does_not_count_and_nothing_typed_leaves_all() {
        let mut filter = Filter::default();
        assert!(filter.matches(|| "x".into()));
        "Üb".chars().for_each(|character| filter.add(character));
        assert!(filter.matches(|| "/über".into()) && !filter.matches(|| "/uber".into()));
        filter.erase();
        assert_eq!(filter.text(), "Ü");
        (0..1_000).for_each(|_| filter.add('é'));
        assert!(filter.text().len() <= LONGEST);
        filter.clear();
        assert!(filter.is_empty() && filter.matches(|| "x".into()));
    }
}
