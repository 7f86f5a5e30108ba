//! Warnings of what may come again many times a second.

use std::time::{Duration, Instant};

/// How often one is given.
const PAUSE: Duration = Duration::from_secs(60);

/// A warning that is given at most once a minute.
#[derive(Debug, Default)]
pub(super) struct RareWarning {
    last: Option<Instant>,
    untold: u64,
}

impl RareWarning {
    /// There is reason for it. How often there was since it was given last, this time included, if it is to be given at this time.
    pub(super) fn due(&mut self, now: Instant) -> Option<u64> {
        self.untold += 1;
        if self.last.is_some_and(|last| now.saturating_duration_since(last) < PAUSE) {
            return None;
        }
        self.last = Some(now);
        Some(std::mem::take(&mut self.untold))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_given_once_a_minute_and_says_how_often_there_was_reason_for_it() {
        let (mut warning, begin) = (RareWarning::default(), Instant::now());
        let mut at = |second| warning.due(begin + Duration::from_secs(second));
        assert_eq!([0, 1, 59, 60, 61, 200].map(&mut at), [Some(1), None, None, Some(3), None, Some(2)]);
    }
}
