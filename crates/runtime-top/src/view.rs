//! What somebody looks at: the newest snapshot or one that was held, and how.

mod actions;

use std::sync::Arc;

use crate::clock::Moment;
use crate::filter::Filter;
use crate::link::{Link, LinkState};
use crate::moments::{Moments, Since};
use crate::news::News;
use crate::past::{Past, Point, Scale};
use crate::pivot::PivotView;
use crate::scene::Scene;
use crate::snapshot::{FamilyName, RequestsBy, Snapshot};
use crate::table::Table;
use crate::trends::Trends;

/// The tables, in the order of their numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tab {
    Family(FamilyName),
    Pivot,
    Past,
    Limits,
}

impl Tab {
    pub(crate) const ALL: [Self; 8] = [
        Self::Family(FamilyName::Paths),
        Self::Family(FamilyName::Endpoints),
        Self::Family(FamilyName::Targets),
        Self::Family(FamilyName::Callers),
        Self::Family(FamilyName::Names),
        Self::Pivot,
        Self::Past,
        Self::Limits,
    ];
}

/// What the keys mean.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    #[default]
    Table,
    /// A filter is typed.
    Filter,
    Help,
    /// All of the row that is selected.
    Detail,
}

/// What is to be done outside of the view.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Effect {
    Quit,
    Suspend,
    Redraw,
    Retry,
    /// Ask the service for its history, for the name of its environment.
    AskPast,
    AskEnvironment,
    /// Put a text on the clipboard.
    Copy(String),
}

/// What was shown when the view was paused.
#[derive(Debug)]
struct Held {
    snapshot: Arc<Snapshot>,
    trends: Trends,
    opened: Since,
    /// Snapshots that came since.
    missed: u64,
}

/// The whole state of the screen.
#[derive(Debug)]
pub(crate) struct View {
    newest: Option<Arc<Snapshot>>,
    trends: Trends,
    moments: Moments,
    held: Option<Held>,
    link: Link,
    /// As it was last seen: after a reset nothing tells it.
    requests_by: Option<RequestsBy>,
    past: Past,
    /// When the history was asked for, and whether no answer has come yet.
    past_asked: Option<(Moment, bool)>,
    /// Of the process life with this instance ID.
    environment: Option<(String, String)>,
    tab: usize,
    tables: [Table; 5],
    pivot: PivotView,
    mode: Mode,
    scale: Scale,
    /// Lines that are out of sight above, where there are no rows: of the help, the past and the limits.
    scrolled: usize,
    /// Rows that fit the screen.
    page: usize,
    /// What the last key did.
    said: Option<String>,
}

impl View {
    pub(crate) fn new() -> Self {
        Self {
            newest: None,
            trends: Trends::default(),
            moments: Moments::default(),
            held: None,
            link: Link::default(),
            requests_by: None,
            past: Past::default(),
            past_asked: None,
            environment: None,
            tab: 0,
            tables: FamilyName::ALL.map(Table::new),
            pivot: PivotView::default(),
            mode: Mode::default(),
            scale: Scale::default(),
            scrolled: 0,
            page: 10,
            said: None,
        }
    }

    pub(crate) fn take(&mut self, news: News, now: Moment) -> Vec<Effect> {
        match news {
            News::Snapshot(snapshot) => return self.take_snapshot(snapshot, now),
            News::Trouble(trouble) => self.link.meet_trouble(trouble, now),
            News::Past(past) => {
                let newest = self.newest.as_deref();
                // Another process life's, it would explain numbers that it has nothing to do with.
                if let Some(past) = past.filter(|past| newest.is_some_and(|newest| past.is_of(newest))) {
                    self.past = *past;
                }
                self.past_asked = self.past_asked.map(|(asked, _)| (asked, false));
            }
            News::Environment { instance_id, name } => {
                self.environment = name.map(|name| (instance_id, name))
            }
        }
        Vec::new()
    }

    pub(crate) fn take_snapshot(&mut self, snapshot: Arc<Snapshot>, now: Moment) -> Vec<Effect> {
        let before = self.newest.clone();
        let before = before.as_deref();
        // A service that was taken up again may send the one that is here already.
        if let Some(before) =
            before.filter(|before| before.is_of_same_life(&snapshot) && snapshot.sequence <= before.sequence)
        {
            self.link.recover(Some(before), before, now);
            return Vec::new();
        }
        self.trends.take(before, &snapshot);
        self.moments.see(&snapshot);
        self.link.recover(before, &snapshot, now);
        if let Some(held) = &mut self.held {
            held.missed += 1;
        }
        self.requests_by = snapshot.requests_by.or(self.requests_by);
        let is_new_life = before.is_none_or(|before| !before.is_of_same_life(&snapshot));
        self.newest = Some(snapshot);
        if !is_new_life {
            return Vec::new();
        }
        self.past = Past::default();
        self.past_asked = Some((now, true));
        vec![Effect::AskPast, Effect::AskEnvironment]
    }

    /// To be called now and then. What is paused stands still.
    pub(crate) fn tick(&mut self, now: Moment) -> Vec<Effect> {
        if self.held.is_some() { Vec::new() } else { self.look_at_past(now) }
    }

    /// Asks for the history if what is looked at needs a newer one. The rates of the last minute, the view sees itself; what was busiest, it does not.
    fn look_at_past(&mut self, now: Moment) -> Vec<Effect> {
        let is_looked_at = self.scale != Scale::Minute || self.tab() == Tab::Past;
        let is_due =
            |(asked, is_open): (Moment, bool)| !is_open && now.since(asked) > self.scale.refresh_seconds();
        let is_live = self.link.state() == LinkState::Live;
        if !is_live || !is_looked_at || !self.past_asked.is_some_and(is_due) {
            return Vec::new();
        }
        self.past_asked = Some((now, true));
        vec![Effect::AskPast]
    }

    /// What the screen shows. None: there was no snapshot yet.
    pub(crate) fn scene(&self) -> Option<Scene<'_>> {
        let (mark, requests_by) = (self.moments.mark(), self.requests_by);
        if let Some(Held { snapshot, trends, opened, .. }) = &self.held {
            return Some(Scene { snapshot, trends, opened, mark, requests_by });
        }
        let (snapshot, opened) = (self.newest.as_ref()?, self.moments.opened()?);
        Some(Scene { snapshot, trends: &self.trends, opened, mark, requests_by })
    }

    /// The totals' rates up to the snapshot that is shown, the oldest first. Of the last minute, the view's own where it has them.
    pub(crate) fn points(&self, scene: &Scene<'_>) -> Vec<Point> {
        let until = scene.snapshot.taken_at;
        // The interval that the first snapshot ended is known to the service alone.
        let own = scene.trends.points().skip_while(|point| point.requests.is_none());
        let own: Vec<_> = if self.scale == Scale::Minute { own.collect() } else { Vec::new() };
        let first = own.first().map_or(until, |point| point.ended_at);
        let is_before =
            |point: &&Point| point.ended_at < first || (own.is_empty() && point.ended_at == first);
        self.past
            .span(self.scale)
            .points
            .iter()
            .filter(is_before)
            .copied()
            .chain(own.iter().copied())
            .collect()
    }

    pub(crate) fn newest(&self) -> Option<&Snapshot> {
        self.newest.as_deref()
    }

    pub(crate) fn past(&self) -> &Past {
        &self.past
    }

    pub(crate) fn link(&self) -> &Link {
        &self.link
    }

    /// The environment of the process that is shown.
    pub(crate) fn environment(&self, snapshot: &Snapshot) -> Option<&str> {
        let (instance_id, name) = self.environment.as_ref()?;
        (*instance_id == snapshot.process.instance_id).then_some(name)
    }

    /// How many snapshots came since the view was paused, if it is.
    pub(crate) fn missed(&self) -> Option<u64> {
        self.held.as_ref().map(|held| held.missed)
    }

    pub(crate) fn tab(&self) -> Tab {
        Tab::ALL[self.tab]
    }

    pub(crate) fn table(&self, family: FamilyName) -> &Table {
        &self.tables[family as usize]
    }

    pub(crate) fn pivot(&self) -> &PivotView {
        &self.pivot
    }

    pub(crate) fn mode(&self) -> Mode {
        self.mode
    }

    pub(crate) fn scale(&self) -> Scale {
        self.scale
    }

    pub(crate) fn scrolled(&self) -> usize {
        self.scrolled
    }

    pub(crate) fn said(&self) -> Option<&str> {
        self.said.as_deref()
    }

    /// How many rows fit the screen, as it was drawn last; and how far what has no rows can be scrolled.
    pub(crate) fn set_page(&mut self, rows: usize, most_scrolled: usize) {
        self.page = rows.max(1);
        self.scrolled = self.scrolled.min(most_scrolled);
    }

    pub(crate) fn filter(&self) -> Option<&Filter> {
        match self.tab() {
            Tab::Family(family) => Some(&self.tables[family as usize].filter),
            Tab::Pivot => Some(&self.pivot.filter),
            Tab::Past | Tab::Limits => None,
        }
    }
}

#[cfg(test)]
mod tests;
