//! The shared token that guards the configuration routes.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use subtle::ConstantTimeEq as _;

use crate::one_line::OneLine;
use crate::secret::Secret;

/// The environment variable that holds the token itself. There is no argument for it: arguments are seen by
/// every user of the machine.
pub const TOKEN_VARIABLE: &str = "EXP_LOCAL_TOKEN";

const MAX_TOKEN_BYTES: usize = 1_024;

/// A token that callers send as `X-Exp-Local-Token`.
#[derive(Debug, Clone)]
pub struct SharedToken(Secret<Box<[u8]>>);

/// Why no shared token could be taken from the environment or a file. Never quotes the token.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TokenError {
    /// Both sources were given.
    #[error(
        "a token comes from {TOKEN_VARIABLE} and another from --local-token-file; remedy: give one of the two"
    )]
    TwoSources,
    /// The text cannot be the value of a header, or is empty: an empty token would guard nothing.
    #[error(
        "the token from {origin} cannot be used; remedy: give it 1 to {MAX_TOKEN_BYTES} visible ASCII \
         characters without white space, or do not set it at all"
    )]
    Unusable {
        /// Where it came from: the variable or the file.
        origin: String,
    },
    /// The file cannot be read.
    #[error(
        "the token file {} cannot be read ({source}); remedy: name a file that this user may read",
        OneLine(path)
    )]
    Unreadable {
        /// The file as it was named.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
}

impl SharedToken {
    /// Takes `text` as the token, surrounding line ends (of a file) removed.
    ///
    /// # Errors
    ///
    /// [`TokenError::Unusable`] when it is empty, over 1,024 bytes, or not visible ASCII. `origin` names the
    /// source.
    pub fn new(text: &[u8], origin: &str) -> Result<Self, TokenError> {
        let text = text.trim_ascii();
        let usable = (1..=MAX_TOKEN_BYTES).contains(&text.len()) && text.iter().all(u8::is_ascii_graphic);
        if usable {
            Ok(Self(Secret::new(text.into())))
        } else {
            Err(TokenError::Unusable { origin: origin.to_owned() })
        }
    }

    /// The token of this process: from the file when one is named, else from [`TOKEN_VARIABLE`], else none.
    ///
    /// # Errors
    ///
    /// A token that is there but unusable is an error, so that a mistake never leaves the worker open.
    pub fn from_file_or_environment(file: Option<&Path>) -> Result<Option<Self>, TokenError> {
        match (file, std::env::var_os(TOKEN_VARIABLE)) {
            (Some(_), Some(_)) => Err(TokenError::TwoSources),
            (Some(path), None) => Self::from_file(path).map(Some),
            (None, Some(text)) => Self::new(text.as_encoded_bytes(), TOKEN_VARIABLE).map(Some),
            (None, None) => Ok(None),
        }
    }

    fn from_file(path: &Path) -> Result<Self, TokenError> {
        let mut text = Vec::new();
        std::fs::File::open(path)
            // Enough to see that it is too long, with room for a line end; never a whole device.
            .and_then(|file| file.take(2 * MAX_TOKEN_BYTES as u64).read_to_end(&mut text))
            .map_err(|source| TokenError::Unreadable { path: path.to_owned(), source })?;
        Self::new(&text, &format!("the file {}", OneLine(path)))
    }

    /// Whether `offered` is the token. Takes the same time whatever the bytes are; the length is not hidden.
    pub fn matches(&self, offered: &[u8]) -> bool {
        self.0.expose().ct_eq(offered).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_matches_only_itself() {
        let token = SharedToken::new(b"s3cret\n", "a test").unwrap();
        assert!(token.matches(b"s3cret"));
        for wrong in [&b""[..], b"s3cre", b"s3cret ", b"S3cret", b"s3cretx"] {
            assert!(!token.matches(wrong));
        }
    }

    #[test]
    fn an_empty_long_or_invisible_token_is_refused_and_not_quoted() {
        for bad in [&b""[..], b"\n", b"two words", b"caf\xc3\xa9", &[b'x'; 1_025]] {
            let error = SharedToken::new(bad, "a test").unwrap_err().to_string();
            assert!(error.contains("a test") && !error.contains("words"), "{error}");
        }
    }

    #[test]
    fn the_debug_text_of_a_token_does_not_show_it() {
        let token = SharedToken::new(b"s3cret", "a test").unwrap();
        assert!(!format!("{token:?}").contains("s3cret"));
    }
}
