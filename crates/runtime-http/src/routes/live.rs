//! The route of the live page.

use std::sync::Arc;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, IF_NONE_MATCH, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, StatusCode};

use crate::page::Page;

/// The page, or that the browser's copy of it is the same still. It is no secret: whoever has no token is asked for it by the page.
pub(super) async fn live(State(page): State<Arc<Page>>, headers: HeaderMap) -> Response {
    // Weak comparison: RFC 9110, section 13.1.2.
    let is_same = |tag: &str| tag.trim().trim_start_matches("W/") == page.entity_tag();
    let tags = headers.get(IF_NONE_MATCH).and_then(|tags| tags.to_str().ok());
    let same = tags.is_some_and(|tags| tags.split(',').any(is_same));
    let validity = [(ETAG, page.entity_tag().to_owned()), (CACHE_CONTROL, "no-cache".to_owned())];
    if same {
        return (StatusCode::NOT_MODIFIED, validity).into_response();
    }
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8".to_owned()),
        (CONTENT_SECURITY_POLICY, page.content_security_policy().to_owned()),
        (X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
        (REFERRER_POLICY, "no-referrer".to_owned()),
    ];
    (validity, headers, page.html().to_owned()).into_response()
}
