//! Any text: often one that a careless encoder breaks on, or one that comes again.

use arbitrary::{Arbitrary, Result, Unstructured};
use runtime_metrics::OVERFLOW_LABEL;

const PARTS: [&str; 32] = [
    "\\", "\"", "\n", "\\n", "\r", "\r\n", "\0", "\t", " ", "{", "}", ",", "=", "#", "\u{1f}", "\u{7f}",
    "\u{85}", "e\u{301}", "\u{200b}", "\u{202e}", "\u{2028}", "\u{feff}", "😀", "İ", "ß", "Σ", "a", "b", "/",
    "1", "NaN", "_",
];

/// Parts of one text.
const MOST_PARTS: usize = 6;

#[derive(Debug, Clone)]
pub(crate) struct Text(pub(crate) String);

impl<'a> Arbitrary<'a> for Text {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(Self(match u.int_in_range(0..=15_u8)? {
            0 => OVERFLOW_LABEL.to_owned(),
            1 => "x".repeat(u.int_in_range(0..=2_000)?),
            2..=6 => u.arbitrary()?,
            _ => {
                let count = u.int_in_range(0..=MOST_PARTS)?;
                (0..count).map(|_| u.choose(&PARTS).copied()).collect::<Result<_>>()?
            }
        }))
    }
}
