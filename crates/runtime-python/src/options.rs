//! Options that are one of a few words.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use runtime_exposition::{CallerLabels, RequestLabel};

/// What the recorded request labels are.
pub(crate) fn request_label(word: &str) -> PyResult<RequestLabel> {
    one_of("request_label", word, [("path", RequestLabel::Path), ("route", RequestLabel::Route)])
}

/// How callers are shown.
pub(crate) fn caller_labels(word: &str) -> PyResult<CallerLabels> {
    let known = [
        ("shown", CallerLabels::Shown),
        ("hashed", CallerLabels::Hashed),
        ("dropped", CallerLabels::Dropped),
    ];
    one_of("caller_labels", word, known)
}

fn one_of<T: Copy, const N: usize>(option: &str, word: &str, known: [(&str, T); N]) -> PyResult<T> {
    match known.iter().find(|(name, _)| *name == word) {
        Some((_, value)) => Ok(*value),
        None => {
            let known = known.map(|(name, _)| name).join(", ");
            Err(PyValueError::new_err(format!("{option} is {word:?}, but must be one of {known}")))
        }
    }
}
