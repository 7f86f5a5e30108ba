//! Names of targets, configuration keys and feature flags.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

/// The pattern that every name matches, for messages.
pub const NAME_PATTERN: &str = "^[A-Za-z0-9:._-]{1,64}$";

/// The most bytes (and characters: names are ASCII) that a name may have.
pub const MAX_NAME_BYTES: usize = 64;

/// The name of a target, a key or a feature flag: 1 to 64 characters of `A-Z a-z 0-9 : . _ -`.
///
/// Names are compared as they are: `api` and `API` are two names. (The metrics lower-case the target of a
/// delivery.) Cloning is cheap and shares the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Name(Arc<str>);

/// The text is not a name. The offending text is not kept: it may be anything, a misplaced value included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a name: names match {NAME_PATTERN}")]
pub struct NameError;

impl Name {
    /// Checks `text` against [`NAME_PATTERN`].
    ///
    /// # Errors
    ///
    /// [`NameError`] when it does not match.
    ///
    /// # Examples
    ///
    /// ```
    /// use exp_worker::name::Name;
    ///
    /// assert!(Name::parse("Auth:JWT:Issuer").is_ok());
    /// assert!(Name::parse("").is_err());
    /// assert!(Name::parse("white space").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, NameError> {
        if is_name(text) { Ok(Self(Arc::from(text))) } else { Err(NameError) }
    }

    /// The text of the name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Whether `text` matches [`NAME_PATTERN`]. Does not allocate.
pub fn is_name(text: &str) -> bool {
    (1..=MAX_NAME_BYTES).contains(&text.len())
        && text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b':' | b'.' | b'_' | b'-'))
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for Name {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

// Lawful: `Ord` and `Hash` of `Arc<str>` are those of `str`.
impl Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_1_to_64_characters() {
        assert!(!is_name(""));
        assert!(is_name("a"));
        assert!(is_name(&"a".repeat(64)));
        assert!(!is_name(&"a".repeat(65)));
    }

    #[test]
    fn a_name_holds_ascii_letters_digits_and_four_signs_only() {
        assert!(is_name("AZaz09:._-"));
        for bad in ["a b", "a/b", "é", "a\n", "\na", "a\0", "a\u{202e}", "${x}", "a,b", "😀"] {
            assert!(!is_name(bad), "{bad:?}");
        }
    }
}
