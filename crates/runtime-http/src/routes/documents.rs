//! What there is to ask for, and how it is written.

use std::time::Duration;

use http::StatusCode;
use runtime_exposition::{ProcessUsage, TextFormat};
use serde::Serialize;

use super::answer::Written;
use super::desk::Desk;
use super::facts::Facts;
use super::refusal::Refusal;

/// A document that many may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Document {
    Metrics(TextFormat),
    Health,
    Ready,
    History,
}

impl Document {
    /// The age that it may have, given that of the options: a health document always holds the request that asks for it.
    pub(super) fn maximum_age(self, option: Duration) -> Duration {
        match self {
            Self::Health | Self::Ready => Duration::ZERO,
            Self::Metrics(_) | Self::History => option,
        }
    }

    /// Writes it, of a snapshot of at most that age.
    pub(super) fn write(self, desk: &Desk, maximum_age: Duration) -> Result<Written, Refusal> {
        match self {
            Self::Metrics(format) => Ok(metrics(desk, format, maximum_age)),
            Self::Health => health(desk, maximum_age),
            Self::Ready => ready(desk, maximum_age),
            Self::History => history(desk),
        }
    }
}

fn metrics(desk: &Desk, format: TextFormat, maximum_age: Duration) -> Written {
    let source = &desk.source;
    let snapshot = source.cut(maximum_age);
    let usage = ProcessUsage::read();
    let page = source.exposition.page(&snapshot).process_usage(&usage);
    #[cfg(feature = "push")]
    let pushes = source.pushes();
    #[cfg(feature = "push")]
    let page = page.pushes(&pushes);
    let mut body = String::new();
    page.write(format, &mut body);
    Written {
        status: StatusCode::OK,
        content_type: format.content_type(),
        vary: "accept, accept-encoding",
        body: body.into_bytes(),
    }
}

fn health(desk: &Desk, maximum_age: Duration) -> Result<Written, Refusal> {
    let source = &desk.source;
    let snapshot = source.cut(maximum_age);
    match &source.facts {
        Facts::Service(_) => json(StatusCode::OK, &source.exposition.service_health_document(&snapshot)),
        Facts::Worker(state) => json(StatusCode::OK, &source.exposition.health_document(&snapshot, &state())),
    }
}

fn ready(desk: &Desk, maximum_age: Duration) -> Result<Written, Refusal> {
    let source = &desk.source;
    let snapshot = source.cut(maximum_age);
    let state;
    let document = match &source.facts {
        Facts::Service(readiness) => source.exposition.service_ready_document(&snapshot, readiness()),
        Facts::Worker(facts) => {
            state = facts();
            source.exposition.ready_document(&snapshot, &state)
        }
    };
    let status = if document.is_ready() { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE };
    json(status, &document)
}

fn history(desk: &Desk) -> Result<Written, Refusal> {
    let label = desk.source.exposition.request_label();
    json(StatusCode::OK, &desk.history().document(label))
}

fn json(status: StatusCode, document: &impl Serialize) -> Result<Written, Refusal> {
    let body = serde_json::to_vec(document).map_err(|_| Refusal::Defect)?;
    Ok(Written::json(status, body))
}
