//! What is copied of a screen: what is shown, as JSON, and as a question to a Prometheus server.

mod export;
mod promql;

use crate::family::Key;
use crate::filter::Filter;
use crate::scene::Scene;
use crate::view::{Tab, View};

/// What terminals are sent at most, in bytes. Some take less, and others more. Source: `osc52.sh` of Chromium OS.
const LONGEST_SEQUENCE: usize = 100_000;
/// `ESC ] 52 ; c ;` and `ESC \`.
const FRAME: usize = 9;
/// The longest text whose base64 fits: three bytes are four there.
const LONGEST: usize = (LONGEST_SEQUENCE - FRAME) / 4 * 3;
/// So many rows, or cells, are too long whatever is in them: the names of their keys alone take 20 bytes.
const MOST_ENTRIES: usize = LONGEST / 20;

/// How it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Language {
    Json,
    PromQl,
}

/// A text for the clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Clip {
    pub(crate) text: String,
    /// What it is of, for who copies it.
    pub(crate) what: String,
}

/// Why nothing is copied, and what to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum CopyError {
    #[error("There is no snapshot to copy yet.")]
    NoSnapshot,
    #[error("Only tables 1 to 6 are copied: /history and /snapshot answer in JSON.")]
    NoRows,
    #[error("Nothing to copy: the mark is of another window. f: count from elsewhere")]
    Unknown,
    #[error("No PromQL: this service does not tell the namespace of its metrics.")]
    NoNamespace,
    #[error("Too long: terminals take {} kB. Type / to filter, or select a row: ↑ ↓", LONGEST / 1_000)]
    TooLong,
}

/// Which rows of a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Which<'a> {
    All,
    /// Those whose label contains a text, upper and lower case alike.
    Matching(&'a str),
    One(&'a Key),
}

impl<'a> Which<'a> {
    fn of(selected: Option<&'a Key>, filter: &'a Filter) -> Self {
        match selected {
            Some(key) => Self::One(key),
            None if filter.is_empty() => Self::All,
            None => Self::Matching(filter.text()),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::All => "the table",
            Self::Matching(_) => "what the filter leaves",
            Self::One(_) => "the selected row",
        }
    }
}

/// Copies the selected row of the table that a view shows, or else all rows that its filter leaves.
///
/// # Errors
///
/// [`CopyError`], for who looks at the view.
pub(crate) fn copy(view: &View, language: Language) -> Result<Clip, CopyError> {
    let scene = view.scene().ok_or(CopyError::NoSnapshot)?;
    let clip = match (view.tab(), language) {
        (Tab::Family(family), Language::Json) => export::table(view.table(family), &scene),
        (Tab::Family(family), Language::PromQl) => promql::table(view.table(family), &scene)?,
        (Tab::Pivot, Language::Json) => export::pivot(view.pivot(), &scene)?,
        (Tab::Pivot, Language::PromQl) => promql::pivot(view.pivot(), &scene)?,
        (Tab::Past | Tab::Limits, _) => return Err(CopyError::NoRows),
    };
    if clip.text.len() > LONGEST { Err(CopyError::TooLong) } else { Ok(clip) }
}

impl Clip {
    fn of_rows(text: String, rows: usize, scene: &Scene<'_>) -> Self {
        let noun = if rows == 1 { "row" } else { "rows" };
        Self { text, what: format!("{rows} {noun} of #{} as JSON", scene.snapshot.sequence) }
    }

    fn of_question(text: String, which: Which<'_>) -> Self {
        Self { text, what: format!("{} as PromQL", which.name()) }
    }
}

#[cfg(test)]
mod tests;
