//! JSON answers: one line each, so that a terminal shows its prompt on the next.

use http::HeaderValue;
use serde::Serialize;

/// The content type of every JSON answer.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json");

/// The document as one line, line end included.
pub(crate) fn json_line(document: &impl Serialize) -> Result<Vec<u8>, serde_json::Error> {
    let mut text = serde_json::to_vec(document)?;
    text.push(b'\n');
    Ok(text)
}
