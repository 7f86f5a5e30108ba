//! The totals, how fast they grow, and when something was last delivered.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Palette, brush, chart};
use crate::label;
use crate::numbers;
use crate::past::RateOf;
use crate::scene::Scene;
use crate::snapshot::Measure;
use crate::trends::Series;
use crate::view::View;

/// Columns of a line of rates: one a second, for a minute.
const LONGEST_LINE: usize = 60;
const SHORTEST_LINE: usize = 6;

pub(super) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    view: &View,
    scene: &Scene<'_>,
    is_small: bool,
    palette: Palette,
) {
    let points = view.points(scene);
    let names =
        if is_small { ["Requests", "Deliver.", "Values"] } else { ["Requests", "Deliveries", "Values"] };
    let name_width = if is_small { 9 } else { 11 };
    let counts = Measure::ALL.map(|measure| numbers::count(scene.snapshot.total(measure)));
    let rates =
        Measure::ALL.map(|measure| format!("{} /s", numbers::rate(scene.rate(Series::Total(measure)))));
    let widest = |texts: &[String]| texts.iter().map(|text| label::columns(text)).max().unwrap_or_default();
    let (count_width, rate_width) = (widest(&counts), widest(&rates).max(9));
    let changes: Vec<_> = Measure::ALL.iter().map(|measure| changes(scene, *measure, is_small)).collect();
    // Where the changes would leave no room for a line, they give way.
    let line_room =
        usize::from(area.width).saturating_sub(usize::from(name_width) + count_width + rate_width + 6);
    let change_width = Some(widest(&changes)).filter(|width| width + SHORTEST_LINE <= line_room).unwrap_or(0);
    let line_width = line_room.saturating_sub(change_width).min(LONGEST_LINE);
    let fitted = Measure::ALL.map(|measure| {
        let (until, seconds) = (scene.snapshot.taken_at, view.scale().seconds());
        rate_of(measure).map(|rate| chart::over_time(&points, rate, until, seconds, line_width))
    });
    let highest = chart::highest(fitted.iter().flatten().flatten());
    for (number, fitted) in fitted.iter().enumerate().take(usize::from(area.height)) {
        let line = brush::line(area, number);
        let (name, rest) = brush::split(line, name_width);
        brush::left(buffer, name, names[number], palette.dim());
        let (count, rest) = brush::split(rest, u16::try_from(count_width).unwrap_or(u16::MAX));
        brush::right(buffer, count, &counts[number], palette.bold());
        let (rate, rest) = brush::split(rest, u16::try_from(rate_width + 2).unwrap_or(u16::MAX));
        // Cut, it would read as more digits of the count.
        if usize::from(rate.width) == rate_width + 2 {
            brush::right(buffer, rate, &rates[number], Style::new());
        }
        let (_, rest) = brush::split(rest, 2);
        let (drawn, rest) = brush::split(rest, u16::try_from(line_width).unwrap_or(u16::MAX));
        let (shown, style) = match fitted {
            Some(rates) => (chart::sparkline(rates, highest), palette.line()),
            None => (last_delivery(scene), palette.dim()),
        };
        brush::left(buffer, drawn, &shown, style);
        if change_width > 0 {
            brush::right(buffer, rest, &changes[number], Style::new());
        }
    }
}

/// None: the service remembers no rates of it.
fn rate_of(measure: Measure) -> Option<RateOf> {
    match measure {
        Measure::Requests => Some(|point| point.requests),
        Measure::Responses => Some(|point| point.responses),
        Measure::Values => None,
    }
}

/// Since when the totals grew by how much.
fn changes(scene: &Scene<'_>, measure: Measure, is_small: bool) -> String {
    if is_small {
        return String::new();
    }
    let series = Series::Total(measure);
    let opened = if scene.opened.from_window_start { "since start" } else { "since opened" };
    let opened = format!("{} {opened}", numbers::change(scene.since_opened(series)));
    match scene.mark {
        None => opened,
        Some(_) => format!("{} mark  {opened}", numbers::change(scene.since_mark(series))),
    }
}

fn last_delivery(scene: &Scene<'_>) -> String {
    match scene.snapshot.last_served_at {
        None => "no delivery yet".to_owned(),
        Some(time) => {
            let before = scene.snapshot.taken_at.duration_since(time).as_secs_f64();
            format!("last {} before", numbers::duration(before))
        }
    }
}
