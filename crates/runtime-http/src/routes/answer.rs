//! An answer that any number of requests get.

use std::convert::Infallible;

use axum::body::{Body, Bytes};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use http::header::{
    ACCEPT_ENCODING, AsHeaderName, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, StatusCode};
use runtime_exposition::ContentEncoding;

use super::refusal::Refusal;

/// A document before it is compressed.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) status: StatusCode,
    pub(super) content_type: &'static str,
    /// The request headers that it depends on, encodings included.
    pub(super) vary: &'static str,
    pub(super) body: Vec<u8>,
}

/// A document as it is sent. A clone shares its body.
#[derive(Debug, Clone)]
pub(super) struct Answer {
    status: StatusCode,
    content_type: &'static str,
    vary: &'static str,
    encoding: ContentEncoding,
    body: Bytes,
}

impl Written {
    /// JSON, as one line: so that a terminal shows its prompt on the next.
    pub(super) fn json(status: StatusCode, mut body: Vec<u8>) -> Self {
        body.push(b'\n');
        Self { status, content_type: "application/json", vary: "accept-encoding", body }
    }

    /// The same with what `write` appends, as a success.
    pub(super) fn json_of(write: impl FnOnce(&mut Vec<u8>)) -> Self {
        let mut body = Vec::new();
        write(&mut body);
        Self::json(StatusCode::OK, body)
    }

    /// Compresses it; takes its time.
    pub(super) fn compressed(self, encoding: ContentEncoding) -> Result<Answer, Refusal> {
        let Self { status, content_type, vary, body } = self;
        let body = encoding.compressed(body).map_err(|_| Refusal::Defect)?.into();
        Ok(Answer { status, content_type, vary, encoding, body })
    }
}

impl IntoResponse for Answer {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(self.content_type)),
            (VARY, HeaderValue::from_static(self.vary)),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
            (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
        ];
        let mut response = (self.status, headers, Body::from(self.body)).into_response();
        let encoding = self.encoding.content_encoding().map(HeaderValue::from_static);
        response.headers_mut().extend(encoding.map(|encoding| (CONTENT_ENCODING, encoding)));
        response
    }
}

/// The encoding that the sender of these headers likes best.
pub(super) fn encoding(headers: &HeaderMap) -> ContentEncoding {
    ContentEncoding::negotiated(&list(headers, ACCEPT_ENCODING))
}

/// The list that a header has; one that comes in several headers is one list: RFC 9110, section 5.3.
pub(super) fn list(headers: &HeaderMap, name: impl AsHeaderName) -> String {
    let values = headers.get_all(name).iter().filter_map(|value| value.to_str().ok());
    values.collect::<Vec<_>>().join(",")
}

/// No body, and no `Content-Length` of one: for answers that would otherwise tell that of another answer (RFC 9110, section 8.6).
pub(super) fn no_body() -> Body {
    Body::from_stream(stream::empty::<Result<Bytes, Infallible>>())
}
