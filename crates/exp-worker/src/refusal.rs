//! Answers other than success: `{"error": "…"}` with cause and remedy.

use axum::response::{IntoResponse, Response};
use http::header::{ALLOW, CONTENT_TYPE, WWW_AUTHENTICATE};
use http::{HeaderValue, StatusCode};

use crate::document::MissingKeys;
use crate::json::{JSON, json_line};
use crate::name::{NAME_PATTERN, Name};
use crate::query::QueryError;

/// Why a request is not answered with what it asked for. Texts name names that are well formed, never a
/// value, a token, or bytes of the caller's own making.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Refusal {
    #[error("there is no such route; GET / lists those there are")]
    NoRoute,
    #[error("this route answers GET and HEAD only")]
    WrongMethod,
    #[error("malformed query: {0}")]
    Query(#[from] QueryError),
    #[error("the {what} in the query is not a name; names match {NAME_PATTERN}")]
    NotAName { what: &'static str },
    #[error("unknown target {target}; {}", known_targets(known))]
    UnknownTarget { target: Name, known: Vec<Name> },
    #[error(
        "unknown key {0}: the configuration has no value for it; check its spelling, letter case included"
    )]
    UnknownKey(Name),
    #[error(
        "the header X-Exp-Target must be sent once, and name a target that {0} belongs to; correct it or leave it out"
    )]
    ForeignTarget(String),
    #[error("the configuration lacks the required {missing}; add {} to its values and reload it", missing.pronoun())]
    MissingKeys { missing: MissingKeys },
    #[error("the header X-Exp-Local-Token is missing or wrong; send the token that this worker was given")]
    WrongToken,
    #[error("no configuration is loaded; try again once GET /api/ready answers 200")]
    NoConfiguration,
    #[error("HTTP/1.1 asks for exactly one Host header; send one (it may be empty)")]
    WrongHost,
    #[error(
        "the Host header names none of this worker's hosts, as if a page had its own name lead here; ask by address or as localhost, or start \
         the worker with --allowed-host and the name"
    )]
    ForeignHost,
    #[error("the URI is over {limit} bytes; send a shorter one")]
    LongUri { limit: usize },
    #[error("the headers are over {limit} bytes; send fewer or shorter ones")]
    BigHeaders { limit: usize },
    #[error("the body is over {limit} bytes; no route here needs one")]
    BigBody { limit: u64 },
    #[error("the body did not arrive in time; send it faster, or none: no route here needs one")]
    SlowBody,
    #[error("the body is malformed or broke off; send it whole, or none: no route here needs one")]
    BrokenBody,
    #[error("the answer took too long; try again")]
    SlowAnswer,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::NoRoute => StatusCode::NOT_FOUND,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::Query(_)
            | Self::NotAName { .. }
            | Self::UnknownTarget { .. }
            | Self::UnknownKey(_)
            | Self::WrongHost
            | Self::BrokenBody => StatusCode::BAD_REQUEST,
            Self::ForeignTarget(_) | Self::ForeignHost => StatusCode::FORBIDDEN,
            Self::MissingKeys { .. } => StatusCode::INTERNAL_SERVER_ERROR,
            Self::WrongToken => StatusCode::UNAUTHORIZED,
            Self::NoConfiguration | Self::SlowAnswer => StatusCode::SERVICE_UNAVAILABLE,
            Self::LongUri { .. } => StatusCode::URI_TOO_LONG,
            Self::BigHeaders { .. } => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            Self::BigBody { .. } => StatusCode::PAYLOAD_TOO_LARGE,
            Self::SlowBody => StatusCode::REQUEST_TIMEOUT,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let body = json_line(&serde_json::json!({ "error": self.to_string() })).unwrap_or_default();
        let mut response = (self.status(), [(CONTENT_TYPE, JSON)], body).into_response();
        let headers = response.headers_mut();
        match self {
            Self::WrongMethod => {
                headers.insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
            }
            // RFC 9110, section 11.6.1: a 401 names a challenge.
            Self::WrongToken => {
                headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("X-Exp-Local-Token"));
            }
            _ => {}
        }
        response
    }
}

/// The first few targets: a help to people, not a listing.
fn known_targets(known: &[Name]) -> String {
    const SHOWN: usize = 10;
    if known.is_empty() {
        return "the configuration has none".to_owned();
    }
    let names: Vec<&str> = known.iter().take(SHOWN).map(Name::as_str).collect();
    let more = if known.len() > SHOWN { ", ..." } else { "" };
    format!("known ones: {}{more}", names.join(", "))
}
