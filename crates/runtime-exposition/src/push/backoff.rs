//! How long to wait before the same is sent again.

use std::time::Duration;

const LAST_CEILING: Duration = Duration::from_secs(30);
/// The longest wait that a receiver may impose.
const LONGEST_IMPOSED: Duration = Duration::from_secs(5 * 60);

/// Exponential backoff with full jitter: each wait is uniform between nothing and a ceiling that doubles, so that the instances of
/// a service that lost their receiver together do not come back together.
///
/// Source: "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
#[derive(Debug)]
pub(crate) struct Backoff {
    ceiling: Duration,
}

impl Backoff {
    /// Waits of which the first one is no longer than `first`.
    pub(crate) fn new(first: Duration) -> Self {
        Self { ceiling: first.min(LAST_CEILING) }
    }

    /// The next wait.
    pub(crate) fn wait(&mut self) -> Duration {
        let wait = self.ceiling.mul_f64(fastrand::f64());
        self.ceiling = (self.ceiling * 2).min(LAST_CEILING);
        wait
    }
}

/// What a receiver asked for, as far as it is obeyed: who asks for years gets minutes.
pub(crate) fn imposed(wait: Duration) -> Duration {
    wait.min(LONGEST_IMPOSED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_stay_below_ceilings_that_double_up_to_the_last() {
        for _ in 0..100 {
            let mut backoff = Backoff::new(Duration::from_secs(1));
            for ceiling in [1, 2, 4, 8, 16, 30, 30, 30] {
                let wait = backoff.wait();
                assert!(wait <= Duration::from_secs(ceiling), "{wait:?} of {ceiling} s");
            }
        }
    }

    #[test]
    fn a_receiver_imposes_minutes_at_most() {
        assert_eq!(imposed(Duration::from_secs(7)), Duration::from_secs(7));
        assert_eq!(imposed(Duration::MAX), Duration::from_secs(300));
    }
}
