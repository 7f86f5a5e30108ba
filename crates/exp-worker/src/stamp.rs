//! The outermost layer of the router: stamps every answer, and logs.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderValue;
use http::header::{CACHE_CONTROL, X_CONTENT_TYPE_OPTIONS};
use runtime_http::RawPath;

use crate::request_id::{X_REQUEST_ID, request_id};
use crate::router::CONFIGURATION_ROUTES;

/// Adds the headers that every answer has. Answers below `/api/v1/`, refusals included, must not be stored by anybody.
pub(crate) async fn stamp(request: Request, next: Next) -> Response {
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
