//! A worker without a port, and a record of what it was asked.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::Response;
use exp_worker::app::App;
use exp_worker::configuration::Configuration;
use exp_worker::limits::Limits;
use exp_worker::router::service;
use exp_worker::token::SharedToken;
use http_body_util::BodyExt as _;
use runtime_metrics::Metrics;

use crate::accounts;
use crate::conversation::Conversation;
use crate::exchange::{Answered, Exchange};

pub(crate) const TOKEN: &str = "s3cret-token";

/// What every value of the configuration contains. It is no name, so no message quotes it, and has capitals, so no label that is
/// lower-cased is like it: where it is shown and was not sent, a value is.
pub(crate) const MARK: &str = "HU/SH";

const CONFIGURATION: &str = r#"{
  "targets": {
    "api": {
      "buildTime": { "required": ["Channel"] },
      "runTime": { "required": ["Db:Host"], "optional": ["Rate", "Not:There"] },
      "featureFlags": { "New": true }
    },
    "Web": { "buildTime": { "required": ["Channel", "Lacking"] } }
  },
  "values": {
    "Channel": "HU/SH \"quoted\" \\ \u00fc",
    "Db:Host": "HU/SH",
    "Rate": "0.1 HU/SH",
    "Unlisted": "HU/SH\n"
  }
}"#;

pub(crate) struct Worker {
    app: App,
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Worker {
    pub(crate) fn new(conversation: &Conversation<'_>) -> Self {
        let mut app = App::builder(accounts::registry()).front_door(conversation.front_door);
        if conversation.has_token {
            app = app.local_token(SharedToken::new(TOKEN.as_bytes(), "a constant").unwrap());
        }
        let app = app.build().unwrap();
        if conversation.has_configuration {
            app.install(Configuration::parse(CONFIGURATION.as_bytes()).unwrap());
        }
        Self { app, exchanges: Arc::default() }
    }

    pub(crate) fn metrics(&self) -> &Metrics {
        self.app.metrics()
    }

    /// The worker's service, and around it what notes each request and its answer.
    pub(crate) fn router(&self, limits: &Limits) -> Router {
        let service = service(self.app.clone(), limits);
        Router::new().fallback_service(service).layer(from_fn_with_state(Arc::clone(&self.exchanges), note))
    }

    /// What reached the routes, in order.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        std::mem::take(&mut self.exchanges.lock().unwrap())
    }
}

async fn note(State(exchanges): State<Arc<Mutex<Vec<Exchange>>>>, request: Request, next: Next) -> Response {
    let number = {
        let mut exchanges = exchanges.lock().unwrap();
        exchanges.push(Exchange::asked(&request));
        exchanges.len() - 1
    };
    let (head, body) = next.run(request).await.into_parts();
    // Answers are in memory, so this waits for nothing.
    let body = body.collect().await.unwrap().to_bytes();
    let answered =
        Answered { status: head.status.as_u16(), headers: head.headers.clone(), body: body.clone() };
    exchanges.lock().unwrap()[number].answered = Some(answered);
    Response::from_parts(head, Body::from(body))
}
