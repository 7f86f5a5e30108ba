//! The namespace: the first part of every metric's name.

use crate::error::NamespaceError;

/// A checked namespace: matches `[a-zA-Z_][a-zA-Z0-9_]*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Namespace(Box<str>);

impl Namespace {
    /// Checks a text.
    ///
    /// # Errors
    ///
    /// Hands the text back inside a [`NamespaceError`] if it cannot start the name of a metric.
    pub(crate) fn parse(text: String) -> Result<Self, NamespaceError> {
        for (at, found) in text.char_indices() {
            if found == '_' || found.is_ascii_alphabetic() {
                continue;
            }
            if at == 0 {
                return Err(NamespaceError::Start { namespace: text, found });
            }
            if !found.is_ascii_digit() {
                return Err(NamespaceError::Character { namespace: text, found, at });
            }
        }
        if text.is_empty() {
            return Err(NamespaceError::Empty);
        }
        Ok(Self(text.into_boxed_str()))
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Default for Namespace {
    fn default() -> Self {
        Self("runtime".into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_digits_and_underscores_make_a_namespace() {
        for text in ["exp", "Exp2", "_", "_9", "a_b_c", "runtime"] {
            assert_eq!(Namespace::parse(text.to_owned()).unwrap().as_str(), text);
        }
    }

    #[test]
    fn a_rejected_namespace_says_what_is_wrong_and_where_and_what_to_do() {
        for (text, message) in [
            (
                "",
                "the metrics namespace is empty: give it a name such as `exp`, or leave it out for `runtime`",
            ),
            (
                "9lives",
                "the metrics namespace \"9lives\" starts with '9': start it with an ASCII letter or an underscore",
            ),
            (
                "my-app",
                "the metrics namespace \"my-app\" has '-' at byte 2: use ASCII letters, digits and underscores only",
            ),
            (
                "a:b",
                "the metrics namespace \"a:b\" has ':' at byte 1: use ASCII letters, digits and underscores only",
            ),
            (
                "aé",
                "the metrics namespace \"aé\" has 'é' at byte 1: use ASCII letters, digits and underscores only",
            ),
        ] {
            assert_eq!(Namespace::parse(text.to_owned()).unwrap_err().to_string(), message);
        }
    }
}
