//! The screen, drawn from a view. Drawing changes nothing.

mod banner;
mod brush;
mod chart;
mod detail;
mod foot;
mod head;
mod help;
mod limits;
mod lines;
mod palette;
mod past;
mod pivot;
mod table;
mod tabs;
mod totals;

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};

use crate::clock::Moment;
use crate::view::{Mode, Tab, View};

pub(crate) use head::name;
pub(crate) use palette::Palette;

/// Smaller screens are told so.
const LEAST: (u16, u16) = (20, 6);
/// From here on there is room for all of the head.
const WIDE: u16 = 70;
const HIGH: u16 = 20;

/// How much fits the screen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Page {
    pub(crate) rows: usize,
    /// Lines that can be scrolled out of sight.
    pub(crate) most_scrolled: usize,
}

/// `address` is whom the view asks.
pub(crate) fn draw(frame: &mut Frame<'_>, view: &View, address: &str, now: Moment, palette: Palette) -> Page {
    let area = frame.area();
    let buffer = frame.buffer_mut();
    if area.width < LEAST.0 || area.height < LEAST.1 {
        brush::left(buffer, area, &format!("Needs {} × {}", LEAST.0, LEAST.1), palette.bold());
        return Page::default();
    }
    let is_small = area.width < WIDE || area.height < HIGH;
    let scene = view.scene();
    let banner = view.link().banner(scene.map(|scene| &**scene.snapshot), now);
    let told = banner.as_ref().map_or(Vec::new(), |banner| banner::lines(banner, area));
    let told_height = u16::try_from(told.len()).unwrap_or(area.height);
    let [head, totals, notice, tabs, body, foot] = Layout::vertical([
        Constraint::Length(if is_small { 2 } else { 3 }),
        Constraint::Length(if is_small { 2 } else { 3 }),
        Constraint::Length(told_height),
        Constraint::Length(1),
        Constraint::Min(0),
        Constraint::Length(1),
    ])
    .areas(area);
    head::draw(buffer, head, view, address, now, is_small, palette);
    if let Some(banner) = &banner {
        banner::draw(buffer, notice, banner, &told, palette);
    }
    tabs::draw(buffer, tabs, view, palette);
    foot::draw(buffer, foot, view, palette);
    let Some(scene) = scene else {
        if view.mode() == Mode::Help {
            return help::draw(buffer, body_and_more(area), view.scrolled(), palette);
        }
        return Page { rows: usize::from(body.height), most_scrolled: 0 };
    };
    totals::draw(buffer, totals, view, &scene, is_small, palette);
    let page = match view.tab() {
        Tab::Family(family) => table::draw(buffer, body, view.table(family), &scene, palette),
        Tab::Pivot => pivot::draw(buffer, body, view.pivot(), &scene, palette),
        Tab::Past => past::draw(buffer, body, view, &scene, palette),
        Tab::Limits => limits::draw(buffer, body, view.scrolled(), &scene, palette),
    };
    match view.mode() {
        Mode::Table | Mode::Filter => page,
        Mode::Help => help::draw(buffer, body_and_more(area), view.scrolled(), palette),
        Mode::Detail => detail::draw(buffer, body_and_more(area), view, &scene, palette),
    }
}

/// Where something that is open for a while may stand: all but the first line, which says whose numbers these are, and the last.
fn body_and_more(area: Rect) -> Rect {
    Rect { y: area.y + 1, height: area.height - 2, ..area }
}

#[cfg(test)]
mod tests;
