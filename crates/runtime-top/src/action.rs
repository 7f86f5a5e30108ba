//! What keys do.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use crate::copy::Language;

/// What somebody at the keyboard may want of the view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    Quit,
    /// Closes what is open, or else quits.
    Leave,
    Suspend,
    /// Draws everything anew, whatever another program wrote on the screen.
    Redraw,
    Retry,
    Help,
    Detail,
    /// Closes what is open, or else takes back the last thing that can be.
    Back,
    Tab(Tabs),
    Go(Rows),
    /// Left or right: columns.
    Side(isize),
    Sort,
    Reverse,
    Filter,
    Type(char),
    Erase,
    EraseAll,
    Accept,
    Pause,
    Mark,
    ForgetMark,
    Scale,
    Copy(Language),
    /// Of the pivot.
    Turn,
    Narrow,
    Measure,
    Since,
}

/// To which tab.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tabs {
    Next,
    Previous,
    Number(usize),
}

/// To which row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Rows {
    Down,
    Up,
    PageDown,
    PageUp,
    First,
    Last,
}

/// What a key is while nothing is typed. None: nothing.
pub(crate) fn of_key(key: KeyEvent) -> Option<Action> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return of_control(key.code);
    }
    Some(match key.code {
        KeyCode::Char('q') => Action::Leave,
        KeyCode::Char('?') | KeyCode::F(1) => Action::Help,
        KeyCode::Enter => Action::Detail,
        KeyCode::Esc => Action::Back,
        KeyCode::Tab => Action::Tab(Tabs::Next),
        KeyCode::BackTab => Action::Tab(Tabs::Previous),
        KeyCode::Char(digit @ '1'..='9') => Action::Tab(Tabs::Number(digit as usize - '1' as usize)),
        KeyCode::Down | KeyCode::Char('j') => Action::Go(Rows::Down),
        KeyCode::Up | KeyCode::Char('k') => Action::Go(Rows::Up),
        KeyCode::PageDown | KeyCode::Char(' ') => Action::Go(Rows::PageDown),
        KeyCode::PageUp => Action::Go(Rows::PageUp),
        KeyCode::Home | KeyCode::Char('g') => Action::Go(Rows::First),
        KeyCode::End | KeyCode::Char('G') => Action::Go(Rows::Last),
        KeyCode::Left | KeyCode::Char('h') => Action::Side(-1),
        KeyCode::Right | KeyCode::Char('l') => Action::Side(1),
        KeyCode::Char('s') => Action::Sort,
        KeyCode::Char('S') => Action::Reverse,
        KeyCode::Char('/') => Action::Filter,
        KeyCode::Char('p') => Action::Pause,
        KeyCode::Char('m') => Action::Mark,
        KeyCode::Char('M') => Action::ForgetMark,
        KeyCode::Char('t') => Action::Scale,
        KeyCode::Char('y') => Action::Copy(Language::Json),
        KeyCode::Char('Y') => Action::Copy(Language::PromQl),
        KeyCode::Char('r') => Action::Retry,
        KeyCode::Char('x') => Action::Turn,
        KeyCode::Char('n') => Action::Narrow,
        KeyCode::Char('v') => Action::Measure,
        KeyCode::Char('f') => Action::Since,
        _ => return None,
    })
}

/// What a key is while a filter is typed.
pub(crate) fn of_typed_key(key: KeyEvent) -> Option<Action> {
    if key.kind == KeyEventKind::Release {
        return None;
    }
    if key.modifiers.contains(KeyModifiers::CONTROL) {
        return match key.code {
            KeyCode::Char('u') => Some(Action::EraseAll),
            // What the backspace key of some terminals sends.
            KeyCode::Char('h') => Some(Action::Erase),
            code => of_control(code),
        };
    }
    Some(match key.code {
        KeyCode::Char(character) => Action::Type(character),
        KeyCode::Backspace => Action::Erase,
        KeyCode::Enter => Action::Accept,
        KeyCode::Esc => Action::Back,
        KeyCode::Tab => Action::Tab(Tabs::Next),
        KeyCode::BackTab => Action::Tab(Tabs::Previous),
        KeyCode::Down => Action::Go(Rows::Down),
        KeyCode::Up => Action::Go(Rows::Up),
        _ => return None,
    })
}

fn of_control(code: KeyCode) -> Option<Action> {
    match code {
        KeyCode::Char('c') => Some(Action::Quit),
        KeyCode::Char('z') => Some(Action::Suspend),
        KeyCode::Char('l') => Some(Action::Redraw),
        _ => None,
    }
}

/// The keys and what they do, as the help shows them.
pub(crate) const HELP: [(&str, &str); 22] = [
    ("q, Ctrl-C", "quit"),
    ("Tab, 1 … 8", "another table"),
    ("↑ ↓, j k", "a row; PgUp PgDn, g G"),
    ("Enter", "all of the row that is selected"),
    ("← →, h l", "the column to sort by; in the pivot: columns"),
    ("s", "sort by the next column"),
    ("S", "sort the other way round"),
    ("/", "filter by a part of the label"),
    ("Esc", "close; clear filter, selection, notice"),
    ("p", "pause, or go on with the newest"),
    ("m", "mark: changes are counted from here, too"),
    ("M", "forget the mark"),
    ("t", "minute, hour or day of the rates' lines"),
    ("y", "copy all rows, or the selected one, as JSON"),
    ("Y", "copy the same as a question: PromQL"),
    ("x", "pivot: other rows and columns"),
    ("n", "pivot: one label of the third dimension"),
    ("v", "pivot: responses or values"),
    ("f", "pivot: from window start, opening, mark"),
    ("r", "try now, if the service does not answer"),
    ("Ctrl-Z", "suspend; fg goes on"),
    ("Ctrl-L", "draw the screen anew"),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn key(code: KeyCode) -> KeyEvent {
        KeyEvent::new(code, KeyModifiers::NONE)
    }

    #[test]
    fn keys_and_letters_move_alike() {
        for (one, other) in [
            (KeyCode::Down, KeyCode::Char('j')),
            (KeyCode::Up, KeyCode::Char('k')),
            (KeyCode::Left, KeyCode::Char('h')),
            (KeyCode::Right, KeyCode::Char('l')),
        ] {
            assert!(of_key(key(one)).is_some());
            assert_eq!(of_key(key(one)), of_key(key(other)));
        }
        assert_eq!(of_key(key(KeyCode::Char('8'))), Some(Action::Tab(Tabs::Number(7))));
        assert_eq!(of_key(key(KeyCode::Char('Q'))), None);
        assert_eq!(of_key(key(KeyCode::Char('y'))), Some(Action::Copy(Language::Json)));
        assert_eq!(of_key(key(KeyCode::Char('Y'))), Some(Action::Copy(Language::PromQl)));
    }

    #[test]
    fn letters_are_letters_while_a_filter_is_typed_and_control_keys_are_not() {
        for letter in ['q', '/', '?', ' ', '1', 'y', 'Y'] {
            assert_eq!(of_typed_key(key(KeyCode::Char(letter))), Some(Action::Type(letter)));
        }
        let control = |letter| KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
        for of in [of_key, of_typed_key] {
            assert_eq!(of(control('c')), Some(Action::Quit));
            assert_eq!(of(control('z')), Some(Action::Suspend));
            let mut released = control('c');
            released.kind = KeyEventKind::Release;
            assert_eq!(of(released), None);
        }
        assert_eq!(of_typed_key(control('u')), Some(Action::EraseAll));
        assert_eq!(of_typed_key(control('h')), Some(Action::Erase));
    }
}
