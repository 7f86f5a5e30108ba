//! What was counted lately, and the busiest series of it.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::lines::{self, Lines};
use super::{Page, Palette, chart};
use crate::numbers;
use crate::past::{Point, RateOf};
use crate::scene::Scene;
use crate::view::View;

pub(super) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    view: &View,
    scene: &Scene<'_>,
    palette: Palette,
) -> Page {
    let (points, scale, until) = (view.points(scene), view.scale(), scene.snapshot.taken_at);
    let height = if area.height >= 14 { 3 } else { 1 };
    let mut shown = Lines::new();
    let rates: [(&str, RateOf); 2] =
        [("Requests", |point| point.requests), ("Deliveries", |point| point.responses)];
    let fitted = rates
        .map(|(_, rate)| chart::over_time(&points, rate, until, scale.seconds(), usize::from(area.width)));
    let highest = chart::highest(fitted.iter().flatten());
    for ((name, rate), fitted) in rates.into_iter().zip(&fitted) {
        let in_time = |point: &&Point| until.duration_since(point.ended_at).as_secs_f64() <= scale.seconds();
        let peak = points.iter().filter(in_time).filter_map(|point| Some((rate(point)?, point.ended_at)));
        let peak = peak.max_by(|one, other| one.0.total_cmp(&other.0));
        let peak = peak.map_or("nothing is known".to_owned(), |(rate, time)| {
            format!("most {} /s, until {} UTC", numbers::rate(Some(rate)), numbers::clock(time))
        });
        shown.push((format!("{name} in the {}: {peak}", scale.name()), palette.bold()));
        shown.extend(chart::rows(fitted, height, highest).into_iter().map(|row| (row, palette.line())));
    }
    // An interval lists its busiest series only, so a sum over many may lack some.
    let end =
        view.past().taken_at().map_or(String::new(), |end| format!(" until {} UTC", numbers::clock(end)));
    for (name, busiest) in ["paths", "deliveries"].into_iter().zip(&view.past().span(scale).busiest) {
        shown.push((format!("Busiest {name}, at least: {}{end}", scale.name()), palette.bold()));
        if busiest.is_empty() {
            shown.push(("  none".to_owned(), palette.dim()));
        }
        let widest = busiest.first().map_or(0, |(_, count)| numbers::count(*count).len());
        let row = |(label, count): &(String, u64)| {
            (format!("  {:>widest$}  {label}", numbers::count(*count)), Style::new())
        };
        shown.extend(busiest.iter().map(row));
    }
    lines::draw(buffer, area, &shown, view.scrolled())
}
