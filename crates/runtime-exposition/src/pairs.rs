//! Lists of pairs in environment variables: `name=value,name=value`, values percent-encoded.
//!
//! Source: OpenTelemetry specification, "Specifying headers via environment variables", which takes the form of W3C Baggage without properties, and
//! "Resource SDK", "Specifying resource information via an environment variable".

use percent_encoding::percent_decode_str;

use crate::error::PairsError;

/// Reads a list. White space around names and values is none of theirs; an entry that is empty counts for nothing.
pub(crate) fn parse(origin: &'static str, list: &str) -> Result<Vec<(String, String)>, PairsError> {
    let mut pairs = Vec::new();
    for (entry, text) in (1..).zip(list.split(',')).filter(|(_, text)| !text.trim().is_empty()) {
        let wrong = |problem| PairsError { origin, entry, problem };
        let (name, value) = text.split_once('=').ok_or_else(|| wrong("no `=`"))?;
        let decoded = |text: &str| {
            let decoded = percent_decode_str(text.trim()).decode_utf8();
            decoded.map(String::from).map_err(|_| wrong("a text that is not UTF-8"))
        };
        let (name, value) = (decoded(name)?, decoded(value)?);
        if name.is_empty() {
            return Err(wrong("no name"));
        }
        pairs.push((name, value));
    }
    Ok(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair(name: &str, value: &str) -> (String, String) {
        (name.to_owned(), value.to_owned())
    }

    #[test]
    fn values_are_percent_decoded_and_may_hold_an_equals_sign() {
        assert_eq!(
            parse("V", " api-key = a%2Cb%20c ,, x=y=z,empty=,").unwrap(),
            [pair("api-key", "a,b c"), pair("x", "y=z"), pair("empty", "")]
        );
        assert_eq!(parse("V", " ").unwrap(), []);
    }

    #[test]
    fn an_error_says_which_entry_is_wrong_and_quotes_no_value() {
        for (list, message) in [
            (
                "a=1,secret",
                "V has at its entry 2 no `=`; remedy: write it as `name=value,name=value`, values percent-encoded",
            ),
            (
                "=secret",
                "V has at its entry 1 no name; remedy: write it as `name=value,name=value`, values percent-encoded",
            ),
            (
                "a=secret%ff",
                "V has at its entry 1 a text that is not UTF-8; remedy: write it as `name=value,name=value`, values percent-encoded",
            ),
        ] {
            assert_eq!(parse("V", list).unwrap_err().to_string(), message);
        }
    }
}
