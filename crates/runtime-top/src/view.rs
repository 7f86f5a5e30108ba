//! What somebody looks at: the newest snapshot or one that was held, and how.

use std::sync::Arc;

use crate::action::{Action, Rows, Tabs};
use crate::clock::Moment;
use crate::filter::Filter;
use crate::link::{Link, LinkState};
use crate::moments::{Moments, Since};
use crate::news::News;
use crate::past::{Past, Point, Scale};
use crate::pivot::{From, PivotView};
use crate::scene::Scene;
use crate::snapshot::{FamilyName, Snapshot};
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
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Effect {
    Quit,
    Suspend,
    Redraw,
    Retry,
    /// Ask the service for its history, for the name of its environment.
    AskPast,
    AskEnvironment,
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
    past: Past,
    /// When the history was asked for, and whether no answer has come yet.
    past_asked: Option<(Moment, bool)>,
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
                self.past = past.unwrap_or_else(|| std::mem::take(&mut self.past));
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
        let is_new_life = before.is_none_or(|before| !before.is_of_same_life(&snapshot));
        self.newest = Some(snapshot);
        if !is_new_life {
            return Vec::new();
        }
        self.past_asked = Some((now, true));
        vec![Effect::AskPast, Effect::AskEnvironment]
    }

    /// To be called now and then.
    pub(crate) fn tick(&mut self, now: Moment) -> Vec<Effect> {
        let is_due =
            |(asked, is_open): (Moment, bool)| !is_open && now.since(asked) > self.scale.refresh_seconds();
        if self.link.state() != LinkState::Live || !self.past_asked.is_some_and(is_due) {
            return Vec::new();
        }
        self.past_asked = Some((now, true));
        vec![Effect::AskPast]
    }

    /// What the screen shows. None: there was no snapshot yet.
    pub(crate) fn scene(&self) -> Option<Scene<'_>> {
        let mark = self.moments.mark();
        if let Some(Held { snapshot, trends, opened, .. }) = &self.held {
            return Some(Scene { snapshot, trends, opened, mark });
        }
        let (snapshot, opened) = (self.newest.as_ref()?, self.moments.opened()?);
        Some(Scene { snapshot, trends: &self.trends, opened, mark })
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

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        match self.tab() {
            Tab::Family(family) => Some(&mut self.tables[family as usize].filter),
            Tab::Pivot => Some(&mut self.pivot.filter),
            Tab::Past | Tab::Limits => None,
        }
    }

    pub(crate) fn apply(&mut self, action: Action, now: Moment) -> Vec<Effect> {
        self.said = None;
        match action {
            Action::Leave if self.mode == Mode::Help || self.mode == Mode::Detail => self.mode = Mode::Table,
            Action::Leave | Action::Quit => return vec![Effect::Quit],
            Action::Suspend => return vec![Effect::Suspend],
            Action::Redraw => return vec![Effect::Redraw],
            Action::Retry => match self.link.state() {
                LinkState::Live => self.said = Some("It answers.".to_owned()),
                _ => return vec![Effect::Retry],
            },
            Action::Help => self.toggle(Mode::Help),
            Action::Detail if self.selected_any() => self.toggle(Mode::Detail),
            Action::Detail => self.said = Some("Select a row first: ↑ ↓".to_owned()),
            Action::Back => self.go_back(),
            Action::Tab(tabs) => self.go_to(tabs),
            Action::Go(rows) => self.go(rows),
            Action::Side(places) => self.go_aside(places),
            Action::Sort => self.sort(),
            Action::Reverse => match self.tab() {
                Tab::Family(family) => self.tables[family as usize].reverse(),
                Tab::Pivot => self.pivot.is_reversed = !self.pivot.is_reversed,
                Tab::Past | Tab::Limits => {}
            },
            Action::Filter if self.filter().is_some() => self.mode = Mode::Filter,
            Action::Filter => self.said = Some("There is nothing to filter here.".to_owned()),
            Action::Type(character) => self.filter_mut().into_iter().for_each(|filter| filter.add(character)),
            Action::Erase => self.filter_mut().into_iter().for_each(Filter::erase),
            Action::EraseAll => self.filter_mut().into_iter().for_each(Filter::clear),
            Action::Accept => self.mode = Mode::Table,
            Action::Pause => self.pause(),
            Action::Mark => self.mark(),
            Action::ForgetMark => {
                self.moments.forget_mark();
                self.said = Some("There is no mark.".to_owned());
            }
            Action::Scale => {
                self.scale = self.scale.next();
                return self.tick(now);
            }
            Action::Turn | Action::Narrow | Action::Measure | Action::Since => self.change_pivot(action),
        }
        Vec::new()
    }

    fn toggle(&mut self, mode: Mode) {
        self.mode = if self.mode == mode { Mode::Table } else { mode };
        self.scrolled = 0;
    }

    fn go_back(&mut self) {
        match self.mode {
            Mode::Help | Mode::Detail => self.mode = Mode::Table,
            Mode::Filter => {
                self.filter_mut().into_iter().for_each(Filter::clear);
                self.mode = Mode::Table;
            }
            Mode::Table if self.filter().is_some_and(|filter| !filter.is_empty()) => {
                self.filter_mut().into_iter().for_each(Filter::clear);
            }
            Mode::Table if self.link.dismiss() => {}
            Mode::Table => match self.tab() {
                Tab::Family(family) => self.tables[family as usize].selection.clear(),
                _ => self.pivot.selection.clear(),
            },
        }
    }

    fn selected_any(&self) -> bool {
        match self.tab() {
            Tab::Family(family) => self.tables[family as usize].selection.is_any(),
            Tab::Pivot => self.pivot.selection.is_any(),
            Tab::Past | Tab::Limits => false,
        }
    }

    fn go_to(&mut self, tabs: Tabs) {
        let all = Tab::ALL.len();
        self.tab = match tabs {
            Tabs::Next => (self.tab + 1) % all,
            Tabs::Previous => (self.tab + all - 1) % all,
            Tabs::Number(number) if number < all => number,
            Tabs::Number(_) => return,
        };
        (self.mode, self.scrolled) = (Mode::Table, 0);
    }

    fn go(&mut self, rows: Rows) {
        let page = isize::try_from(self.page).unwrap_or(isize::MAX);
        let down = match rows {
            Rows::Down => 1,
            Rows::Up => -1,
            Rows::PageDown => page,
            Rows::PageUp => -page,
            Rows::First => isize::MIN,
            Rows::Last => isize::MAX,
        };
        let is_list = matches!(self.tab(), Tab::Family(_) | Tab::Pivot)
            && self.mode != Mode::Help
            && self.mode != Mode::Detail;
        if !is_list {
            self.scrolled = self.scrolled.saturating_add_signed(down);
            return;
        }
        let Some(scene) = self.scene() else { return };
        if let Tab::Family(family) = self.tab() {
            let rows = self.table(family).rows(&scene);
            let keys: Vec<_> = rows.iter().map(|row| &row.key).collect();
            self.tables[family as usize].selection.go(down, &keys);
        } else {
            let pivot = self.pivot.pivot(&scene);
            let keys: Vec<_> = pivot.rows.iter().map(|row| &row.label).collect();
            self.pivot.selection.go(down, &keys);
        }
    }

    fn go_aside(&mut self, places: isize) {
        let has_mark = self.moments.mark().is_some();
        match self.tab() {
            Tab::Family(family) => self.tables[family as usize].sort_by_next(places, has_mark),
            Tab::Pivot => {
                let Some(pivot) = self.scene().map(|scene| self.pivot.pivot(&scene)) else { return };
                self.pivot.skip(places, &pivot);
            }
            Tab::Past | Tab::Limits => {}
        }
    }

    fn sort(&mut self) {
        match self.tab() {
            Tab::Pivot => {
                self.pivot.sorts_by_label = !self.pivot.sorts_by_label;
                self.pivot.is_reversed = false;
            }
            _ => self.go_aside(1),
        }
    }

    fn pause(&mut self) {
        if self.held.take().is_some() {
            self.said = Some("Live again.".to_owned());
            return;
        }
        let Some(Scene { snapshot, trends, opened, .. }) = self.scene() else { return };
        let held = Held {
            snapshot: Arc::clone(snapshot),
            trends: trends.clone(),
            opened: opened.clone(),
            missed: 0,
        };
        self.said = Some(format!("Paused at #{}.", held.snapshot.sequence));
        self.held = Some(held);
    }

    fn mark(&mut self) {
        let Some(snapshot) = self.scene().map(|scene| Arc::clone(scene.snapshot)) else { return };
        self.moments.set_mark(&snapshot);
        self.said = Some(format!("Marked #{}.", snapshot.sequence));
    }

    fn change_pivot(&mut self, action: Action) {
        if self.tab() != Tab::Pivot {
            self.said = Some("That key is for the pivot: 6".to_owned());
            return;
        }
        match action {
            Action::Turn => self.pivot.turn(),
            Action::Measure => self.pivot.counts_values = !self.pivot.counts_values,
            Action::Since => {
                self.pivot.from = match self.pivot.from {
                    From::WindowStart => From::Opened,
                    From::Opened if self.moments.mark().is_some() => From::Mark,
                    _ => From::WindowStart,
                };
            }
            _ => {
                let Some(pivot) = self.scene().map(|scene| self.pivot.pivot(&scene)) else { return };
                self.pivot.narrow(&pivot);
            }
        }
    }
}

#[cfg(test)]
mod tests;
