//! `GET /api/v1/build-time`, `/api/v1/run-time` and `/api/v1/config`: what is delivered, and counted as such.
//!
//! The checks come in one order: the shared token (401), the query and the names in it (400), whether the
//! target or key is known (400), `X-Exp-Target` (403), whether everything required is there (500). The first
//! that fails answers.
//!
//! # What is counted where the interface leaves a choice
//!
//! - A document's config names are the keys in its `values`; feature flags are not counted.
//! - One key is counted under the target that `X-Exp-Target` names; without the header under `*`, which no
//!   target can be called, and then under the caller `local:*`.
//! - `HEAD` hands out no value: it is checked and answered like `GET`, and is no delivery.
//! - A key that some document requires and that has no value is 500 (the configuration is at fault); any
//!   other key without a value is 400 (the caller is).
//! - A key belongs to the targets whose documents list it. One that no document lists belongs to no target,
//!   and is given out only without `X-Exp-Target`.

use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Method};

use crate::app::App;
use crate::caller::principal;
use crate::document::{DocumentKind, MissingKeys, local_caller};
use crate::json::{JSON, json_line};
use crate::name::Name;
use crate::query::single;
use crate::refusal::Refusal;
use crate::scope::Scope;
use crate::secret::Secret;

const TOKEN_HEADER: &str = "x-exp-local-token";
/// The endpoint category of one key.
const KEY_ENDPOINT: &str = "config";
/// The target label of one key that was asked for in no target's name.
const NO_TARGET: &str = "*";

/// The build-time document of a target.
pub(crate) async fn build_time(
    State(app): State<App>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    document(&app, DocumentKind::BuildTime, &method, query.as_deref(), &headers)
}

/// The run-time document of a target.
pub(crate) async fn run_time(
    State(app): State<App>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    document(&app, DocumentKind::RunTime, &method, query.as_deref(), &headers)
}

fn document(
    app: &App,
    kind: DocumentKind,
    method: &Method,
    query: Option<&str>,
    headers: &HeaderMap,
) -> Result<Response, Refusal> {
    check_token(app, headers)?;
    let target = name_in_query(query, "for", "target")?;
    let in_force = app.in_force();
    if in_force.load_count() == 0 {
        return Err(Refusal::NoConfiguration);
    }
    let Some(document) = in_force.document(kind, target.as_str()) else {
        let known = in_force.configuration().targets().map(|(name, _)| name.clone()).collect();
        return Err(Refusal::UnknownTarget { target, known });
    };
    if !Scope::of(headers).admits(|name| name == target.as_str()) {
        return Err(Refusal::ForeignTarget(format!("the {} document of {target}", kind.endpoint())));
    }
    let body = document.body().map_err(|missing| Refusal::MissingKeys { missing: missing.clone() })?;
    if *method == Method::GET {
        document.record_delivery(principal(app.front_door(), headers).as_deref());
    }
    Ok(answer(body.expose().clone()))
}

/// One key: `{"name": …, "value": …}`.
pub(crate) async fn config(
    State(app): State<App>,
    method: Method,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Result<Response, Refusal> {
    check_token(&app, &headers)?;
    let key = name_in_query(query.as_deref(), "name", "key")?;
    let in_force = app.in_force();
    if in_force.load_count() == 0 {
        return Err(Refusal::NoConfiguration);
    }
    let configuration = in_force.configuration();
    let value = configuration.value(key.as_str());
    let is_required = configuration.is_required(key.as_str());
    if value.is_none() && !is_required {
        return Err(Refusal::UnknownKey(key));
    }
    let scope = Scope::of(&headers);
    let belongs_to =
        |name: &str| configuration.target(name).is_some_and(|target| target.lists_key(key.as_str()));
    if !scope.admits(belongs_to) {
        return Err(Refusal::ForeignTarget(format!("the key {key}")));
    }
    let value = value.ok_or_else(|| Refusal::MissingKeys { missing: MissingKeys::one(key.clone()) })?;
    let body = one_key(&key, value);
    if method == Method::GET {
        let target = match scope {
            Scope::Target(name) => name,
            Scope::Any | Scope::Nothing => NO_TARGET,
        };
        let caller = principal(app.front_door(), &headers).unwrap_or_else(|| local_caller(target).into());
        app.metrics().record_config_delivery(KEY_ENDPOINT, target, &[key.as_str()], &caller);
    }
    Ok(answer(body))
}

/// With a shared token configured, every configuration route asks for it, before it says anything else.
fn check_token(app: &App, headers: &HeaderMap) -> Result<(), Refusal> {
    let Some(token) = app.local_token() else { return Ok(()) };
    let mut offered = headers.get_all(TOKEN_HEADER).iter();
    match (offered.next(), offered.next()) {
        (Some(only), None) if token.matches(only.as_bytes()) => Ok(()),
        _ => Err(Refusal::WrongToken),
    }
}

fn name_in_query(query: Option<&str>, parameter: &'static str, what: &'static str) -> Result<Name, Refusal> {
    Name::parse(&single(query, parameter)?).map_err(|_| Refusal::NotAName { what })
}

fn one_key(key: &Name, value: &Secret<String>) -> Bytes {
    #[derive(serde::Serialize)]
    struct Shape<'a> {
        name: &'a str,
        value: &'a str,
    }
    // Two strings in memory: serialising them cannot fail.
    json_line(&Shape { name: key.as_str(), value: value.expose() }).unwrap_or_default().into()
}

fn answer(body: Bytes) -> Response {
    ([(CONTENT_TYPE, JSON)], body).into_response()
}
