//! What the viewer must know about the service before believing a number: that it is gone, silent, refusing; that it is back, or another
//! one; that the counts began afresh.

use crate::clock::Moment;
use crate::numbers;
use crate::snapshot::Snapshot;
use crate::trouble::{Trouble, TroubleKind};

/// Seconds that a notice stands which changes no number.
const SHORT_NOTICE: f64 = 15.0;

/// The connection, and the last thing that happened to it.
#[derive(Debug, Default)]
pub(crate) struct Link {
    trouble: Option<(Trouble, Moment)>,
    notice: Option<Notice>,
    was_ever_live: bool,
}

/// Something that is over, and that explains what is seen.
#[derive(Debug)]
enum Notice {
    Restarted { process_id: u32, before: (u32, u64, jiff::Timestamp) },
    Reset { opened_by: u64 },
    Back { after_seconds: f64, at: Moment },
}

/// What is told above the tables.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Banner {
    pub(crate) is_trouble: bool,
    pub(crate) title: String,
    pub(crate) detail: String,
}

/// In one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkState {
    Connecting,
    Live,
    Trouble(TroubleKind),
}

impl Link {
    pub(crate) fn state(&self) -> LinkState {
        match &self.trouble {
            Some((trouble, _)) => LinkState::Trouble(trouble.kind),
            None if self.was_ever_live => LinkState::Live,
            None => LinkState::Connecting,
        }
    }

    /// It goes on since its beginning, whatever its kind.
    pub(crate) fn meet_trouble(&mut self, trouble: Trouble, now: Moment) {
        let since = self.trouble.take().map_or(now, |(_, since)| since);
        self.trouble = Some((trouble, since));
    }

    /// A snapshot came, after another one or as the first.
    pub(crate) fn recover(&mut self, before: Option<&Snapshot>, snapshot: &Snapshot, now: Moment) {
        let trouble = self.trouble.take();
        self.was_ever_live = true;
        let Some(before) = before else { return };
        if !before.is_of_same_life(snapshot) {
            let process_id = snapshot.process.process_id;
            let before = (before.process.process_id, before.sequence, before.taken_at);
            self.notice = Some(Notice::Restarted { process_id, before });
        } else if !before.shares_window_with(snapshot) {
            self.notice = Some(Notice::Reset { opened_by: snapshot.window.opened_by });
        } else if let Some((_, since)) = trouble {
            self.notice = Some(Notice::Back { after_seconds: now.since(since), at: now });
        }
    }

    /// Whether there was a notice.
    pub(crate) fn dismiss(&mut self) -> bool {
        self.notice.take().is_some()
    }

    /// `shown` is what the screen shows.
    pub(crate) fn banner(&self, shown: Option<&Snapshot>, now: Moment) -> Option<Banner> {
        if let Some((trouble, since)) = &self.trouble {
            return Some(trouble_banner(trouble, *since, shown, now));
        }
        let (title, detail) = match self.notice.as_ref()? {
            Notice::Restarted { process_id, before: (before, sequence, taken_at) } => (
                format!("ANOTHER PROCESS: {process_id} took the place of {before}. Counts start afresh."),
                format!(
                    "The last snapshot of the one before was #{sequence}, taken at {} UTC. Esc: noted.",
                    numbers::clock(*taken_at)
                ),
            ),
            Notice::Reset { opened_by } => (
                format!("RESET by snapshot #{opened_by}: counts start afresh."),
                "What was counted between the last snapshot before and it was not seen here. Esc: noted."
                    .to_owned(),
            ),
            Notice::Back { after_seconds, at } if now.since(*at) < SHORT_NOTICE => (
                format!("BACK, the same process, after {}.", numbers::age(*after_seconds)),
                "It went on counting: nothing is missing.".to_owned(),
            ),
            Notice::Back { .. } => return None,
        };
        Some(Banner { is_trouble: false, title, detail })
    }
}

fn trouble_banner(trouble: &Trouble, since: Moment, shown: Option<&Snapshot>, now: Moment) -> Banner {
    let word = match trouble.kind {
        TroubleKind::Gone => "GONE",
        TroubleKind::Silent => "SILENT",
        TroubleKind::Refused => "REFUSED",
        TroubleKind::Unauthorised => "NO TOKEN",
    };
    let (lasts, since) = (numbers::age(now.since(since)), numbers::clock(since.wall));
    let last = match shown {
        Some(shown) => format!("Shown is #{} of {} UTC.", shown.sequence, numbers::clock(shown.taken_at)),
        None => "No snapshot has come yet.".to_owned(),
    };
    Banner {
        is_trouble: true,
        title: format!("{word} for {lasts}, since {since} UTC. {last} r: try now"),
        detail: trouble.reason.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::{Cut, at};

    fn gone() -> Trouble {
        Trouble::new(TroubleKind::Gone, "no connection")
    }

    fn titles(link: &Link, snapshot: &Snapshot, seconds: f64) -> String {
        link.banner(Some(snapshot), at(seconds)).map_or(String::new(), |banner| banner.title)
    }

    #[test]
    fn trouble_lasts_since_its_beginning_whatever_its_kind_and_tells_what_is_shown() {
        let mut link = Link::default();
        assert_eq!(link.state(), LinkState::Connecting);
        let snapshot = Cut::new(0.0, &[]).snapshot();
        link.recover(None, &snapshot, at(0.0));
        assert_eq!((link.state(), link.banner(Some(&snapshot), at(0.0))), (LinkState::Live, None));
        link.meet_trouble(Trouble::new(TroubleKind::Silent, "nothing comes"), at(4.0));
        link.meet_trouble(gone(), at(12.0));
        let banner = link.banner(Some(&snapshot), at(16.0)).unwrap();
        assert_eq!(
            banner.title,
            "GONE for 12.0 s, since 12:02:07 UTC. Shown is #7 of 12:02:03 UTC. r: try now"
        );
        assert_eq!((banner.is_trouble, banner.detail.as_str()), (true, "no connection"));
    }

    #[test]
    fn the_same_process_is_back_with_nothing_missing_and_that_is_told_for_a_while() {
        let mut link = Link::default();
        let (first, second) = (Cut::new(0.0, &[]).snapshot(), Cut::new(9.0, &[]).snapshot());
        link.recover(None, &first, at(0.0));
        link.meet_trouble(gone(), at(2.0));
        link.recover(Some(&first), &second, at(9.0));
        assert_eq!(titles(&link, &second, 10.0), "BACK, the same process, after 7.0 s.");
        assert_eq!(titles(&link, &second, 30.0), "");
    }

    #[test]
    fn another_process_and_a_reset_are_told_until_they_are_noted() {
        let mut link = Link::default();
        let first = Cut::new(0.0, &[]).snapshot();
        let mut other = Cut::new(3.0, &[]);
        other.instance = "018f4c9e-6f0a-7000-8000-00000000002a";
        let other = other.snapshot();
        link.recover(None, &first, at(0.0));
        link.meet_trouble(gone(), at(2.0));
        link.recover(Some(&first), &other, at(3.0));
        assert!(titles(&link, &other, 1_000.0).starts_with("ANOTHER PROCESS: 4711 took the place of 4711."));
        assert!(link.dismiss() && !link.dismiss());
        assert_eq!(titles(&link, &other, 1_000.0), "");

        let reset = Cut::new(4.0, &[]).in_window(5, 0.5).snapshot();
        link.recover(Some(&first), &reset, at(4.0));
        assert_eq!(titles(&link, &reset, 1_000.0), "RESET by snapshot #10: counts start afresh.");
    }
}
