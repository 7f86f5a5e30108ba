//! What the options say about the service that is observed.

/// The configured part of a service's identity. (The rest, its instance, host and process, is in each snapshot.)
#[derive(Debug, Clone, Default)]
pub(crate) struct Service {
    pub(crate) name: Option<Box<str>>,
    pub(crate) namespace: Option<Box<str>>,
    pub(crate) version: Option<Box<str>>,
    pub(crate) revision: Option<Box<str>>,
}

/// An empty text is the same as none: to Prometheus a label with an empty value is a label that is not there.
pub(crate) fn configured(text: String) -> Option<Box<str>> {
    (!text.is_empty()).then(|| text.into_boxed_str())
}
