//! The route of the live page.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, StatusCode};
use runtime_exposition::ContentEncoding;

use super::answer::{encoding, list, no_body};
use crate::page::Page;

/// The page in every form that it is sent in. Answers share these.
#[derive(Debug)]
pub(super) struct LivePage {
    content_security_policy: String,
    /// Strong, and so that of the page as it is.
    entity_tag: String,
    plain: Bytes,
    compressed: Vec<(ContentEncoding, Bytes)>,
}

impl LivePage {
    /// *Cost:* compresses it, some milliseconds.
    pub(super) fn of(page: &Page) -> Self {
        // In a form for which there is no memory it is not sent.
        let form = |encoding: ContentEncoding| {
            Some((encoding, encoding.compressed(page.html().into()).ok()?.into()))
        };
        Self {
            content_security_policy: page.content_security_policy().to_owned(),
            entity_tag: page.entity_tag().to_owned(),
            plain: page.html().to_owned().into(),
            compressed: [ContentEncoding::Gzip, ContentEncoding::Zstd].into_iter().filter_map(form).collect(),
        }
    }

    /// Its bytes in an encoding, what these are compressed by, and their entity tag: a weak one if they are, since those of all forms mean the same page
    /// (RFC 9110, section 8.8.1).
    fn form(&self, encoding: ContentEncoding) -> (Bytes, Option<&'static str>, String) {
        let tag = &self.entity_tag;
        match self.compressed.iter().find(|(compressed, _)| *compressed == encoding) {
            Some((_, body)) => (body.clone(), encoding.content_encoding(), format!("W/{tag}")),
            None => (self.plain.clone(), None, tag.clone()),
        }
    }

    /// Whether a browser that sends this list has the page. Weak comparison: RFC 9110, section 13.1.2.
    fn is_among(&self, tags: &str) -> bool {
        let is_same = |tag: &str| tag.trim().trim_start_matches("W/") == self.entity_tag;
        tags.trim() == "*" || tags.split(',').any(is_same)
    }
}

/// The page, or that the browser's copy of it is the same still. It is no secret: whoever has no token is asked for it by the page.
pub(super) async fn live(State(page): State<Arc<LivePage>>, headers: HeaderMap) -> Response {
    let (body, content_encoding, entity_tag) = page.form(encoding(&headers));
    let validity =
        [(ETAG, entity_tag), (CACHE_CONTROL, "no-cache".to_owned()), (VARY, "accept-encoding".to_owned())];
    if page.is_among(&list(&headers, IF_NONE_MATCH)) {
        return (StatusCode::NOT_MODIFIED, validity, no_body()).into_response();
    }
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, &page.content_security_policy),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    let content_encoding = content_encoding.map(|encoding| [(CONTENT_ENCODING, encoding)]);
    (validity, headers, content_encoding, body).into_response()
}
