//! Styles. Colours are the terminal's own, so that a light one and a dark one are both readable; whatever they say, a word says, too.

use ratatui::style::{Color, Modifier, Style};

/// What stands out, and how.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    has_colors: bool,
}

impl Palette {
    /// Without colours there are bold, dim and reversed texts.
    pub(crate) fn new(has_colors: bool) -> Self {
        Self { has_colors }
    }

    pub(crate) fn bold(self) -> Style {
        Style::new().add_modifier(Modifier::BOLD)
    }

    pub(crate) fn dim(self) -> Style {
        Style::new().add_modifier(Modifier::DIM)
    }

    pub(crate) fn reversed(self) -> Style {
        Style::new().add_modifier(Modifier::REVERSED)
    }

    /// All is well.
    pub(crate) fn live(self) -> Style {
        self.colored(self.bold(), Color::Green)
    }

    /// Something is to be known.
    pub(crate) fn notice(self) -> Style {
        self.colored(self.reversed(), Color::Yellow)
    }

    /// Something is wrong.
    pub(crate) fn alarm(self) -> Style {
        self.colored(self.reversed().add_modifier(Modifier::BOLD), Color::Red)
    }

    /// Lines of rates.
    pub(crate) fn line(self) -> Style {
        self.colored(Style::new(), Color::Cyan)
    }

    fn colored(self, style: Style, color: Color) -> Style {
        if self.has_colors { style.fg(color) } else { style }
    }
}
