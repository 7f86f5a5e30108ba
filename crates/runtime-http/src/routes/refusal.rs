//! Answers other than success: `{"error": "…"}` with cause and remedy.

use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderName, HeaderValue, StatusCode};
use thiserror::Error;

use super::query::QueryError;

/// What whoever found no place is told to wait, in seconds.
const RETRY_SECONDS: HeaderValue = HeaderValue::from_static("5");

/// Why a request is not answered with what it asked for.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum Refusal {
    #[error("this route answers GET and HEAD only")]
    WrongMethod,
    #[error(
        "the bearer token is missing or wrong; remedy: send the header `Authorization: Bearer TOKEN`, once"
    )]
    NoToken,
    #[error("this route answers this machine only; remedy: ask from it, by a loopback address")]
    NotLoopback,
    #[error(
        "this route answers this machine only, and the server does not tell who asks; remedy: serve the router with \
         `into_make_service_with_connect_info::<SocketAddr>()`"
    )]
    UnknownPeer,
    #[error(
        "this route answers this machine only, and the header Host names none of its loopback addresses; remedy: ask by \
         http://127.0.0.1, http://[::1] or http://localhost"
    )]
    OtherHost,
    #[error("malformed query: {0}")]
    Query(#[from] QueryError),
    #[error(
        "the snapshot {since} is not kept any more; remedy: begin anew with a whole snapshot, and ask sooner"
    )]
    Gone { since: u64 },
    #[error(
        "the snapshot {since} is of another process life than this one; remedy: begin anew with a whole snapshot"
    )]
    OtherLife { since: u64 },
    #[error(
        "no snapshot {since} was taken, the last one is {last}; remedy: if the worker was started anew, begin anew with a whole \
         snapshot"
    )]
    NotTaken { since: u64, last: u64 },
    #[error("there are {most} viewers already; remedy: try again later, or poll /snapshot")]
    TooManyViewers { most: usize },
    #[error("the worker is about to end; remedy: try again once it is back")]
    Closed,
    #[error(
        "the answer could not be made; remedy: look for a panic in what the service prints, and report one that is not its own as a defect of runtime-http"
    )]
    Defect,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::NoToken => StatusCode::UNAUTHORIZED,
            Self::NotLoopback | Self::UnknownPeer | Self::OtherHost => StatusCode::FORBIDDEN,
            Self::Query(_) => StatusCode::BAD_REQUEST,
            Self::Gone { .. } | Self::OtherLife { .. } => StatusCode::GONE,
            Self::NotTaken { .. } => StatusCode::NOT_FOUND,
            Self::TooManyViewers { .. } | Self::Closed => StatusCode::SERVICE_UNAVAILABLE,
            Self::Defect => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn header(&self) -> Option<(HeaderName, HeaderValue)> {
        match self {
            // RFC 9110, section 15.5.6.
            Self::WrongMethod => Some((ALLOW, HeaderValue::from_static("GET, HEAD"))),
            // RFC 6750, section 3.
            Self::NoToken => {
                Some((WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"runtime metrics\"")))
            }
            Self::TooManyViewers { .. } | Self::Closed => Some((RETRY_AFTER, RETRY_SECONDS)),
            _ => None,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let headers = [
            (CONTENT_TYPE, HeaderValue::from_static("application/json")),
            (CACHE_CONTROL, HeaderValue::from_static("no-store")),
        ];
        // One line: see `Written::json`.
        let body = format!("{}\n", serde_json::json!({ "error": self.to_string() }));
        let mut response = (self.status(), headers, body).into_response();
        response.headers_mut().extend(self.header());
        response
    }
}
