//! Python texts as UTF-8.

use std::borrow::Cow;

use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};

/// The text in UTF-8, with U+FFFD in place of each lone surrogate, which UTF-8 has no form for.
///
/// *Cost:* none for a text in ASCII. Python makes the UTF-8 of another when it is first asked for, and keeps it with the text. One with lone
/// surrogates is encoded at each call.
#[inline]
pub(crate) fn utf8<'a>(text: &'a Bound<'_, PyString>) -> PyResult<Cow<'a, str>> {
    match text.to_str() {
        Ok(utf8) => Ok(Cow::Borrowed(utf8)),
        Err(_) => without_surrogates(text).map(Cow::Owned),
    }
}

#[cold]
fn without_surrogates(text: &Bound<'_, PyString>) -> PyResult<String> {
    // The method of `str` itself: a subclass may have another.
    let encoded =
        text.py().get_type::<PyString>().call_method1("encode", (text, "utf-32-le", "surrogatepass"))?;
    let (units, _) = encoded.cast::<PyBytes>()?.as_bytes().as_chunks();
    Ok(units
        .iter()
        .map(|unit| char::from_u32(u32::from_le_bytes(*unit)).unwrap_or(char::REPLACEMENT_CHARACTER))
        .collect())
}
