//! Spans of time in messages.

use std::fmt;
use std::time::Duration;

/// Shows a duration in seconds: `60 s`, `0.25 s`.
pub(crate) struct Seconds(pub(crate) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} s", self.0.as_secs_f64())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_have_no_point() {
        assert_eq!(Seconds(Duration::from_secs(60)).to_string(), "60 s");
        assert_eq!(Seconds(Duration::from_millis(250)).to_string(), "0.25 s");
    }
}
