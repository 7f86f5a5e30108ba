//! What the options say about the service that is observed.

use serde::Serialize;

/// The configured part of a service's identity. (The rest, its instance, host and process, is in each snapshot.)
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Service {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<Box<str>>,
}

/// An empty text is the same as none: to Prometheus a label with an empty value is a label that is not there.
pub(crate) fn configured(text: String) -> Option<Box<str>> {
    (!text.is_empty()).then(|| text.into_boxed_str())
}
