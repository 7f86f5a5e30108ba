//! Texts from outside in messages of one line.

use std::fmt::{self, Write as _};
use std::path::Path;

/// Shows a path with everything escaped that is not plainly visible, line ends above all.
///
/// Not for reading back: quotes and backslashes stand as they are, so that usual paths look as usual.
pub(crate) struct OneLine<'a>(pub(crate) &'a Path);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.to_string_lossy().chars() {
            match c {
                '"' | '\'' | '\\' => f.write_char(c)?,
                _ => write!(f, "{}", c.escape_debug())?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_visible_is_escaped_and_the_rest_is_not() {
        let shown = |text: &str| OneLine(Path::new(text)).to_string();
        assert_eq!(shown("/etc/exp \\'\"/ü.json"), "/etc/exp \\'\"/ü.json");
        assert_eq!(shown("a\nb\u{1b}[2J\u{202e}\u{2028}"), r"a\nb\u{1b}[2J\u{202e}\u{2028}");
    }
}
