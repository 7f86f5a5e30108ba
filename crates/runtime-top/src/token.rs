//! The bearer token that a service may ask for.

use std::fmt;
use std::io::Read as _;
use std::path::Path;

use http::HeaderValue;

use crate::label;

const LONGEST: usize = 1_024;
/// Columns of a path in a message.
const LONGEST_PATH: usize = 200;

/// What is sent as `Authorization: Bearer TOKEN`. Source: RFC 6750, section 2.1. Its `Debug` text does not show it.
#[derive(Clone)]
pub struct Token(HeaderValue);

/// Why there is no [`Token`]. Never quotes one.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// It is empty, too long, or holds what no token does.
    #[error(
        "the token from {origin} cannot be one; remedy: give 1 to {LONGEST} letters, digits and signs of ASCII, without white space"
    )]
    Unusable {
        /// What named it.
        origin: String,
    },
    /// Its file cannot be read.
    #[error("the token file {path} cannot be read ({source}); remedy: name a file that this user may read")]
    Unreadable {
        /// As it was named.
        path: String,
        /// What the system said.
        source: std::io::Error,
    },
}

impl Token {
    /// Takes a text as the token, without white space around it. `origin` is what a message says that it came from.
    ///
    /// # Errors
    ///
    /// [`TokenError::Unusable`] if it is empty, over 1,024 bytes, or not visible ASCII.
    pub fn new(text: &[u8], origin: &str) -> Result<Self, TokenError> {
        let text = text.trim_ascii();
        let is_usable = (1..=LONGEST).contains(&text.len()) && text.iter().all(u8::is_ascii_graphic);
        let header = HeaderValue::from_bytes(&[b"Bearer ", text].concat()).ok().filter(|_| is_usable);
        let mut header = header.ok_or_else(|| TokenError::Unusable { origin: origin.to_owned() })?;
        header.set_sensitive(true);
        Ok(Self(header))
    }

    /// Reads a file that holds the token and nothing else.
    ///
    /// *Cost:* blocks on the file; reads some 2 kB at most.
    ///
    /// # Errors
    ///
    /// [`TokenError`] if the file cannot be read, or holds no token.
    pub fn from_file(path: &Path) -> Result<Self, TokenError> {
        let shown = label::quoted(&path.to_string_lossy(), LONGEST_PATH);
        let mut text = Vec::new();
        std::fs::File::open(path)
            // Enough to see that it is too long; never a whole device.
            .and_then(|file| file.take(2 * LONGEST as u64).read_to_end(&mut text))
            .map_err(|source| TokenError::Unreadable { path: shown.clone(), source })?;
        Self::new(&text, &format!("the file {shown}"))
    }

    pub(crate) fn header(&self) -> &HeaderValue {
        &self.0
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_sent_without_the_line_end_of_its_file_and_never_shown() {
        let token = Token::new(b"s3cret\n", "a test").unwrap();
        assert_eq!(token.header(), "Bearer s3cret");
        assert!(token.header().is_sensitive());
        assert_eq!(format!("{token:?}"), "Token(..)");
    }

    #[test]
    fn what_cannot_be_a_token_is_refused_and_not_quoted() {
        for text in [&b""[..], b"\n", b"two words", b"caf\xc3\xa9", &[b'x'; 1_025]] {
            let message = Token::new(text, "a test").unwrap_err().to_string();
            assert!(
                message.contains("a test") && message.contains("remedy:") && !message.contains("words"),
                "{message}"
            );
        }
        let message = Token::from_file(Path::new("/nowhere\u{1b}[2J")).unwrap_err().to_string();
        assert!(message.contains("remedy:") && !message.contains('\u{1b}'), "{message}");
    }
}
