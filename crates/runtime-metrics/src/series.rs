//! The labels of one counted series.
//!
//! Every record adds to the cell of exactly one series, so it is counted whole or not at all; every other count
//! (per endpoint, per name, …) is derived from these when a snapshot is read. (The one exception, for deliveries that
//! fit no cell, is [`unlabelled`](crate::unlabelled).)

use std::sync::Arc;

use crate::label::OVERFLOW_LABEL;
use crate::text::Label;

/// What all deliveries of one configuration document have in common: all labels but the caller.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    pub(crate) endpoint: Label,
    pub(crate) target: Label,
    pub(crate) names: PlanNames,
}

/// The names that each delivery of a plan serves.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum PlanNames {
    /// In the order of the call, with repetitions.
    Each(Box<[Label]>),
    /// So many, each under the overflow label; endpoint, target and caller stand under it, too.
    Unlabelled(u64),
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
            names: PlanNames::Each(labels.names.map(Label::new).collect()),
        }
    }

    /// The plan of deliveries of `names` names that fit nowhere else.
    pub(crate) fn unlabelled(names: u64) -> Self {
        let overflow = Label::new(OVERFLOW_LABEL);
        Self { endpoint: overflow.clone(), target: overflow, names: PlanNames::Unlabelled(names) }
    }

    /// Whether these are its labels.
    #[inline(always)]
    pub(crate) fn is<'a>(&self, labels: PlanLabels<'_, impl Names<'a>>) -> bool {
        let PlanNames::Each(names) = &self.names else { return false };
        if names.len() != labels.names.len()
            || !self.endpoint.is(labels.endpoint)
            || !self.target.is(labels.target)
        {
            return false;
        }
        // A loop, not `all`: that is a function of its own, and a call if the compiler takes it for one.
        for (known, name) in names.iter().zip(labels.names) {
            if !known.is(name) {
                return false;
            }
        }
        true
    }

    /// Its labels, if it has any.
    pub(crate) fn labels(&self) -> Option<PlanLabels<'_, impl Names<'_>>> {
        let PlanNames::Each(names) = &self.names else { return None };
        let names = names.iter().map(|name| &**name.text());
        Some(PlanLabels { endpoint: self.endpoint.text(), target: self.target.text(), names })
    }

    /// The number of names of a delivery.
    pub(crate) fn width(&self) -> u64 {
        match &self.names {
            PlanNames::Each(names) => names.len() as u64,
            PlanNames::Unlabelled(names) => *names,
        }
    }
}

/// The labels of one cell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Series {
    /// Requests for one path.
    Request { path: Arc<str> },
    /// Deliveries of one document to one caller.
    Delivery { plan: Arc<Plan>, caller: Arc<str> },
}

impl Series {
    /// The label by which it is told from others of its kind: of requests, or of deliveries of one plan.
    pub(crate) fn label(&self) -> &Arc<str> {
        match self {
            Self::Request { path } => path,
            Self::Delivery { caller, .. } => caller,
        }
    }
}
