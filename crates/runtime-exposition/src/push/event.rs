//! What is worth a line in a log: once for each outage, not once for each attempt.

/// Something that whoever runs a pusher may want to know when it happens.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PushEvent {
    /// A push was given up, and the one before was not: an outage begins.
    Failing {
        /// The last failure: one line, without secrets.
        error: String,
    },
    /// A push was acknowledged after others had been given up: the outage is over.
    Recovered {
        /// How many pushes were given up meanwhile.
        failed: u64,
    },
    /// A push was acknowledged, but the receiver rejected data points, or made a remark. Told once until a push is acknowledged without.
    Remarked {
        /// How many were rejected; 0 when it is a remark only.
        rejected_points: u64,
        /// What it said: one line.
        remark: String,
    },
}

/// Turns how pushes end into events.
#[derive(Debug, Default)]
pub(crate) struct Outage {
    failed: u64,
    is_remarked: bool,
}

impl Outage {
    pub(crate) fn given_up(&mut self, error: impl FnOnce() -> String) -> Option<PushEvent> {
        self.failed += 1;
        (self.failed == 1).then(|| PushEvent::Failing { error: error() })
    }

    pub(crate) fn acknowledged(&mut self) -> Option<PushEvent> {
        let failed = std::mem::take(&mut self.failed);
        (failed > 0).then_some(PushEvent::Recovered { failed })
    }

    pub(crate) fn remarked(&mut self, rejected_points: u64, remark: Option<String>) -> Option<PushEvent> {
        let is_news = remark.is_some() && !self.is_remarked;
        self.is_remarked = remark.is_some();
        remark.filter(|_| is_news).map(|remark| PushEvent::Remarked { rejected_points, remark })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_outage_is_told_once_and_its_end_once() {
        let mut outage = Outage::default();
        let error = || "gone".to_owned();
        assert_eq!(outage.acknowledged(), None);
        for _ in 0..2 {
            assert_eq!(outage.given_up(error), Some(PushEvent::Failing { error: error() }));
            assert_eq!(outage.given_up(error), None);
            assert_eq!(outage.given_up(error), None);
            assert_eq!(outage.acknowledged(), Some(PushEvent::Recovered { failed: 3 }));
            assert_eq!(outage.acknowledged(), None);
        }
    }

    #[test]
    fn a_remark_is_told_again_only_after_a_push_without_one() {
        let mut outage = Outage::default();
        let remark = || Some("too old".to_owned());
        let told = Some(PushEvent::Remarked { rejected_points: 2, remark: "too old".to_owned() });
        assert_eq!(outage.remarked(2, remark()), told);
        assert_eq!(outage.remarked(2, remark()), None);
        assert_eq!(outage.remarked(0, None), None);
        assert_eq!(outage.remarked(2, remark()), told);
    }
}
