//! The labels of one counted series.
//!
//! Every record adds to the cell of exactly one series, so it is counted whole or not at all; every other count
//! (per endpoint, per name, …) is derived from these when a snapshot is read. (The one exception, for deliveries that
//! fit no cell, is [`unlabelled`](crate::unlabelled).)

use std::sync::Arc;

/// What all deliveries of one configuration document have in common: all labels but the caller.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Plan {
    pub(crate) endpoint: Arc<str>,
    pub(crate) target: Arc<str>,
    /// In the order of the call, with repetitions.
    pub(crate) names: Box<[Arc<str>]>,
}

/// The labels of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Series {
    /// Requests for one path.
    Request { path: Arc<str> },
    /// Deliveries of one document to one caller.
    Delivery { plan: Arc<Plan>, caller: Arc<str> },
    /// Deliveries that fit nowhere else: each label is the overflow label, `names` times for the names.
    Unlabelled { names: u64 },
}

impl Series {
    /// The label by which it is told from others of its kind: of requests, or of deliveries of one plan.
    pub(crate) fn label(&self) -> Option<&Arc<str>> {
        match self {
            Self::Request { path } => Some(path),
            Self::Delivery { caller, .. } => Some(caller),
            Self::Unlabelled { .. } => None,
        }
    }
}
