//! Environment variables: one that is set but blank counts as not set, as OpenTelemetry has it for its own.

use std::env::var_os;
use std::ffi::{OsStr, OsString};

/// The variable, if it is set and not blank.
pub(crate) fn variable(name: &str) -> Option<OsString> {
    var_os(name).filter(|text| !is_blank(text))
}

/// Whether the variable is set, to nothing but white space.
pub(crate) fn is_set_but_blank(name: &OsStr) -> bool {
    var_os(name).is_some_and(|text| is_blank(&text))
}

fn is_blank(text: &OsStr) -> bool {
    text.to_str().is_some_and(|text| text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use std::os::unix::ffi::OsStrExt as _;

    use super::*;

    #[test]
    fn white_space_alone_is_blank_and_what_is_no_text_is_not() {
        for blank in ["", " ", "\t\n"] {
            assert!(is_blank(OsStr::new(blank)), "{blank:?}");
        }
        assert!(!is_blank(OsStr::new(" x ")));
        assert!(!is_blank(OsStr::from_bytes(&[0xff])));
    }
}
