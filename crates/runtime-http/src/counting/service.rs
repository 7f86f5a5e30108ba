//! The service: counts, then lets the request through.

use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::Request;
use tower_service::Service;

use super::label::LabelRequest;
use super::recorder::Recorder;

/// A service whose requests are counted; made by a [`RequestMetricsLayer`](crate::RequestMetricsLayer).
pub struct RequestMetrics<S, L> {
    inner: S,
    recorder: Arc<Recorder<L>>,
}

impl<S, L> RequestMetrics<S, L> {
    pub(super) fn new(inner: S, recorder: Arc<Recorder<L>>) -> Self {
        Self { inner, recorder }
    }

    /// The service that answers.
    pub fn get_ref(&self) -> &S {
        &self.inner
    }

    /// The service that answers.
    pub fn get_mut(&mut self) -> &mut S {
        &mut self.inner
    }

    /// The service that answers, no longer counted.
    pub fn into_inner(self) -> S {
        self.inner
    }
}

impl<S, L, B> Service<Request<B>> for RequestMetrics<S, L>
where
    S: Service<Request<B>>,
    L: LabelRequest<B>,
{
    type Response = S::Response;
    type Error = S::Error;
    /// The inner future itself: all is counted before it begins.
    type Future = S::Future;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        self.recorder.record(&request);
        self.inner.call(request)
    }
}

impl<S: Clone, L> Clone for RequestMetrics<S, L> {
    fn clone(&self) -> Self {
        Self { inner: self.inner.clone(), recorder: Arc::clone(&self.recorder) }
    }
}

impl<S: fmt::Debug, L> fmt::Debug for RequestMetrics<S, L> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestMetrics").field("inner", &self.inner).finish_non_exhaustive()
    }
}
