//! What a request is counted under.

use std::borrow::Cow;

use http::Request;

/// Says what a request is counted under.
///
/// Implemented by [`MatchedRoute`](crate::MatchedRoute), by [`RawPath`](crate::RawPath), and by every function of the request.
pub trait LabelRequest<B> {
    /// The label of a request; none if the request is not to be counted.
    ///
    /// *Cost:* it is part of every request: a label that is borrowed from the request, or is constant, costs no allocation.
    fn label<'r>(&self, request: &'r Request<B>) -> Option<Cow<'r, str>>;
}

impl<B, F> LabelRequest<B> for F
where
    F: for<'r> Fn(&'r Request<B>) -> Option<Cow<'r, str>>,
{
    fn label<'r>(&self, request: &'r Request<B>) -> Option<Cow<'r, str>> {
        self(request)
    }
}
