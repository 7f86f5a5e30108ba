//! A text that is no configuration.

use exp_worker::configuration::ParseError;

/// The longest message there may be, in bytes. Names of up to 64 bytes are quoted at most twice.
const LONGEST: usize = 400;

/// Fails unless the message says where, why, and what to do, on one line.
pub(crate) fn check(text: &[u8], error: &ParseError) {
    let message = error.to_string();
    let lines: Vec<&[u8]> = text.split(|byte| *byte == b'\n').collect();
    let line = lines.get(error.line - 1);
    // One column past the last: the end of the line is where something is missing.
    assert!(line.is_some_and(|line| error.column <= line.len() + 1), "not in the text: {message}");

    let place = format!("line {}, column {}: ", error.line, error.column);
    let (cause, remedy) = message.strip_prefix(&place).unwrap().split_once("; remedy: ").unwrap();
    assert!(!cause.is_empty() && !remedy.is_empty(), "{message}");
    assert!(message.len() <= LONGEST && !message.contains(char::is_control), "{message:?}");
}
