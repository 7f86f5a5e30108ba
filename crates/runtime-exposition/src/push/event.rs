//! What is worth a line in a log: once for each outage, not once for each attempt.

use std::sync::Arc;
use std::time::Duration;

use super::doubt::Abandonment;

/// Something that whoever runs a pusher may want to know when it happens. Each names the receiver by its address, without credentials and query; each text is one
/// line, without secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushEvent {
    /// An attempt failed and is made again. Told once until a push is acknowledged; what follows is [`Failing`](Self::Failing), or nothing if it arrives.
    Retrying {
        /// Where to.
        address: Arc<str>,
        /// The failure.
        error: String,
    },
    /// A push was given up, and the one before was not: an outage begins.
    Failing {
        /// Where to.
        address: Arc<str>,
        /// The last failure.
        error: String,
    },
    /// A push was acknowledged after others had been given up: the outage is over.
    Recovered {
        /// Where to.
        address: Arc<str>,
        /// How many pushes were given up meanwhile.
        failed: u64,
    },
    /// A push was acknowledged, but the receiver rejected data points, or made a remark. Told once until a push is acknowledged without.
    Remarked {
        /// Where to.
        address: Arc<str>,
        /// How many were rejected; 0 when it is a remark only.
        rejected_points: u64,
        /// What it said.
        remark: String,
    },
    /// An interval of deltas will not be told again, though nobody acknowledged it: see [deltas](super#deltas).
    Abandoned {
        /// Where to.
        address: Arc<str>,
        /// The requests and deliveries that it held.
        records: u64,
        /// What is known of them.
        how: Abandonment,
        /// The last failure.
        error: String,
    },
    /// An attempt of the last push failed, and is made again: the end waits for it.
    LastPushDelayed {
        /// Where to.
        address: Arc<str>,
        /// The failure.
        error: String,
        /// How long the end waits at most, from here; [`Duration::MAX`] is no limit.
        left: Duration,
    },
    /// The last push did not arrive. What was recorded since the last one that did is not told to this receiver.
    LastPushFailed {
        /// Where to.
        address: Arc<str>,
        /// The last failure.
        error: String,
    },
    /// The group was not deleted after the last push: a Pushgateway goes on showing it.
    FarewellFailed {
        /// Where to.
        address: Arc<str>,
        /// The failure.
        error: String,
    },
}

/// Turns how pushes end into events.
#[derive(Debug)]
pub(crate) struct Outage {
    address: Arc<str>,
    failed: u64,
    is_retried: bool,
    is_delayed: bool,
    is_remarked: bool,
}

impl Outage {
    pub(crate) fn new(address: Arc<str>) -> Self {
        Self { address, failed: 0, is_retried: false, is_delayed: false, is_remarked: false }
    }

    pub(crate) fn address(&self) -> Arc<str> {
        Arc::clone(&self.address)
    }

    pub(crate) fn retried(&mut self, error: &str) -> Option<PushEvent> {
        let is_news = !std::mem::replace(&mut self.is_retried, true) && self.failed == 0;
        is_news.then(|| PushEvent::Retrying { address: self.address(), error: error.to_owned() })
    }

    pub(crate) fn delayed(&mut self, error: &str, left: Duration) -> Option<PushEvent> {
        let is_news = !std::mem::replace(&mut self.is_delayed, true);
        is_news.then(|| PushEvent::LastPushDelayed { address: self.address(), error: error.to_owned(), left })
    }

    pub(crate) fn given_up(&mut self, error: &str) -> Option<PushEvent> {
        self.failed += 1;
        (self.failed == 1).then(|| PushEvent::Failing { address: self.address(), error: error.to_owned() })
    }

    pub(crate) fn acknowledged(&mut self) -> Option<PushEvent> {
        self.is_retried = false;
        let failed = std::mem::take(&mut self.failed);
        (failed > 0).then(|| PushEvent::Recovered { address: self.address(), failed })
    }

    pub(crate) fn remarked(&mut self, rejected_points: u64, remark: Option<String>) -> Option<PushEvent> {
        let is_news = remark.is_some() && !self.is_remarked;
        self.is_remarked = remark.is_some();
        let remark = remark.filter(|_| is_news)?;
        Some(PushEvent::Remarked { address: self.address(), rejected_points, remark })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outage() -> (Outage, Arc<str>) {
        let address: Arc<str> = "http://h/".into();
        (Outage::new(Arc::clone(&address)), address)
    }

    #[test]
    fn an_outage_is_told_once_and_its_end_once() {
        let (mut outage, address) = outage();
        assert_eq!(outage.acknowledged(), None);
        for _ in 0..2 {
            let begun = PushEvent::Failing { address: address.clone(), error: "gone".to_owned() };
            assert_eq!(outage.given_up("gone"), Some(begun));
            assert_eq!(outage.given_up("gone"), None);
            assert_eq!(outage.retried("gone"), None);
            assert_eq!(outage.given_up("gone"), None);
            assert_eq!(
                outage.acknowledged(),
                Some(PushEvent::Recovered { address: address.clone(), failed: 3 })
            );
            assert_eq!(outage.acknowledged(), None);
        }
    }

    #[test]
    fn the_first_attempt_that_is_made_again_is_told_before_a_push_is_given_up() {
        let (mut outage, address) = outage();
        for _ in 0..2 {
            let told = PushEvent::Retrying { address: address.clone(), error: "busy".to_owned() };
            assert_eq!(outage.retried("busy"), Some(told));
            assert_eq!(outage.retried("busy"), None);
            // It arrived: nothing was given up, and there is nothing to tell.
            assert_eq!(outage.acknowledged(), None);
        }
    }

    #[test]
    fn a_remark_is_told_again_only_after_a_push_without_one() {
        let (mut outage, address) = outage();
        let remark = || Some("too old".to_owned());
        let told = Some(PushEvent::Remarked { address, rejected_points: 2, remark: "too old".to_owned() });
        assert_eq!(outage.remarked(2, remark()), told);
        assert_eq!(outage.remarked(2, remark()), None);
        assert_eq!(outage.remarked(0, None), None);
        assert_eq!(outage.remarked(2, remark()), told);
    }
}
