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
use tokio::sync::OnceCell;
use tokio::task::spawn_blocking;

use super::answer::{encoding, list, no_body};
use super::refusal::Refusal;
use crate::page::Page;

/// The page in every form that it is sent in. Answers share these.
#[derive(Debug)]
pub(super) struct LivePage {
    content_security_policy: String,
    /// Strong, and so that of the page as it is.
    entity_tag: String,
    plain: Bytes,
    /// Each once it was asked for.
    compressed: [(ContentEncoding, OnceCell<Bytes>); 2],
}

impl LivePage {
    pub(super) fn of(page: &Page) -> Self {
        Self {
            content_security_policy: page.content_security_policy().to_owned(),
            entity_tag: page.entity_tag().to_owned(),
            plain: page.html().to_owned().into(),
            compressed: [ContentEncoding::Gzip, ContentEncoding::Zstd]
                .map(|encoding| (encoding, OnceCell::new())),
        }
    }

    /// Its bytes in an encoding, what these are compressed by, and their entity tag: a weak one if they are, since those of all forms mean the same page
    /// (RFC 9110, section 8.8.1).
    async fn form(
        &self,
        encoding: ContentEncoding,
    ) -> Result<(Bytes, Option<&'static str>, String), Refusal> {
        let tag = &self.entity_tag;
        let Some((_, form)) = self.compressed.iter().find(|(compressed, _)| *compressed == encoding) else {
            return Ok((self.plain.clone(), None, tag.clone()));
        };
        let plain = &self.plain;
        let compress = async move || {
            let plain = plain.to_vec();
            let compressed = spawn_blocking(move || encoding.compressed(plain)).await;
            compressed.map_err(|_| Refusal::Defect)?.map(Bytes::from).map_err(|_| Refusal::Defect)
        };
        let body = form.get_or_try_init(compress).await?;
        Ok((body.clone(), encoding.content_encoding(), format!("W/{tag}")))
    }

    /// Whether a browser that sends this list has the page. Weak comparison: RFC 9110, section 13.1.2.
    fn is_among(&self, tags: &str) -> bool {
        let is_same = |tag: &str| tag.trim().trim_start_matches("W/") == self.entity_tag;
        tags.trim() == "*" || tags.split(',').any(is_same)
    }
}

/// The page, or that the browser's copy of it is the same still. It is no secret: whoever has no token is asked for it by the page.
pub(super) async fn live(State(page): State<Arc<LivePage>>, headers: HeaderMap) -> Result<Response, Refusal> {
    let (body, content_encoding, entity_tag) = page.form(encoding(&headers)).await?;
    let validity =
        [(ETAG, entity_tag), (CACHE_CONTROL, "no-cache".to_owned()), (VARY, "accept-encoding".to_owned())];
    if page.is_among(&list(&headers, IF_NONE_MATCH)) {
        return Ok((StatusCode::NOT_MODIFIED, validity, no_body()).into_response());
    }
    let headers = [
        (CONTENT_TYPE, "text/html; charset=utf-8"),
        (CONTENT_SECURITY_POLICY, &page.content_security_policy),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
    ];
    let content_encoding = content_encoding.map(|encoding| [(CONTENT_ENCODING, encoding)]);
    Ok((validity, headers, content_encoding, body).into_response())
}

#[cfg(test)]
mod tests {
    use runtime_exposition::Exposition;

    use super::*;

    #[tokio::test]
    async fn every_answer_has_the_same_bytes_in_memory() {
        let page = LivePage::of(&Page::of(&Exposition::builder().build().unwrap()));
        for encoding in [ContentEncoding::Identity, ContentEncoding::Gzip, ContentEncoding::Zstd] {
            let (first, _, _) = page.form(encoding).await.unwrap();
            let (second, _, _) = page.form(encoding).await.unwrap();
            assert_eq!(first.as_ptr(), second.as_ptr(), "{encoding:?}");
        }
    }
}
