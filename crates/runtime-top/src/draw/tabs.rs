//! Which tables there are, and which one is shown.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Palette, brush};
use crate::label;
use crate::snapshot::FamilyName;
use crate::view::{Tab, View};

pub(super) fn draw(buffer: &mut Buffer, line: Rect, view: &View, palette: Palette) {
    let present = view.tab();
    let chosen = palette.reversed().patch(palette.bold());
    // With the number of rows of every table, of the present one, or of none, as there is room.
    let all = Tab::ALL.map(|tab| name(tab, Some(view)));
    let one = Tab::ALL.map(|tab| name(tab, Some(view).filter(|_| tab == present)));
    let none = Tab::ALL.map(|tab| name(tab, None));
    let fits = |names: &&[String; 8]| {
        names.iter().map(|name| label::columns(name) + 3).sum::<usize>() < usize::from(line.width)
    };
    let Some(names) = [&all, &one, &none].into_iter().find(fits) else {
        let number = Tab::ALL.iter().position(|tab| *tab == present).unwrap_or_default();
        let rest = brush::left(buffer, line, &format!(" {} {} ", number + 1, all[number]), chosen);
        brush::left(buffer, rest, &format!(" of {}: Tab, 1 … {}", all.len(), all.len()), palette.dim());
        return;
    };
    let mut rest = line;
    for (number, (tab, name)) in Tab::ALL.into_iter().zip(names).enumerate() {
        let style = if tab == present { chosen } else { Style::new() };
        rest = brush::left(buffer, rest, &format!(" {} {name}", number + 1), style);
    }
}

/// With the number of rows in a view, if there is one.
fn name(tab: Tab, view: Option<&View>) -> String {
    let many = |name: &str, family| match view.and_then(View::scene) {
        Some(scene) => format!("{name} ({})", scene.snapshot.family(family).len()),
        None => name.to_owned(),
    };
    match tab {
        Tab::Family(family @ FamilyName::Paths) => many("Paths", family),
        Tab::Family(family @ FamilyName::Endpoints) => many("Endpoints", family),
        Tab::Family(family @ FamilyName::Targets) => many("Targets", family),
        Tab::Family(family @ FamilyName::Callers) => many("Callers", family),
        Tab::Family(family @ FamilyName::Names) => many("Names", family),
        Tab::Pivot => "Pivot".to_owned(),
        Tab::Past => "Past".to_owned(),
        Tab::Limits => "Limits".to_owned(),
    }
}
