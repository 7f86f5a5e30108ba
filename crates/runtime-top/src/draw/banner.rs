//! What must be known before believing a number.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use super::{Palette, brush};
use crate::link::Banner;

pub(super) fn draw(buffer: &mut Buffer, area: Rect, banner: &Banner, palette: Palette) {
    let style = if banner.is_trouble { palette.alarm() } else { palette.notice() };
    buffer.set_style(area, style);
    brush::left(buffer, brush::line(area, 0), &banner.title, style);
    brush::left(buffer, brush::line(area, 1), &banner.detail, style);
}
