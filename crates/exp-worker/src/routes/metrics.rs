//! `GET /metrics`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use runtime_exposition::prometheus::CONTENT_TYPE as TEXT_0_0_4;

use crate::app::App;
use crate::refusal::Refusal;

/// Prometheus text of a new cut, which holds this very scrape.
pub(crate) async fn metrics(State(app): State<App>) -> Result<Response, Refusal> {
    apart(move || {
        let snapshot = app.cut();
        let mut text = String::new();
        app.exposition().prometheus_text(&snapshot, &mut text);
        Ok(([(CONTENT_TYPE, HeaderValue::from_static(TEXT_0_0_4))], text).into_response())
    })
    .await
}

/// Runs `make` on a thread where it may take its time: a cut waits for another cut, and tens of thousands of
/// series take milliseconds to write out, which the answers of other requests should not wait for.
pub(super) async fn apart(
    make: impl FnOnce() -> Result<Response, Refusal> + Send + 'static,
) -> Result<Response, Refusal> {
    tokio::task::spawn_blocking(make).await.unwrap_or(Err(Refusal::Defect))
}
