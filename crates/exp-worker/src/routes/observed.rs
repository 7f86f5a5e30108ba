//! Answers for those who observe the worker: made where they may take their time, and compressed if that is asked for.

use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT_ENCODING, AsHeaderName, CONTENT_ENCODING, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue, StatusCode};
use runtime_exposition::ContentEncoding;

use crate::refusal::Refusal;

/// An answer before it is compressed.
pub(super) struct Observed {
    pub(super) status: StatusCode,
    pub(super) content_type: HeaderValue,
    /// The request headers that the answer depends on.
    pub(super) vary: &'static str,
    pub(super) body: Vec<u8>,
}

/// Makes an answer on a thread where that may take its time: a cut waits for another cut, and tens of thousands of series
/// take milliseconds to write out, and more to compress, which the answers of other requests should not wait for.
pub(super) async fn answer(
    headers: &HeaderMap,
    make: impl FnOnce() -> Result<Observed, Refusal> + Send + 'static,
) -> Result<Response, Refusal> {
    let encoding = ContentEncoding::negotiated(&list(headers, ACCEPT_ENCODING));
    let make = move || {
        let Observed { status, content_type, vary, body } = make()?;
        let body = encoding.compressed(body).map_err(|_| Refusal::Defect)?;
        let headers = [(CONTENT_TYPE, content_type), (VARY, HeaderValue::from_static(vary))];
        let mut response = (status, headers, body).into_response();
        if let Some(encoding) = encoding.content_encoding() {
            response.headers_mut().insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Ok(response)
    };
    tokio::task::spawn_blocking(make).await.unwrap_or(Err(Refusal::Defect))
}

/// The list that a header has; one that comes in several headers is one list: RFC 9110, section 5.3.
pub(super) fn list(headers: &HeaderMap, name: impl AsHeaderName) -> String {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(",")
}
