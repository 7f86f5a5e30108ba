//! What the limits did: how full the tables are, what overflowed, some of the labels that were rejected. And what a snapshot costs.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::lines::{self, Lines};
use super::{Page, Palette};
use crate::document::Callers;
use crate::label;
use crate::numbers;
use crate::scene::Scene;
use crate::snapshot::{Limited, Measure};

pub(super) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    scrolled: usize,
    scene: &Scene<'_>,
    palette: Palette,
) -> Page {
    let snapshot = scene.snapshot;
    let mut shown = Lines::new();
    let cost = format!(
        "Snapshot #{} took {}; the most of the last minute: {}",
        snapshot.sequence,
        numbers::duration(snapshot.duration_seconds),
        numbers::duration(scene.trends.highest_cost().max(snapshot.duration_seconds))
    );
    shown.push((cost, Style::new()));
    for (name, limited, measure) in [
        ("requests", &snapshot.requests, Measure::Requests),
        ("deliveries", &snapshot.deliveries, Measure::Responses),
    ] {
        limits(&mut shown, name, limited, snapshot.total(measure), palette);
    }
    shown.push((String::new(), Style::new()));
    let facts = [
        ("Revision", snapshot.service.revision.clone()),
        ("Forked from", snapshot.process.parent_instance_id.clone()),
        ("Window", Some(format!("began {}", numbers::day(snapshot.window.started_at)))),
        (
            "Callers",
            match snapshot.callers {
                Callers::Shown => None,
                Callers::Hashed => Some("hashed".to_owned()),
                Callers::Dropped => Some("dropped".to_owned()),
            },
        ),
    ];
    for (name, fact) in facts {
        shown.extend(fact.map(|fact| (format!("{name}: {}", label::shown(&fact)), Style::new())));
    }
    lines::draw(buffer, area, &shown, scrolled)
}

fn limits(shown: &mut Lines, name: &str, limited: &Limited, total: u64, palette: Palette) {
    let occupancy = limited.occupancy;
    let used = numbers::ratio(occupancy.series.into(), occupancy.limit.into());
    shown.push((String::new(), Style::new()));
    shown.push((
        format!(
            "{} of {} series of {name} in use ({})",
            numbers::count(occupancy.series),
            numbers::count(occupancy.limit),
            numbers::share(used)
        ),
        palette.bold(),
    ));
    if limited.records == 0 {
        shown.push(("  Nothing was over a limit.".to_owned(), Style::new()));
        return;
    }
    let share = numbers::share(numbers::ratio(limited.records, total));
    shown.push((
        format!("  With a label over a limit: {} ({share})", numbers::count(limited.records)),
        palette.alarm(),
    ));
    match limited.rejected_labels.as_deref() {
        None => shown.push((
            "  Which, is not shown: they may be callers, which are hidden.".to_owned(),
            palette.dim(),
        )),
        Some(labels) => {
            shown.push(("  The first that were rejected:".to_owned(), Style::new()));
            shown.extend(labels.iter().map(|label| (format!("    {}", label::shown(label)), Style::new())));
        }
    }
}
