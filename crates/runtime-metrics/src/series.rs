//! The labels of one counted series.
//!
//! Every record adds to the cell of exactly one series, so it is counted whole or not at all; every other count
//! (per endpoint, per name, …) is derived from these when a snapshot is read. (The one exception, for deliveries that
//! fit no cell, is [`unlabelled`](crate::unlabelled).)

use std::sync::Arc;

use crate::text::Label;

/// What all deliveries of one configuration document have in common: all labels but the caller.
#[derive(Debug, PartialEq, Eq, Hash)]
pub(crate) struct Plan {
    pub(crate) endpoint: Label,
    pub(crate) target: Label,
    /// In the order of the call, with repetitions.
    pub(crate) names: Box<[Label]>,
}

/// Config names, in the order of the call.
pub(crate) trait Names<'a>: ExactSizeIterator<Item = &'a str> + DoubleEndedIterator + Clone {}

impl<'a, N: ExactSizeIterator<Item = &'a str> + DoubleEndedIterator + Clone> Names<'a> for N {}

/// The labels of a plan, as they come.
#[derive(Clone)]
pub(crate) struct PlanLabels<'a, N> {
    pub(crate) endpoint: &'a str,
    pub(crate) target: &'a str,
    pub(crate) names: N,
}

impl Plan {
    /// The plan of these labels.
    pub(crate) fn new<'a>(labels: PlanLabels<'_, impl Names<'a>>) -> Self {
        Self {
            endpoint: Label::new(labels.endpoint),
            target: Label::new(labels.target),
            names: labels.names.map(Label::new).collect(),
        }
    }

    /// Whether these are its labels.
    #[inline]
    pub(crate) fn is<'a>(&self, labels: PlanLabels<'_, impl Names<'a>>) -> bool {
        self.names.len() == labels.names.len()
            && self.endpoint.is(labels.endpoint)
            && self.target.is(labels.target)
            && self.names.iter().zip(labels.names).all(|(known, name)| known.is(name))
    }

    /// Its labels.
    pub(crate) fn labels(&self) -> PlanLabels<'_, impl Names<'_>> {
        let names = self.names.iter().map(|name| &**name.text());
        PlanLabels { endpoint: self.endpoint.text(), target: self.target.text(), names }
    }
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
