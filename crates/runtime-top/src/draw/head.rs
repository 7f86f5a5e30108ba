//! Who counted, and how old what is shown is.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Palette, brush};
use crate::clock::Moment;
use crate::label;
use crate::link::LinkState;
use crate::numbers;
use crate::snapshot::Snapshot;
use crate::trouble::TroubleKind;
use crate::view::View;

/// Columns of a name.
const LONGEST_NAME: usize = 60;

const PAUSED: &str = "PAUSED";

/// What has fewer columns has no room for an age beside a name.
const NARROW: u16 = 36;

pub(super) fn draw(
    buffer: &mut Buffer,
    area: Rect,
    view: &View,
    address: &str,
    now: Moment,
    is_small: bool,
    palette: Palette,
) {
    let (word, style) = state(view, palette);
    let first = brush::line(area, 0);
    let Some(scene) = view.scene() else {
        let rest = brush::right(buffer, first, word, style);
        brush::left(buffer, rest, &label::shown(address), palette.bold());
        return;
    };
    let snapshot = &**scene.snapshot;
    let age = numbers::age(now.since(snapshot.received));
    let when = match (view.missed(), is_small) {
        (_, true) if area.width < NARROW => format!("  #{}", snapshot.sequence),
        (Some(missed), true) if missed > 0 => format!("  #{} +{missed}  {age} old", snapshot.sequence),
        (Some(missed), false) if missed > 0 => {
            format!("  #{} +{missed} newer  {age} old", snapshot.sequence)
        }
        (_, true) => format!("  #{}  {age} old", snapshot.sequence),
        (_, false) => {
            format!("  #{} at {} UTC  {age} old", snapshot.sequence, numbers::clock(snapshot.taken_at))
        }
    };
    let rest = brush::right(buffer, first, &when, Style::new());
    let rest = brush::right(buffer, rest, word, style);
    let rest = match view.missed() {
        // Trouble is told first, and yet nothing newer will show when it is over.
        Some(_) if word != PAUSED => brush::right(buffer, rest, &format!("{PAUSED} "), palette.notice()),
        _ => rest,
    };
    let rest = Rect { width: rest.width.saturating_sub(1), ..rest };
    let rest = brush::left(buffer, rest, &name(snapshot), palette.bold());
    if let Some(environment) = view.environment(snapshot) {
        brush::left(buffer, rest, &format!(" · {}", label::quoted(environment, LONGEST_NAME)), Style::new());
    }
    let process = &snapshot.process;
    let host = label::quoted(&process.hostname, LONGEST_NAME);
    let uptime = numbers::duration(process.uptime_seconds);
    if is_small {
        let line = brush::line(area, 1);
        brush::left(buffer, line, &format!("{host} · {} · up {uptime}", process.process_id), Style::new());
        return;
    }
    let instance = label::quoted(&process.instance_id, LONGEST_NAME);
    let who = format!("{host} · process {} · instance {instance}", process.process_id);
    brush::left(buffer, brush::line(area, 1), &who, Style::new());
    let window = &snapshot.window;
    let since = match window.opened_by {
        0 => "from the start".to_owned(),
        sequence => format!("{}, since reset #{sequence}", numbers::duration(window.uptime_seconds)),
    };
    let times = format!("started {} · up {uptime} · window {since}", numbers::day(process.started_at));
    brush::left(buffer, brush::line(area, 2), &times, Style::new());
}

/// What the service is called.
pub(crate) fn name(snapshot: &Snapshot) -> String {
    let service = &snapshot.service;
    let quoted = |text: &Option<String>| text.as_deref().map(|text| label::quoted(text, LONGEST_NAME));
    let name = match (quoted(&service.namespace), quoted(&service.name)) {
        (Some(namespace), Some(name)) => format!("{namespace}/{name}"),
        (one, other) => one.or(other).unwrap_or_else(|| "Runtime metrics".to_owned()),
    };
    quoted(&service.version).map_or(name.clone(), |version| format!("{name} {version}"))
}

fn state(view: &View, palette: Palette) -> (&'static str, Style) {
    match view.link().state() {
        LinkState::Connecting => ("CONNECTING", palette.notice()),
        LinkState::Trouble(TroubleKind::Gone) => ("GONE", palette.alarm()),
        LinkState::Trouble(TroubleKind::Silent) => ("SILENT", palette.alarm()),
        LinkState::Trouble(TroubleKind::Refused) => ("REFUSED", palette.alarm()),
        LinkState::Trouble(TroubleKind::Unauthorised) => ("NO TOKEN", palette.alarm()),
        LinkState::Live if view.missed().is_some() => (PAUSED, palette.notice()),
        LinkState::Live => ("LIVE", palette.live()),
    }
}
