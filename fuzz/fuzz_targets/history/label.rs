//! Labels that meet often, in all their spellings, among some that never do.

use arbitrary::{Arbitrary, Result, Unstructured};
use runtime_metrics::OVERFLOW_LABEL;

/// ASCII, nothing, a final sigma, a capital that grows when lower-cased, a combining mark, a right-to-left mark, NUL, 4 bytes in
/// UTF-8, the longest label under a limit of 12 and one byte more, and the label that overflow is counted under.
const POOL: [&str; 12] = [
    "api",
    "web",
    "",
    "ΌΣ",
    "İx",
    "a\u{301}",
    "\u{202e}rtl",
    "nul\0",
    "😀",
    "twelve-bytes",
    "thirteen-byte",
    OVERFLOW_LABEL,
];

/// Copies of one name in the longest list of names.
const MAX_COPIES: usize = 600;

/// An endpoint, target, caller, path or config name.
#[derive(Debug, Clone)]
pub(crate) struct Label(pub(crate) String);

/// The config names of a delivery, duplicates among them.
#[derive(Debug, Clone)]
pub(crate) struct Names(pub(crate) Vec<String>);

impl<'a> Arbitrary<'a> for Label {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        if u.ratio(1, 8)? {
            return Ok(Self(u.arbitrary()?));
        }
        let label = *u.choose(&POOL)?;
        Ok(Self(match u.int_in_range(0..=5)? {
            0 => format!(" {label}\t"),
            1 => format!("\u{1f}{label}\u{3000}"),
            2 => label.to_uppercase(),
            _ => label.to_owned(),
        }))
    }
}

impl<'a> Arbitrary<'a> for Names {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        if u.ratio(1, 16)? {
            let Label(name) = u.arbitrary()?;
            return Ok(Self(vec![name; u.int_in_range(0..=MAX_COPIES)?]));
        }
        let count = u.int_in_range(0..=4)?;
        (0..count).map(|_| u.arbitrary().map(|Label(name)| name)).collect::<Result<_>>().map(Self)
    }
}
