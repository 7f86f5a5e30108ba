//! The outermost layer: counts every request before it is answered, and stamps every answer.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use runtime_http::RawPath;

use crate::app::App;
use crate::request_id::{X_REQUEST_ID, request_id};
use crate::router::CONFIGURATION_ROUTES;

/// Records the request under its path as given, query excluded, or under a target without a path as sent; then lets it through, and adds the headers
/// that every answer has. Answers below `/api/v1/`, refusals included, must not be stored by anybody.
pub(crate) async fn observe(State(app): State<App>, request: Request, next: Next) -> Response {
    app.metrics().record_request(RawPath::of(request.uri()));
    let id = request_id(request.headers());
    let is_configuration = request.uri().path().starts_with(CONFIGURATION_ROUTES);
    tracing::debug!(method = %request.method(), path = ?RawPath::of(request.uri()), id = ?id, "asked");

    let mut response = next.run(request).await;

    tracing::debug!(status = response.status().as_u16(), id = ?id, "answered");
    let headers = response.headers_mut();
    headers.insert(X_REQUEST_ID, id);
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if is_configuration {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    }
    response
}
