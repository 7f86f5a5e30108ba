//! The labels that a group of pushes is known by, as a path.
//!
//! Source: Pushgateway, "API", "URL": a value that is empty or holds a slash comes in base64url behind `@base64`, without which the path
//! would have other parts; an empty one is a single `=`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::push::error::PushConfigError;

/// What stands in a path as it is: RFC 3986, "unreserved".
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The label that every group has.
pub(super) const JOB: &str = "job";
/// The label of the process life.
pub(super) const INSTANCE: &str = "instance_id";

/// Appends `/name/value`.
pub(super) fn push_label(path: &mut String, name: &str, value: &str) {
    path.push('/');
    path.push_str(name);
    if value.is_empty() {
        path.push_str("@base64/=");
    } else if value.contains('/') || matches!(value, "." | "..") {
        path.push_str("@base64/");
        URL_SAFE_NO_PAD.encode_string(value, path);
    } else {
        path.push('/');
        path.extend(utf8_percent_encode(value, ESCAPED));
    }
}

/// Checks the name of a label: that of Prometheus, and no one's already.
pub(super) fn check(name: &str, taken: &[(String, String)]) -> Result<(), PushConfigError> {
    let wrong = |problem| Err(PushConfigError::Grouping { name: name.to_owned(), problem });
    let is_letter = |char: char| char == '_' || char.is_ascii_alphabetic();
    let fits =
        name.starts_with(is_letter) && name.chars().all(|char| is_letter(char) || char.is_ascii_digit());
    match name {
        _ if !fits => wrong("a label's name has letters, digits and underscores, and begins with no digit"),
        JOB | INSTANCE => wrong("it is given already"),
        _ if name.starts_with("__") => wrong("names with two underscores are Prometheus's own"),
        _ if taken.iter().any(|(other, _)| other == name) => wrong("it is given twice"),
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_a_path_cannot_hold_comes_in_base64() {
        for (value, path) in [
            ("some_job", "/job/some_job"),
            ("a b%?#ü", "/job/a%20b%25%3F%23%C3%BC"),
            ("", "/job@base64/="),
            // the example of the source
            ("/var/tmp", "/job@base64/L3Zhci90bXA"),
            ("..", "/job@base64/Li4"),
        ] {
            let mut out = String::new();
            push_label(&mut out, JOB, value);
            assert_eq!(out, path);
        }
    }

    #[test]
    fn a_name_that_is_no_label_or_taken_is_refused() {
        let taken = [("zone".to_owned(), String::new())];
        assert!(check("shelf", &taken).is_ok());
        for name in ["", "9", "a-b", "é", "job", "instance_id", "__x", "zone"] {
            let message = check(name, &taken).unwrap_err().to_string();
            assert!(
                message.starts_with(&format!("pushes cannot be grouped by the label {name:?} (")),
                "{message}"
            );
        }
    }
}
