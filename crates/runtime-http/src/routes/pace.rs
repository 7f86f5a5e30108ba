//! How often something may be done.

use std::time::Duration;

use tokio::time::Instant;

/// Some times at once, then once in a while: in any time that is so many whiles long, at most so many times more than `burst`.
///
/// Source: the generic cell rate algorithm (ITU-T I.371, annex A).
#[derive(Debug, Clone)]
pub(super) struct Pace {
    /// At least 1.
    burst: u32,
    every: Duration,
    /// When `burst` times at once are free again; none: since ever.
    rested: Option<Instant>,
}

impl Pace {
    pub(super) fn new(burst: u32, every: Duration) -> Self {
        Self { burst: burst.max(1), every, rested: None }
    }

    /// How long to wait from `now` on.
    pub(super) fn wait(&self, now: Instant) -> Duration {
        let ahead = self.every * (self.burst - 1);
        self.rested.map_or(Duration::ZERO, |rested| rested.saturating_duration_since(now + ahead))
    }

    /// It is done `now`, after the wait.
    pub(super) fn take(&mut self, now: Instant) {
        self.rested = Some(self.rested.map_or(now, |rested| rested.max(now)) + self.every);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EVERY: Duration = Duration::from_millis(500);

    /// When somebody did it who came at each of these instants, in milliseconds.
    fn done_at(pace: &mut Pace, coming: &[u64]) -> Vec<u64> {
        let begin = Instant::now();
        let at = |milliseconds| begin + Duration::from_millis(milliseconds);
        let mut done = Vec::new();
        for coming in coming {
            let coming = at(*coming).max(at(done.last().copied().unwrap_or_default()));
            let now = coming + pace.wait(coming);
            pace.take(now);
            done.push(now.duration_since(begin).as_millis() as u64);
        }
        done
    }

    #[test]
    fn some_are_done_at_once_and_then_one_in_a_while() {
        let mut pace = Pace::new(3, EVERY);
        assert_eq!(done_at(&mut pace, &[0, 0, 0, 0, 10, 1_600]), [0, 0, 0, 500, 1_000, 1_600]);
        assert_eq!(done_at(&mut Pace::new(0, EVERY), &[0, 0, 2_000, 2_100]), [0, 500, 2_000, 2_500]);
    }

    #[test]
    fn whoever_does_it_once_in_a_while_never_waits() {
        let coming: Vec<u64> = (0..100).map(|time| time * 500).collect();
        assert_eq!(done_at(&mut Pace::new(1, EVERY), &coming), coming);
    }

    #[test]
    fn in_any_time_there_are_no_more_than_the_burst_and_one_in_each_while() {
        // Idle times of all lengths, so that the burst comes back in part and whole.
        let mut coming = Vec::new();
        let mut now = 0;
        for idle in [0, 100, 700, 5_000, 20_000, 1_000, 0, 300] {
            now += idle;
            coming.extend([now; 30]);
        }
        let done = done_at(&mut Pace::new(10, EVERY), &coming);
        for (first, from) in done.iter().enumerate() {
            for (last, to) in done.iter().enumerate().skip(first) {
                assert!((last - first) as u64 <= 10 + (to - from) / 500, "{from} to {to}");
            }
        }
    }
}
