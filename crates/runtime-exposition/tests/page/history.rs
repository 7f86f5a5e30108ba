//! Random histories of a registry, with labels that hurt and limits that are soon reached.

use proptest::prelude::*;
use runtime_exposition::{CallerLabels, Exposition, RequestLabel};
use runtime_metrics::{Metrics, OVERFLOW_LABEL, Snapshot};

#[derive(Debug, Clone)]
pub(crate) enum Operation {
    Request(String),
    Delivery { endpoint: String, target: String, names: Vec<String>, caller: String },
    Reset,
}

impl Operation {
    /// Does it in a registry.
    pub(crate) fn record(&self, metrics: &Metrics) {
        match self {
            Self::Request(path) => metrics.record_request(path),
            Self::Delivery { endpoint, target, names, caller } => {
                metrics.record_config_delivery(endpoint, target, names, caller);
            }
            Self::Reset => {
                metrics.reset();
            }
        }
    }
}

#[derive(Debug, Clone)]
pub(crate) struct History {
    pub(crate) request_limit: u16,
    pub(crate) delivery_limit: u16,
    pub(crate) label_bytes: u16,
    pub(crate) operations: Vec<Operation>,
}

impl History {
    /// A registry with its limits.
    pub(crate) fn metrics(&self) -> Metrics {
        Metrics::builder()
            .request_series_limit(self.request_limit.into())
            .delivery_series_limit(self.delivery_limit.into())
            .max_label_bytes(self.label_bytes.into())
            .build()
            .unwrap()
    }

    /// The snapshot at the history's end.
    pub(crate) fn snapshot(&self) -> Snapshot {
        let metrics = self.metrics();
        self.operations.iter().for_each(|operation| operation.record(&metrics));
        metrics.snapshot()
    }
}

/// Any text: often one that a careless encoder breaks on, or one that comes again.
pub(crate) fn label() -> impl Strategy<Value = String> {
    let nasty = prop::sample::select(vec![
        "\\", "\"", "\n", "\\n", "\r", "\r\n", "\0", "\t", " ", "{", "}", ",", "=", "#", "\u{7f}", "\u{85}",
        "e\u{301}", "\u{200b}", "\u{202e}", "\u{2028}", "\u{feff}", "😀", "İ", "ß",
    ]);
    prop_oneof![
        4 => "[ab]{0,2}",
        4 => prop::collection::vec(nasty, 0..6).prop_map(|parts| parts.concat()),
        4 => any::<String>(),
        1 => Just(OVERFLOW_LABEL.to_owned()),
        1 => Just("x".repeat(100)),
    ]
}

/// A record.
pub(crate) fn recorded() -> impl Strategy<Value = Operation> {
    let delivery = (label(), label(), prop::collection::vec(label(), 0..4), label()).prop_map(
        |(endpoint, target, names, caller)| Operation::Delivery { endpoint, target, names, caller },
    );
    prop_oneof![label().prop_map(Operation::Request), delivery]
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![20 => recorded(), 1 => Just(Operation::Reset)]
}

/// Histories in which overflow is common.
pub(crate) fn history() -> impl Strategy<Value = History> {
    (1_u16..12, 1_u16..12, 16_u16..80, prop::collection::vec(operation(), 0..40)).prop_map(
        |(request_limit, delivery_limit, label_bytes, operations)| History {
            request_limit,
            delivery_limit,
            label_bytes,
            operations,
        },
    )
}

pub(crate) fn request_label() -> impl Strategy<Value = RequestLabel> {
    prop::sample::select(vec![RequestLabel::Route, RequestLabel::Path])
}

pub(crate) fn caller_labels() -> impl Strategy<Value = CallerLabels> {
    prop::sample::select(vec![CallerLabels::Shown, CallerLabels::Hashed, CallerLabels::Dropped])
}

/// An exposition under the namespace `exp`.
pub(crate) fn exposition(request_label: RequestLabel, caller_labels: CallerLabels) -> Exposition {
    Exposition::builder()
        .namespace("exp")
        .request_label(request_label)
        .caller_labels(caller_labels)
        .build()
        .unwrap()
}

/// One page in a new buffer.
pub(crate) fn page(exposition: &Exposition, snapshot: &Snapshot) -> String {
    let mut page = String::new();
    exposition.prometheus_text(snapshot, &mut page);
    page
}
