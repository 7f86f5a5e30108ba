//! Spans of time in messages.

use std::fmt;
use std::time::Duration;

/// Shows a duration in seconds, to the hundredth: `60 s`, `0.25 s`.
pub(crate) struct Seconds(pub(crate) Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let hundredths = (self.0.as_secs_f64() * 100.0).round();
        write!(f, "{} s", hundredths / 100.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_seconds_have_no_point_and_others_at_most_two_digits_behind_it() {
        assert_eq!(Seconds(Duration::from_secs(60)).to_string(), "60 s");
        assert_eq!(Seconds(Duration::from_millis(250)).to_string(), "0.25 s");
        assert_eq!(Seconds(Duration::from_nanos(4_998_614_524)).to_string(), "5 s");
    }
}
