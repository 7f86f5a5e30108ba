//! What must be known before believing a number.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Palette, brush, lines};
use crate::link::Banner;

/// The lines of a banner on a screen: all of it, if that takes no more than a third of the screen.
pub(super) fn lines(banner: &Banner, screen: Rect) -> Vec<String> {
    let columns = usize::from(screen.width);
    let mut told = lines::words(&banner.title, columns);
    told.extend(lines::words(&banner.detail, columns));
    let most = usize::from(screen.height / 3).max(1);
    if told.len() > most {
        // One line, which is cut where it ends.
        let rest = told.split_off(most - 1).join(" ");
        told.push(rest);
    }
    told
}

pub(super) fn draw(buffer: &mut Buffer, area: Rect, banner: &Banner, told: &[String], palette: Palette) {
    let style = if banner.is_trouble { palette.alarm() } else { palette.notice() };
    buffer.set_style(area, style);
    for (number, text) in told.iter().enumerate() {
        brush::left(buffer, brush::line(area, number), text, style);
    }
}
