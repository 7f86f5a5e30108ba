//! What each action does to a view.

use std::sync::Arc;

use super::{Effect, Held, Mode, Tab, View};
use crate::action::{Action, Rows, Tabs};
use crate::clock::Moment;
use crate::copy::{Clip, Language, copy};
use crate::filter::Filter;
use crate::link::LinkState;
use crate::numbers;
use crate::pivot::From;
use crate::scene::Scene;

impl View {
    pub(crate) fn apply(&mut self, action: Action, now: Moment) -> Vec<Effect> {
        self.said = None;
        match action {
            Action::Leave if self.mode == Mode::Help || self.mode == Mode::Detail => self.toggle(self.mode),
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
            Action::Tab(tabs) => {
                self.go_to(tabs);
                return self.look_at_past(now);
            }
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
                return self.look_at_past(now);
            }
            Action::Copy(language) => return self.copy(language),
            Action::Turn | Action::Narrow | Action::Measure | Action::Since => self.change_pivot(action),
        }
        Vec::new()
    }

    /// Types a text into the filter, without what no key types.
    pub(crate) fn paste(&mut self, text: &str) {
        let typed = text.chars().filter(|character| !character.is_control());
        self.filter_mut()
            .into_iter()
            .for_each(|filter| typed.clone().for_each(|character| filter.add(character)));
    }

    /// Tells whoever pressed a key what came of it.
    pub(crate) fn say(&mut self, said: &str) {
        self.said = Some(said.to_owned());
    }

    fn toggle(&mut self, mode: Mode) {
        self.mode = if self.mode == mode { Mode::Table } else { mode };
        self.scrolled = 0;
    }

    fn go_back(&mut self) {
        match self.mode {
            Mode::Help | Mode::Detail => self.toggle(self.mode),
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

    pub(super) fn selected_any(&self) -> bool {
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
            let keys = self.table(family).keys(&scene);
            let mut selection = self.table(family).selection.clone();
            selection.go(down, &keys);
            self.tables[family as usize].selection = selection;
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

    /// No terminal says whether it took a copy.
    fn copy(&mut self, language: Language) -> Vec<Effect> {
        match copy(self, language) {
            Ok(Clip { text, what }) => {
                let length = numbers::bytes(text.len());
                self.said = Some(format!("Copied {what}, {length}. If nothing is there: see ?"));
                vec![Effect::Copy(text)]
            }
            Err(error) => {
                self.said = Some(error.to_string());
                Vec::new()
            }
        }
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

    fn filter_mut(&mut self) -> Option<&mut Filter> {
        match self.tab() {
            Tab::Family(family) => Some(&mut self.tables[family as usize].filter),
            Tab::Pivot => Some(&mut self.pivot.filter),
            Tab::Past | Tab::Limits => None,
        }
    }
}
