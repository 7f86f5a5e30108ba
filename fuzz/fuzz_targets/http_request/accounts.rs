//! What was counted is what was answered.

use exp_worker::app::FrontDoor;
use runtime_metrics::Metrics;
use serde::Deserialize;

use crate::conversation::Conversation;
use crate::entries::Entries;
use crate::exchange::Exchange;
use crate::model::{Limits, Model};

/// Small, so that one conversation reaches them.
const LIMITS: Limits = Limits { request_series: 4, delivery_series: 6, label_bytes: 64 };

pub(crate) fn registry() -> Metrics {
    Metrics::builder()
        .request_series_limit(LIMITS.request_series as u32)
        .delivery_series_limit(LIMITS.delivery_series as u32)
        .max_label_bytes(LIMITS.label_bytes)
        .build()
        .unwrap()
}

/// Fails unless the registry shows the requests that reached the routes, and what they handed out.
pub(crate) fn check(metrics: &Metrics, exchanges: &[Exchange], conversation: &Conversation<'_>) {
    let mut model = Model::new(LIMITS);
    for exchange in exchanges {
        model.record_request(&exchange.label);
        if exchange.is_delivery() {
            let [endpoint, target, caller] = labels(exchange, conversation);
            model.record_config_delivery(&endpoint, &target, &names(exchange), &caller);
        }
    }
    model.assert_shown_by(&metrics.snapshot());
}

/// Endpoint, target and caller of a delivery.
fn labels(exchange: &Exchange, conversation: &Conversation<'_>) -> [String; 3] {
    let endpoint = exchange.path.trim_start_matches("/api/v1/").to_owned();
    let own_target = exchange.sent("x-exp-target");
    let target = match (handed_out(exchange), own_target.first()) {
        (HandedOut::Document { target, .. }, _) => target,
        (HandedOut::Key { .. }, Some(target)) => String::from_utf8_lossy(target).into_owned(),
        (HandedOut::Key { .. }, None) => "*".to_owned(),
    };
    let principal = match conversation.front_door {
        FrontDoor::Trusted => exchange.sent("x-ms-client-principal-id").last().copied(),
        FrontDoor::Untrusted => None,
    };
    let principal = principal.map(String::from_utf8_lossy).filter(|principal| !principal.trim().is_empty());
    let caller = principal.map_or_else(|| format!("local:{target}"), |principal| principal.into_owned());
    [endpoint, target, caller]
}

fn names(exchange: &Exchange) -> Vec<String> {
    match handed_out(exchange) {
        HandedOut::Document { values, .. } => values.0.into_iter().map(|(name, _)| name).collect(),
        HandedOut::Key { name, .. } => vec![name],
    }
}

/// The body of a delivery.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum HandedOut {
    Document { target: String, values: Entries<String> },
    Key { name: String },
}

fn handed_out(exchange: &Exchange) -> HandedOut {
    let body = exchange.answered.as_ref().map(|answered| answered.body.as_ref());
    serde_json::from_slice(body.unwrap_or_default()).expect("a document or a key")
}
