//! The same text with other values.

use exp_worker::name::is_name;

/// The most digits that surely fit every kind of number.
const MOST_DIGITS: usize = 18;

/// Puts an `x` for each ASCII letter and digit of a text that is no name, and a 7 for each digit of a number that is not 0.
///
/// Names may be quoted by messages, so they stay: what stands where an object has its keys, and what the lists `required` and
/// `optional` hold, as far as it looks like a name. Everything else keeps its length and its kind, escapes and bytes that are not
/// ASCII included, so that the same fault is at the same place. Brackets need not match; what no rule here knows stays as it is.
pub(crate) fn masked(text: &[u8]) -> Vec<u8> {
    let mut masked = text.to_vec();
    // Brackets that are open, with the key before each.
    let mut open: Vec<(u8, Option<String>)> = Vec::new();
    let mut last_key = None;
    // The last byte that is not white, outside of texts.
    let mut last = 0;
    let mut at = 0;
    while at < text.len() {
        let byte = text[at];
        let mut end = at + 1;
        match byte {
            b'"' => {
                end = end_of_string(text, at);
                let content = decoded(&text[at..end]);
                let (in_object, in_names) = match open.last() {
                    Some((b'[', Some(key))) => (false, matches!(key.as_str(), "required" | "optional")),
                    Some((bracket, _)) => (*bracket == b'{', false),
                    None => (false, false),
                };
                let before_colon = text[end..].trim_ascii_start().first() == Some(&b':');
                let is_key = before_colon || (in_object && matches!(last, b'{' | b','));
                if !((is_key || in_names) && content.as_deref().is_some_and(is_name)) {
                    mask_string(&mut masked[at..end]);
                }
                last_key = content.filter(|_| is_key);
            }
            b'[' | b'{' => open.push((byte, last_key.take())),
            b']' | b'}' => drop(open.pop()),
            b'0'..=b'9' => {
                let length = text[at..].iter().position(|byte| !is_of_number(*byte));
                end = length.map_or(text.len(), |length| at + length);
                mask_number(&mut masked[at..end]);
            }
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            last = byte;
        }
        at = end;
    }
    masked
}

/// Just behind the closing quote, or the end of the text.
fn end_of_string(text: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while at < text.len() {
        match text[at] {
            b'"' => return at + 1,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    text.len()
}

fn decoded(string: &[u8]) -> Option<String> {
    serde_json::from_slice(string).ok()
}

fn mask_string(string: &mut [u8]) {
    let mut at = 0;
    while at < string.len() {
        match string[at] {
            b'\\' if string.get(at + 1) == Some(&b'u') => at += 6,
            b'\\' => at += 2,
            byte => {
                if byte.is_ascii_alphanumeric() {
                    string[at] = b'x';
                }
                at += 1;
            }
        }
    }
}

fn is_of_number(byte: u8) -> bool {
    byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-')
}

fn mask_number(number: &mut [u8]) {
    let may_overflow = number.len() > MOST_DIGITS || number.iter().any(|byte| matches!(byte, b'e' | b'E'));
    if !may_overflow {
        let digits = number.iter_mut().filter(|byte| matches!(byte, b'1'..=b'9'));
        digits.for_each(|digit| *digit = b'7');
    }
}
