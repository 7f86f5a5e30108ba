//! Counting by route template.

use std::borrow::Cow;

use axum::extract::MatchedPath;
use http::Request;

use super::label::LabelRequest;

/// What a request is counted under that no route template matches. Whoever asks for paths that are not there takes one series, whatever
/// paths these are.
pub const UNMATCHED_LABEL: &str = "__unmatched__";

/// Counts a request under the route template that axum matched, such as `/users/{id}`, or under [`UNMATCHED_LABEL`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct MatchedRoute;

impl<B> LabelRequest<B> for MatchedRoute {
    fn label<'r>(&self, request: &'r Request<B>) -> Option<Cow<'r, str>> {
        let matched = request.extensions().get::<MatchedPath>();
        Some(Cow::Borrowed(matched.map_or(UNMATCHED_LABEL, MatchedPath::as_str)))
    }
}
