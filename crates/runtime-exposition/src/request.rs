//! The label of the request counters.

/// What the recorded request labels are, which decides the label's name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum RequestLabel {
    /// Route templates, such as `/api/v1/config`: the label is `http_route`.
    Route,
    /// Paths as they were asked for: the label is `url_path`.
    #[default]
    Path,
}

impl RequestLabel {
    /// The label's name in the Prometheus formats.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Route => "http_route",
            Self::Path => "url_path",
        }
    }

    /// The attribute's name in OTLP.
    #[cfg(feature = "otlp")]
    pub(crate) fn attribute(self) -> &'static str {
        match self {
            Self::Route => "http.route",
            Self::Path => "url.path",
        }
    }
}
