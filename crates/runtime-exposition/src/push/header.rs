//! Headers of one's own, sent with every request.

use http::{HeaderMap, HeaderName, HeaderValue};

use super::error::PushConfigError;
use super::tls::Named;

/// Headers that say what a request is; they are not to be replaced.
const OURS: [&str; 9] = [
    "accept-encoding",
    "connection",
    "content-encoding",
    "content-length",
    "content-type",
    "grpc-encoding",
    "host",
    "te",
    "transfer-encoding",
];

/// Checks headers; the ones of one name stay several.
pub(crate) fn all(headers: &[Named<(String, String)>]) -> Result<HeaderMap, PushConfigError> {
    let mut checked_ones = HeaderMap::new();
    for Named { origin, value: (name, value) } in headers {
        let (name, value) = checked(origin, name, value)?;
        checked_ones.append(name, value);
    }
    Ok(checked_ones)
}

/// Checks a header. Its value is taken for a secret, and never shown; nor is what should be its name and is none, for it may hold
/// the value: `name: value`.
fn checked(
    origin: &'static str,
    name: &str,
    value: &str,
) -> Result<(HeaderName, HeaderValue), PushConfigError> {
    let parsed: HeaderName = name.parse().map_err(|_| PushConfigError::HeaderName { origin })?;
    let wrong = |problem| PushConfigError::Header { origin, name: parsed.to_string(), problem };
    if OURS.contains(&parsed.as_str()) {
        return Err(wrong("it says what the request is, which only the pusher knows"));
    }
    let mut value = HeaderValue::from_str(value)
        .map_err(|_| wrong("its value has characters that no header may have"))?;
    value.set_sensitive(true);
    Ok((parsed, value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_that_cannot_be_sent_is_refused_without_its_value() {
        assert!(checked("H", "Api-Key", "s3cret").is_ok());
        for (name, value) in [("Content-Type", "s3cret"), ("x", "s3cret\n")] {
            let message = checked("H", name, value).unwrap_err().to_string();
            assert!(message.contains(&name.to_lowercase()) && message.contains('H'), "{message}");
            assert!(!message.contains("s3cret"), "{message}");
        }
    }

    #[test]
    fn what_is_no_name_is_not_shown_for_it_may_hold_the_value() {
        for name in ["Authorization: Bearer s3cret", "s3cret s3cret", ""] {
            let message = checked("H", name, "=").unwrap_err().to_string();
            assert!(message.contains('H') && !message.contains("s3cret"), "{message}");
        }
    }

    #[test]
    fn the_value_of_a_header_is_not_shown() {
        let (name, value) = checked("H", "api-key", "s3cret").unwrap();
        assert_eq!(format!("{name:?} {value:?}"), "\"api-key\" Sensitive");
    }
}
