//! What each route does.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::header::{ACCEPT, CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Uri};
use runtime_exposition::TextFormat;

use super::answer::{Answer, encoding, list, no_body};
use super::desk::Desk;
use super::documents::Document;
use super::query;
use super::refusal::Refusal;

type Answered = Result<Answer, Refusal>;

/// Asked of proxies that would hold events back.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
const LAST_EVENT_ID: HeaderName = HeaderName::from_static("last-event-id");

/// A page in the format that the scraper likes best.
pub(super) async fn metrics(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Answered {
    let format = TextFormat::negotiated(&list(&headers, ACCEPT));
    desk.answer(Document::Metrics(format), encoding(&headers)).await
}

pub(super) async fn health(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Answered {
    desk.answer(Document::Health, encoding(&headers)).await
}

pub(super) async fn ready(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Answered {
    desk.answer(Document::Ready, encoding(&headers)).await
}

pub(super) async fn history(State(desk): State<Arc<Desk>>, headers: HeaderMap) -> Answered {
    desk.answer(Document::History, encoding(&headers)).await
}

/// The whole, or what was counted since a snapshot that was handed out.
pub(super) async fn snapshot(State(desk): State<Arc<Desk>>, uri: Uri, headers: HeaderMap) -> Answered {
    let (snapshots, source, encoding) = (&desk.snapshots, &desk.source, encoding(&headers));
    match query::since(uri.query())? {
        Some(since) => snapshots.difference(since, source, encoding).await,
        None => snapshots.whole(source, encoding).await,
    }
}

/// A stream of snapshots; of `HEAD` its headers alone, which takes no place.
pub(super) async fn events(
    State(desk): State<Arc<Desk>>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    let interval = Duration::from_secs(query::interval(uri.query())?);
    if *desk.closed.borrow() {
        return Err(Refusal::Closed);
    }
    let body = if method == Method::HEAD {
        no_body()
    } else {
        let seen = headers.get(LAST_EVENT_ID).and_then(|id| id.to_str().ok()).map(str::to_owned);
        desk.events.watch(interval, seen, desk.closed.subscribe())?.into_body()
    };
    let headers = [
        (CONTENT_TYPE, HeaderValue::from_static("text/event-stream")),
        (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (X_ACCEL_BUFFERING, HeaderValue::from_static("no")),
    ];
    Ok((headers, body).into_response())
}
