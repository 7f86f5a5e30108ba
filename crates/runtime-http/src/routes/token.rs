//! The bearer token.

use std::fmt;

use http::HeaderMap;
use http::header::AUTHORIZATION;
use subtle::ConstantTimeEq as _;

use super::error::RoutesError;

pub(super) const MOST_BYTES: usize = 1_024;

/// What whoever asks must send as `Authorization: Bearer TOKEN`. Source: RFC 6750, section 2.1.
pub(super) struct BearerToken(Box<[u8]>);

impl BearerToken {
    pub(super) fn parse(text: &str) -> Result<Self, RoutesError> {
        let bare = text.trim_end_matches('=');
        let is_character = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~+/".contains(&byte);
        if bare.is_empty() || text.len() > MOST_BYTES || !bare.bytes().all(is_character) {
            return Err(RoutesError::BearerToken);
        }
        Ok(Self(text.as_bytes().into()))
    }

    /// Whether it was sent, once. Takes the same time whatever the bytes are; the length is not hidden.
    pub(super) fn is_in(&self, headers: &HeaderMap) -> bool {
        let mut sent = headers.get_all(AUTHORIZATION).iter();
        let (Some(sent), None) = (sent.next(), sent.next()) else { return false };
        let Some((scheme, token)) = sent.as_bytes().split_at_checked("Bearer ".len()) else { return false };
        scheme.eq_ignore_ascii_case(b"Bearer ") && self.0.ct_eq(token.trim_ascii_start()).into()
    }
}

/// Never shows the token.
impl fmt::Debug for BearerToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken(..)")
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn headers(values: &[&'static str]) -> HeaderMap {
        values.iter().map(|value| (AUTHORIZATION, HeaderValue::from_static(value))).collect()
    }

    #[test]
    fn a_token_is_in_the_headers_if_it_was_sent_once_to_the_letter() {
        let token = BearerToken::parse("s3cret+/=").unwrap();
        for sent in ["Bearer s3cret+/=", "bearer s3cret+/=", "Bearer  s3cret+/="] {
            assert!(token.is_in(&headers(&[sent])), "{sent}");
        }
        for wrong in [
            "",
            "Bearer",
            "Bearer ",
            "Bearer s3cret",
            "Bearer S3cret+/=",
            "Bearer s3cret+/==",
            "Basic s3cret+/=",
            "s3cret+/=",
        ] {
            assert!(!token.is_in(&headers(&[wrong])), "{wrong}");
        }
        assert!(!token.is_in(&headers(&[])));
        assert!(!token.is_in(&headers(&["Bearer s3cret+/=", "Bearer s3cret+/="])));
    }

    #[test]
    fn what_is_no_token_is_refused_and_not_quoted_and_none_is_shown() {
        for text in ["", "=", "two words", "a=b", "hush\n", "caf\u{e9}", &"x".repeat(1_025)] {
            let error = BearerToken::parse(text).unwrap_err().to_string();
            assert!(error.contains("remedy:") && !error.contains("hush"), "{error}");
        }
        assert_eq!(format!("{:?}", BearerToken::parse("hush").unwrap()), "BearerToken(..)");
    }
}
