//! `GET /api/health` and `GET /api/ready`.

use axum::extract::State;
use axum::response::Response;
use http::{HeaderMap, StatusCode};
use serde::Serialize;

use super::observed::{Observed, answer};
use crate::app::App;
use crate::json::{JSON, json_line};
use crate::refusal::Refusal;

/// The health document, from one new cut, which holds this very request.
pub(crate) async fn health(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    answer(&headers, move || {
        let snapshot = app.cut();
        let state = app.worker_state();
        json(StatusCode::OK, &app.exposition().health_document(&snapshot, &state))
    })
    .await
}

/// The health document with `keysLoaded`; 503 while no configuration is readable, that is, none was
/// loaded yet. One without keys is a configuration.
///
/// A reload that fails leaves the old configuration in force, and the worker ready.
pub(crate) async fn ready(State(app): State<App>, headers: HeaderMap) -> Result<Response, Refusal> {
    answer(&headers, move || {
        let snapshot = app.cut();
        let state = app.worker_state();
        let document = app.exposition().ready_document(&snapshot, &state);
        let status = if document.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
        json(status, &document)
    })
    .await
}

fn json(status: StatusCode, document: &impl Serialize) -> Result<Observed, Refusal> {
    let body = json_line(document).map_err(|_| Refusal::Defect)?;
    Ok(Observed { status, content_type: JSON, vary: "accept-encoding", body })
}
