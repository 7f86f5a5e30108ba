//! The request ID: the caller's own, if it sent a sane one, else a new UUID.

use http::{HeaderMap, HeaderName, HeaderValue};
use uuid::Uuid;

/// The header that carries it, both ways.
pub(crate) const X_REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

const MAX_BYTES: usize = 128;

/// The ID to answer with: the first `X-Request-Id` if it is 1 to 128 bytes of visible ASCII without blanks
/// (so that it can be neither a broken header nor a forged log line), else a new UUID (version 7: sorted by
/// time).
pub(crate) fn request_id(headers: &HeaderMap) -> HeaderValue {
    match headers.get(X_REQUEST_ID) {
        Some(own) if is_sane(own.as_bytes()) => own.clone(),
        _ => new_id(),
    }
}

fn is_sane(id: &[u8]) -> bool {
    (1..=MAX_BYTES).contains(&id.len()) && id.iter().all(u8::is_ascii_graphic)
}

fn new_id() -> HeaderValue {
    let mut text = Uuid::encode_buffer();
    let text: &str = Uuid::now_v7().hyphenated().encode_lower(&mut text);
    // Hexadecimal digits and hyphens are always a valid header value.
    HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("none"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_sane_when_it_is_1_to_128_visible_ascii_bytes() {
        assert!(is_sane(b"7f3a-b!~"));
        assert!(is_sane(&[b'x'; 128]));
        for bad in [&b""[..], b"a b", b"a\tb", b"a\x7f", "é".as_bytes(), &[b'x'; 129]] {
            assert!(!is_sane(bad));
        }
    }

    #[test]
    fn a_new_id_is_a_uuid_and_new_every_time() {
        let (first, second) = (new_id(), new_id());
        assert_ne!(first, second);
        assert!(Uuid::try_parse(first.to_str().unwrap()).is_ok());
    }
}
