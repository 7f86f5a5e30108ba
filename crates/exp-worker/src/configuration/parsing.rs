//! Text to [`Configuration`], with errors that can be shown to anybody.

use serde_json::error::Category;

use super::shape::{FileShape, OWN_MESSAGE, Object, REMEDY};
use super::{Configuration, Fault, ParseError};
use crate::name::is_name;

/// A byte order mark: some editors write one; JSON parsers refuse it.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// See [`Configuration::parse`].
pub(super) fn parse(text: &[u8]) -> Result<Configuration, ParseError> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let Some(first) = text.trim_ascii_start().first() else {
        return Err(ParseError { line: 1, column: 0, fault: Fault::Empty });
    };
    serde_json::from_slice::<Object<FileShape>>(text).map(|Object(file)| file.into()).map_err(|error| {
        ParseError { line: error.line(), column: error.column(), fault: fault(&error, *first) }
    })
}

/// Says what is wrong without a word of the text that is wrong. `first` is the first byte that is not white.
fn fault(error: &serde_json::Error, first: u8) -> Fault {
    let position = format!(" at line {} column {}", error.line(), error.column());
    let text = error.to_string();
    let text = text.strip_suffix(&position).unwrap_or(&text);
    match error.classify() {
        Category::Syntax | Category::Eof | Category::Io if !matches!(first, b'{' | b'[' | b'"') => {
            Fault::NotJson { cause: "the text does not begin with a curly bracket".to_owned() }
        }
        Category::Syntax | Category::Eof | Category::Io => Fault::NotJson { cause: plain(text).to_owned() },
        Category::Data => wrong_shape(text),
    }
}

/// The phrases of serde_json for what is no JSON, in words of people who write files. They are fixed and quote
/// nothing, so one that is not known here is passed on.
fn plain(phrase: &str) -> &str {
    match phrase {
        "expected value" | "expected ident" => "a value is missing here, or a text without its double quotes",
        "expected `:`" => "a colon is missing after a name",
        "expected `,` or `]`" => "a comma or the closing bracket of a list is missing",
        "expected `,` or `}`" => "a comma or the closing bracket of an object is missing",
        "key must be a string" | "expected `\"`" => "a name must stand in double quotes",
        "trailing comma" => "a comma stands before a closing bracket",
        "trailing characters" => "there is more text after the end of the object",
        "invalid escape" => "a backslash in a text must be doubled, or begin an escape that JSON knows",
        "invalid unicode code point" => "bytes that are not UTF-8, or an escape of no character",
        "recursion limit exceeded" => "too many brackets within brackets",
        _ if phrase.starts_with("EOF while parsing") => "the text ends too early",
        _ if phrase.starts_with("control character") => "a line end or control character within a text",
        _ => phrase,
    }
}

fn wrong_shape(text: &str) -> Fault {
    let (cause, remedy) = if let Some(own) = text.strip_prefix(OWN_MESSAGE) {
        let (cause, remedy) = own.split_once(REMEDY).unwrap_or((own, "correct it"));
        (cause.to_owned(), remedy.to_owned())
    } else if let Some(rest) = text.strip_prefix("unknown field `") {
        unknown_field(rest)
    } else if let Some(field) = field_of(text, "missing field `") {
        (format!("the object that ends here has no field \"{field}\""), format!("add \"{field}\""))
    } else if let Some(field) = field_of(text, "duplicate field `") {
        (format!("the field \"{field}\" is there twice"), "keep one of the two".to_owned())
    } else {
        wrong_kind(text)
    };
    Fault::WrongShape { cause, remedy }
}

/// `rest` is "NAME`, expected …", and NAME is whatever the file says.
fn unknown_field(rest: &str) -> (String, String) {
    // The list of known fields is last; a hostile NAME may contain anything.
    let (field, expected) = match rest.rsplit_once("`, expected ") {
        Some((field, expected)) => (field, expected.replace('`', "\"")),
        None => ("", "the documented ones".to_owned()),
    };
    let cause = if is_name(field) {
        format!("the field \"{field}\" is unknown here")
    } else {
        "a field here is unknown".to_owned()
    };
    (cause, format!("the fields are {}", expected.trim_start_matches("one of ")))
}

/// The name in a message that quotes one of our own fields, and nothing else.
fn field_of<'a>(text: &'a str, prefix: &str) -> Option<&'a str> {
    text.strip_prefix(prefix)?.strip_suffix('`').filter(|field| is_name(field))
}

/// For "invalid type: FOUND, expected WHAT" and its kin, where FOUND may quote a value.
fn wrong_kind(text: &str) -> (String, String) {
    const KINDS: [(&str, &str); 7] = [
        ("string", "a string"),
        ("integer", "a number"),
        ("floating point", "a number"),
        ("number", "a number"),
        ("boolean", "a boolean"),
        ("null", "null"),
        ("sequence", "a list"),
    ];
    let found = text.split_once(": ").map_or("", |(_, found)| found);
    let found = KINDS
        .iter()
        .find(|(prefix, _)| found.starts_with(prefix))
        .map_or(if found.starts_with("map") { "an object" } else { "something" }, |(_, kind)| kind);
    // From the right: a quoted value may contain the words; what follows the last of them is ours.
    let (expected, remedy) = match text.rsplit_once(", expected ").map(|(_, expected)| expected) {
        Some("a string") => match found {
            "an object" | "a list" => ("a string", "write one text here, without brackets around it"),
            "null" => ("a string", "write a text in double quotes, or leave the entry out"),
            _ => ("a string", "write it in double quotes"),
        },
        Some("a boolean") => ("true or false", "write true or false, without quotes"),
        Some("a sequence") => ("a list", "write a list of keys in square brackets"),
        _ => ("an object", "write an object in curly brackets"),
    };
    (format!("found {found} where {expected} is expected"), remedy.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &str) -> String {
        parse(text.as_bytes()).expect_err("must be refused").to_string()
    }

    #[test]
    fn a_fault_is_reported_with_its_line_cause_and_remedy() {
        let cases = [
            ("", "line 1,", "the file is empty"),
            (" \n\n", "line 1,", "the file is empty"),
            ("HUSH", "line 1,", "does not begin with a curly bracket"),
            ("nothing here", "line 1,", "does not begin with a curly bracket"),
            ("{\"targets\": nothing}", "line 1,", "a text without its double quotes"),
            ("{\"targets\" {}}", "line 1,", "a colon is missing"),
            ("{\"targets\": {} \"values\": {}}", "line 1,", "a comma or the closing bracket"),
            ("{targets: {}}", "line 1,", "a name must stand in double quotes"),
            ("{\n\n", "line 3,", "not JSON"),
            ("{\n \"targets\": {},\n}", "line 3,", "not JSON"),
            ("{\n \"targets\": {}\n}", "line 3,", "no field \"values\""),
            ("{\n \"targets\": {},\n \"values\": []}", "line 3,", "found a list where an object is expected"),
            (
                "{\n \"targets\": {},\n \"values\": {\"a\": 5}}",
                "line 3,",
                "found a number where a string is expected",
            ),
            (
                "{\n \"targets\": {},\n \"values\": {\"a\": \"1\",\n\"a\": \"2\"}}",
                "line 4,",
                "the name a is there twice",
            ),
            ("{\n \"targets\": {},\n \"values\": {\"a b\": \"1\"}}", "line 3,", "a name here is not allowed"),
            ("{\n \"targets\": {},\n \"targets\": {}}", "line 3,", "the field \"targets\" is there twice"),
            (
                "{\"targets\": {}, \"values\": {},\n \"extra\": 1}",
                "line 2,",
                "the field \"extra\" is unknown here",
            ),
            (
                "{\"targets\": {\"api\":\n {\"runtime\": {}}}, \"values\": {}}",
                "line 2,",
                "\"runtime\" is unknown",
            ),
            (
                "{\"targets\": {\"api\":\n {\"featureFlags\": {\"F\": \"yes\"}}}, \"values\": {}}",
                "line 2,",
                "found a string where true or false is expected",
            ),
            (
                "{\"targets\": {\"api\":\n {\"runTime\": {\"required\": \"k\"}}}, \"values\": {}}",
                "line 2,",
                "found a string where a list is expected",
            ),
            (
                "{\"targets\": {\"api\":\n {\"runTime\": {\"required\": [\"k\"], \"optional\": [\"k\"]}}}, \"values\": {}}",
                "line 2,",
                "lists the key k twice",
            ),
            ("[]", "line 1,", "found a list where an object is expected"),
            ("null", "line 1,", "found null where an object is expected"),
            ("{} {}", "line 1,", "no field \"targets\""),
        ];
        for (text, line, cause) in cases {
            let message = error(text);
            assert!(message.starts_with(line), "{text:?}: {message}");
            assert!(message.contains(cause), "{text:?}: {message}");
            assert!(message.contains("; remedy: "), "{text:?}: {message}");
        }
    }

    #[test]
    fn only_what_quotes_would_mend_is_told_to_be_quoted() {
        let told = |value: &str| error(&format!("{{\"targets\": {{}}, \"values\": {{\"a\": {value}}}}}"));
        for value in ["5", "1.5", "true"] {
            assert!(told(value).ends_with("write it in double quotes"), "{value}");
        }
        for value in ["[]", "[\"x\"]", "{}", "{\"b\": \"x\"}", "null"] {
            assert!(!told(value).contains("write it in double quotes"), "{value}");
        }
    }

    #[test]
    fn no_fault_shows_jargon_of_the_parser() {
        for text in
            ["h", "nul", "tru", "{", "{\"a\"", "{\"a\":", "{\"a\": tru", "{,}", "{\"targets\": {},}", "{x"]
        {
            let message = error(text);
            for jargon in ["ident", "EOF", "expected value", "trailing"] {
                assert!(!message.contains(jargon), "{text}: {message}");
            }
        }
    }

    #[test]
    fn no_fault_quotes_a_value_whatever_it_contains() {
        for value in
            ["HUSH", "x, expected HUSH", "HUSH`, expected one of `HUSH", "exp-worker: HUSH", "; remedy: HUSH"]
        {
            let json = serde_json::to_string(value).unwrap();
            for text in [
                json.clone(),
                format!("{{\"targets\": {json}}}"),
                format!("{{\"targets\": {{\"api\": {json}}}}}"),
                format!("{{\"targets\": {{\"api\": {{\"runTime\": {json}}}}}}}"),
                format!("{{\"targets\": {{\"api\": {{\"runTime\": {{\"required\": {json}}}}}}}}}"),
                format!("{{\"targets\": {{\"api\": {{\"featureFlags\": {{\"a\": {json}}}}}}}}}"),
                format!("{{\"values\": {{\"a\": {json} {json}}}"),
                format!("{{\"values\": {json}}}"),
                format!("{{\"values\": [{json}]}}"),
                format!("{{\"values\": {{\"a\": [{json}]}}}}"),
                format!("{{\"values\": {{\"a\": {{\"b\": {json}}}}}}}"),
                format!("{{\"values\": {{\"a\": {json}, \"b\": 1}}}}"),
                format!("{{\"values\": {{\"a\": {json}, \"a\": {json}}}}}"),
            ] {
                let message = error(&text);
                assert!(!message.contains("HUSH"), "{text}: {message}");
            }
        }
        for number in ["424242", "-424242", "4.24242", "424242e400"] {
            let message = error(&format!("{{\"values\": {{\"a\": {number}}}}}"));
            assert!(!message.contains("4242"), "{message}");
        }
    }

    #[test]
    fn a_fault_does_not_quote_a_name_that_is_no_name() {
        let message = error("{\"HUSH HUSH\": 1}");
        assert!(message.contains("a field here is unknown") && !message.contains("HUSH"), "{message}");
    }

    #[test]
    fn text_that_is_not_utf_8_is_refused() {
        let message = parse(b"{\"targets\": {}, \"values\": {\"a\": \"\xff\xfe\"}}").unwrap_err().to_string();
        assert!(message.contains("not JSON"), "{message}");
    }

    #[test]
    fn deep_nesting_is_refused() {
        assert!(error(&"[".repeat(100_000)).contains("remedy"));
        let deep = format!("{{\"values\": {}", "{\"a\":".repeat(100_000));
        assert!(error(&deep).contains("remedy"));
    }

    #[test]
    fn a_byte_order_mark_is_skipped() {
        assert!(parse(b"\xef\xbb\xbf{\"targets\": {}, \"values\": {}}").is_ok());
    }

    #[test]
    fn a_required_key_without_a_value_is_no_fault_of_the_file() {
        let text = br#"{"targets": {"api": {"runTime": {"required": ["Lacking"]}}}, "values": {}}"#;
        let configuration = parse(text).unwrap();
        assert!(configuration.is_required("Lacking"));
        assert!(configuration.value("Lacking").is_none());
    }

    #[test]
    fn the_debug_text_of_a_configuration_shows_no_value() {
        let configuration = parse(br#"{"targets": {}, "values": {"a": "HUSH"}}"#).unwrap();
        assert!(!format!("{configuration:?}").contains("HUSH"));
        assert_eq!(configuration.value("a").unwrap().expose(), "HUSH");
    }
}
