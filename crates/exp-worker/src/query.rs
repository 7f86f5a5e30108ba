//! Query strings, read strictly.

use std::borrow::Cow;

/// What is wrong with a query string.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum QueryError {
    #[error("the parameter `{0}` is missing; add ?{0}=NAME")]
    Missing(&'static str),
    #[error("the parameter `{0}` is there more than once; give it once")]
    Repeated(&'static str),
    #[error("the query is not percent-encoded UTF-8; write %XX for every byte that is not plain")]
    Undecodable,
}

/// The one value of `parameter` in `query`. Other parameters must be decodable and are otherwise ignored.
///
/// The encoding is that of forms: `&` parts parameters, `+` is a blank, `%XX` a byte of UTF-8
/// (URL Standard, section 5.1, but malformed escapes and bytes are errors and not passed through).
pub(crate) fn single<'q>(
    query: Option<&'q str>,
    parameter: &'static str,
) -> Result<Cow<'q, str>, QueryError> {
    let mut found = None;
    for pair in query.unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let (name, value) = (decode(name)?, decode(value)?);
        if name == parameter && found.replace(value).is_some() {
            return Err(QueryError::Repeated(parameter));
        }
    }
    found.ok_or(QueryError::Missing(parameter))
}

fn decode(text: &str) -> Result<Cow<'_, str>, QueryError> {
    if !text.bytes().any(|b| b == b'%' || b == b'+') {
        return Ok(Cow::Borrowed(text));
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        decoded.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [bytes.next(), bytes.next()].map(|digit| digit.and_then(hex));
                let [Some(high), Some(low)] = digits else { return Err(QueryError::Undecodable) };
                high << 4 | low
            }
            plain => plain,
        });
    }
    String::from_utf8(decoded).map(Cow::Owned).map_err(|_| QueryError::Undecodable)
}

fn hex(digit: u8) -> Option<u8> {
    // At most 15, so the cast loses nothing.
    char::from(digit).to_digit(16).map(|value| value as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_parameter_is_found_once_and_decoded() {
        assert_eq!(single(Some("for=api"), "for").unwrap(), "api");
        assert_eq!(single(Some("x=1&for=Auth%3AJWT%3aIssuer&&y"), "for").unwrap(), "Auth:JWT:Issuer");
        assert_eq!(single(Some("for=a+b%2B%26%3D"), "for").unwrap(), "a b+&=");
        assert_eq!(single(Some("f%6Fr=api"), "for").unwrap(), "api");
        assert_eq!(single(Some("for"), "for").unwrap(), "");
        assert_eq!(single(Some("for=a=b"), "for").unwrap(), "a=b");
    }

    #[test]
    fn missing_repeated_and_undecodable_parameters_are_told_apart() {
        assert_eq!(single(None, "for"), Err(QueryError::Missing("for")));
        assert_eq!(single(Some("FOR=api"), "for"), Err(QueryError::Missing("for")));
        assert_eq!(single(Some("for=api&for=api"), "for"), Err(QueryError::Repeated("for")));
        for bad in ["for=%", "for=%2", "for=%zz", "for=%ff", "for=api&x=%", "for=%+1", "for=%é"] {
            assert_eq!(single(Some(bad), "for"), Err(QueryError::Undecodable), "{bad}");
        }
    }
}
