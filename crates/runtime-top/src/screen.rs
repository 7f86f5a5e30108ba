//! The terminal: taken while something is drawn, and given back whatever happens.

use std::io;

use crossterm::cursor::Show;
use crossterm::execute;
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, enable_raw_mode};
use ratatui::{DefaultTerminal, Frame};

/// The terminal's other screen, in raw mode. Dropped, or at a panic, what was there before is there again.
#[derive(Debug)]
pub(crate) struct Screen {
    terminal: DefaultTerminal,
}

impl Screen {
    pub(crate) fn open() -> io::Result<Self> {
        match ratatui::try_init() {
            Ok(terminal) => Ok(Self { terminal }),
            Err(error) => {
                close();
                Err(error)
            }
        }
    }

    pub(crate) fn draw(&mut self, drawing: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        self.terminal.draw(drawing).map(|_| ())
    }

    /// Gives the terminal back until it is taken again.
    pub(crate) fn leave(&mut self) {
        close();
    }

    /// Takes the terminal again, or anew after somebody else wrote on it. The next drawing draws everything.
    pub(crate) fn enter(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        execute!(io::stdout(), EnterAlternateScreen, Clear(ClearType::All))?;
        // What is drawn next is compared with an empty screen. (`clear` would ask the terminal where its cursor is, and the answer would go to whoever reads keys.)
        self.terminal.swap_buffers();
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        close();
    }
}

/// A terminal that is gone needs nothing back.
fn close() {
    let _ = ratatui::try_restore();
    let _ = execute!(io::stdout(), Show);
}
