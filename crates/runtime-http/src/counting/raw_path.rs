//! Counting by path.

use std::borrow::Cow;

use http::{Request, Uri};

use super::label::LabelRequest;

/// Counts a request under its path as sent, query excluded.
///
/// Paths come from outside. Past the registry's [series limit](runtime_metrics::MetricsBuilder::request_series_limit) further ones are counted
/// under [`OVERFLOW_LABEL`](runtime_metrics::OVERFLOW_LABEL), so a scanner can crowd out paths that were not met before it came.
///
/// A target in authority form (`CONNECT example.com:80`, RFC 9112, section 3.2) has no path, and is counted as it was sent.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RawPath;

impl RawPath {
    /// The label of a request for this URI.
    #[must_use]
    pub fn of(uri: &Uri) -> &str {
        match (uri.path(), uri.authority()) {
            ("", Some(authority)) => authority.as_str(),
            (path, _) => path,
        }
    }
}

impl<B> LabelRequest<B> for RawPath {
    fn label<'r>(&self, request: &'r Request<B>) -> Option<Cow<'r, str>> {
        Some(Cow::Borrowed(Self::of(request.uri())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_without_a_path_is_labelled_as_it_was_sent() {
        for (uri, label) in [
            ("/a/b?c=d", "/a/b"),
            ("http://example.com/a?c", "/a"),
            ("http://example.com", "/"),
            ("example.com:80", "example.com:80"),
            ("*", "*"),
        ] {
            assert_eq!(RawPath::of(&uri.parse().unwrap()), label);
        }
    }
}
