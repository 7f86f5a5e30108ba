//! Escapes of the text formats.
//!
//! Source: [Prometheus exposition formats](https://prometheus.io/docs/instrumenting/exposition_formats/), "Comments,
//! help text, and type information" and "Line format". In a label value a backslash, a double quote and a line feed are
//! escaped, in a help text a backslash and a line feed. Everything else is UTF-8 as it is: carriage returns, NUL,
//! combining and right-to-left marks included.

/// Appends a label value, without the quotes around it.
///
/// Cost: one pass over the bytes, one copy of each run between two escapes.
pub(crate) fn push_label_value(out: &mut String, value: &str) {
    push_escaped(out, value, |byte| match byte {
        b'\\' => Some("\\\\"),
        b'"' => Some("\\\""),
        b'\n' => Some("\\n"),
        _ => None,
    });
}

/// Appends the text of a `# HELP` line.
pub(crate) fn push_help(out: &mut String, text: &str) {
    push_escaped(out, text, |byte| match byte {
        b'\\' => Some("\\\\"),
        b'\n' => Some("\\n"),
        _ => None,
    });
}

/// Copies `text`, with an escape in place of each byte that has one. `escape` knows ASCII bytes only, so every run
/// between two of them starts and ends at a character.
fn push_escaped(out: &mut String, text: &str, escape: impl Fn(u8) -> Option<&'static str>) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        if let Some(escaped) = escape(byte) {
            out.push_str(&text[copied..at]);
            out.push_str(escaped);
            copied = at + 1;
        }
    }
    out.push_str(&text[copied..]);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn label_value(value: &str) -> String {
        let mut out = String::new();
        push_label_value(&mut out, value);
        out
    }

    fn help(text: &str) -> String {
        let mut out = String::new();
        push_help(&mut out, text);
        out
    }

    #[test]
    fn a_backslash_a_quote_and_a_line_feed_are_escaped_in_a_label_value() {
        assert_eq!(label_value("a\\b\"c\nd"), r#"a\\b\"c\nd"#);
        assert_eq!(label_value("\n\n"), r"\n\n");
        assert_eq!(label_value(r"\n"), r"\\n");
    }

    #[test]
    fn a_quote_stays_as_it_is_in_a_help_text() {
        assert_eq!(help("a\\b\"c\nd"), r#"a\\b"c\nd"#);
    }

    #[test]
    fn everything_else_is_utf_8_as_it_is() {
        for text in
            ["", " ", "\0", "\r\t\u{b}\u{7f}", "e\u{301}", "\u{202e}abc", "\u{2028}\u{85}", "😀", "{}=,#"]
        {
            assert_eq!(label_value(text), text);
            assert_eq!(help(text), text);
        }
    }

    proptest! {
        #[test]
        fn an_escaped_label_value_is_one_line_and_gives_back_the_value(value in any::<String>()) {
            let escaped = label_value(&value);
            prop_assert!(!escaped.contains('\n'));

            let mut back = String::new();
            let mut characters = escaped.chars();
            while let Some(character) = characters.next() {
                match character {
                    '"' => prop_assert!(false, "a bare quote ends the value"),
                    '\\' => match characters.next() {
                        Some('n') => back.push('\n'),
                        Some(escaped @ ('"' | '\\')) => back.push(escaped),
                        other => prop_assert!(false, "no such escape: {other:?}"),
                    },
                    plain => back.push(plain),
                }
            }
            prop_assert_eq!(back, value);
        }
    }
}
