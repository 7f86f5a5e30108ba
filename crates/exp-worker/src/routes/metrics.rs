//! `GET /metrics`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT, CONTENT_TYPE, VARY};
use http::{HeaderMap, HeaderValue};
use runtime_exposition::TextFormat;

use crate::app::App;
use crate::refusal::Refusal;

/// A page of a new cut, which holds this very scrape, in the format that the scraper likes best.
pub(crate) async fn metrics(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    let format = format(&headers);
    apart(move || {
        let snapshot = app.cut();
        let mut text = String::new();
        app.exposition().text(format, &snapshot, &mut text);
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static(format.content_type())),
            (VARY, HeaderValue::from_static("accept")),
        ];
        Ok((headers, text).into_response())
    })
    .await
}

/// A list that comes in several headers is one list: RFC 9110, section 5.3.
fn format(headers: &HeaderMap) -> TextFormat {
    let accepted = headers.get_all(ACCEPT).iter().filter_map(|accept| accept.to_str().ok());
    TextFormat::negotiated(&accepted.collect::<Vec<_>>().join(","))
}

/// Runs `make` on a thread where it may take its time: a cut waits for another cut, and tens of thousands of
/// series take milliseconds to write out, which the answers of other requests should not wait for.
pub(super) async fn apart(
    make: impl FnOnce() -> Result<Response, Refusal> + Send + 'static,
) -> Result<Response, Refusal> {
    tokio::task::spawn_blocking(make).await.unwrap_or(Err(Refusal::Defect))
}
