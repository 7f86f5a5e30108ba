//! The second layer: refuses what is too long, too big, too slow or meant for another host, before a route sees it.

use std::sync::Arc;

use axum::body::{Body, HttpBody as _};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::header::{CONNECTION, HOST};
use http::{HeaderValue, Version};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use tokio::time::timeout;

use crate::hosts::Hosts;
use crate::limits::Limits;
use crate::refusal::Refusal;

/// What a request must keep within.
#[derive(Debug)]
pub(crate) struct Bounds {
    pub(crate) limits: Limits,
    pub(crate) hosts: Hosts,
}

/// Checks the head, reads the body and throws it away (no route needs one; reading it keeps the connection
/// usable for the next request), then gives the route its time.
pub(crate) async fn enforce(State(bounds): State<Arc<Bounds>>, request: Request, next: Next) -> Response {
    let has_body = !request.body().is_end_stream();
    let request = match admit(&bounds, request).await {
        Ok(request) => request,
        Err(refusal) => return refuse(refusal, has_body),
    };
    match timeout(bounds.limits.request_timeout, next.run(request)).await {
        Ok(response) => response,
        Err(_elapsed) => Refusal::SlowAnswer.into_response(),
    }
}

/// What is left of a body would be taken for the next request, or waited for: its connection is of no further use.
/// RFC 9112, section 9.3.
fn refuse(refusal: Refusal, has_body: bool) -> Response {
    let mut response = refusal.into_response();
    if has_body {
        response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

async fn admit(Bounds { limits, hosts }: &Bounds, request: Request) -> Result<Request, Refusal> {
    let uri_bytes = request.uri().path_and_query().map_or(0, |text| text.as_str().len());
    if uri_bytes > limits.max_uri_bytes {
        return Err(Refusal::LongUri { limit: limits.max_uri_bytes });
    }
    let header_bytes: usize =
        request.headers().iter().map(|(name, value)| name.as_str().len() + value.len()).sum();
    if header_bytes > limits.max_header_bytes {
        return Err(Refusal::BigHeaders { limit: limits.max_header_bytes });
    }
    // RFC 9112, section 3.2.
    match request.headers().get_all(HOST).iter().count() {
        1 => {}
        0 if request.version() < Version::HTTP_11 => {}
        _ => return Err(Refusal::WrongHost),
    }
    if !hosts.admit(&request) {
        return Err(Refusal::ForeignHost);
    }
    if request.body().is_end_stream() {
        return Ok(request);
    }
    let (head, body) = request.into_parts();
    // A declared length is refused unread; an undeclared one while it is read.
    if body.size_hint().lower() > limits.max_body_bytes {
        return Err(Refusal::BigBody { limit: limits.max_body_bytes });
    }
    match timeout(limits.body_read_timeout, discard(body, limits.max_body_bytes)).await {
        Ok(discarded) => discarded?,
        Err(_elapsed) => return Err(Refusal::SlowBody),
    }
    Ok(Request::from_parts(head, Body::empty()))
}

async fn discard(body: Body, limit: u64) -> Result<(), Refusal> {
    let mut body = Limited::new(body, usize::try_from(limit).unwrap_or(usize::MAX));
    while let Some(frame) = body.frame().await {
        if let Err(error) = frame {
            return Err(if error.is::<LengthLimitError>() {
                Refusal::BigBody { limit }
            } else {
                Refusal::BrokenBody
            });
        }
    }
    Ok(())
}
