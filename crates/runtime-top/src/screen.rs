//! The terminal: taken while something is drawn, and given back whatever happens.

use std::io;

use crossterm::clipboard::CopyToClipboard;
use crossterm::cursor::Show;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::execute;
use crossterm::terminal::{
    Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use ratatui::backend::CrosstermBackend;
use ratatui::{DefaultTerminal, Frame, Terminal};

/// The terminal's other screen, in raw mode. Dropped, or at a panic, what was there before is there again.
#[derive(Debug)]
pub(crate) struct Screen {
    terminal: DefaultTerminal,
}

impl Screen {
    pub(crate) fn open() -> io::Result<Self> {
        let tell = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            close();
            tell(panic);
        }));
        match take().and_then(|()| Terminal::new(CrosstermBackend::new(io::stdout()))) {
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

    /// Asks the terminal to put a text on its clipboard, which no terminal answers. Nothing in the text acts on the terminal: it goes as base64.
    ///
    /// Source: xterm's control sequences, "Manipulate Selection Data" (OSC 52).
    pub(crate) fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(io::stdout(), CopyToClipboard::to_clipboard_from(text))
    }

    /// Gives the terminal back until it is taken again.
    pub(crate) fn leave(&mut self) {
        close();
    }

    /// Takes the terminal again, or anew after somebody else wrote on it. The next drawing draws everything.
    pub(crate) fn enter(&mut self) -> io::Result<()> {
        take()?;
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

/// What is pasted comes as one event: its letters are no keys.
fn take() -> io::Result<()> {
    enable_raw_mode()?;
    execute!(io::stdout(), EnterAlternateScreen, EnableBracketedPaste, Clear(ClearType::All))
}

/// A terminal that is gone needs nothing back.
fn close() {
    let _ = execute!(io::stdout(), DisableBracketedPaste, LeaveAlternateScreen, Show);
    let _ = disable_raw_mode();
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::io::Read as _;
    use std::process::{Command, Stdio};

    use rustix::pty::{OpenptFlags, grantpt, ioctl_tiocgptpeer, openpt, unlockpt};
    use rustix::termios::{Termios, Winsize, tcgetattr, tcsetwinsize};

    use super::*;

    #[test]
    #[ignore = "panics on the terminal that it runs in: the next test gives it one of its own"]
    fn a_panic_while_something_is_drawn() {
        let mut screen = Screen::open().unwrap();
        screen.draw(|_| panic!("a seeded panic")).unwrap();
    }

    #[test]
    fn at_a_panic_the_terminal_is_given_back_before_the_panic_is_told() {
        let flags = OpenptFlags::RDWR | OpenptFlags::NOCTTY;
        let keyboard = openpt(flags).unwrap();
        grantpt(&keyboard).unwrap();
        unlockpt(&keyboard).unwrap();
        let size = Winsize { ws_row: 24, ws_col: 80, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&keyboard, size).unwrap();
        let settings = |terminal: &Termios| {
            (terminal.input_modes, terminal.output_modes, terminal.local_modes, terminal.control_modes)
        };
        let before = settings(&tcgetattr(&keyboard).unwrap());

        let terminal = || Stdio::from(ioctl_tiocgptpeer(&keyboard, flags).unwrap());
        let (input, output, errors) = (terminal(), terminal(), terminal());
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "screen::tests::a_panic_while_something_is_drawn", "--ignored", "--nocapture"])
            .env_remove("RUST_BACKTRACE")
            .stdin(input)
            .stdout(output)
            .stderr(errors)
            .spawn()
            .unwrap();
        let mut shown = Vec::new();
        // Its end is an error, once nobody has the terminal open any more.
        let mut keyboard = File::from(keyboard);
        keyboard.read_to_end(&mut shown).unwrap_err();
        assert!(!child.wait().unwrap().success());
        let shown = String::from_utf8(shown).unwrap();
        let place = |text: &str| shown.find(text).unwrap_or_else(|| panic!("no {text:?} in {shown:?}"));
        let told = place("a seeded panic");
        for (taken, given_back) in [("\x1b[?1049h", "\x1b[?1049l"), ("\x1b[?2004h", "\x1b[?2004l")] {
            assert!(place(taken) < place(given_back) && place(given_back) < told, "{shown:?}");
        }
        assert!(place("\x1b[?25h") < told, "{shown:?}");
        assert_eq!(settings(&tcgetattr(&keyboard).unwrap()), before);
    }
}
