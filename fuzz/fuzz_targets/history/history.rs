//! What one input says.

use arbitrary::{Arbitrary, Unstructured};

use crate::model::Limits;
use crate::model::run::Operation;
use crate::operation::Choice;

/// Steps past this are not read: a long history is slow and finds nothing that a shorter one does not.
const MAX_STEPS: usize = 256;

/// Limits and what is done under them.
#[derive(Debug)]
pub(crate) struct History {
    pub(crate) limits: Limits,
    pub(crate) steps: Vec<Step>,
}

/// One operation, and the thread that does it.
#[derive(Debug)]
pub(crate) struct Step {
    pub(crate) operation: Operation,
    pub(crate) thread: Thread,
}

/// Who does a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thread {
    /// The thread that lives as long as the history.
    Long,
    /// One that has never recorded before, and ends with the step.
    Fresh,
}

impl<'a> Arbitrary<'a> for History {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let limits = Limits {
            request_series: u.int_in_range(1..=7)?,
            delivery_series: u.int_in_range(1..=7)?,
            // Mostly so few bytes that many labels are too long, else the default.
            label_bytes: if u.ratio(1, 4)? { 1_024 } else { u.int_in_range(1..=12)? },
        };
        let mut steps = Vec::new();
        while !u.is_empty() && steps.len() < MAX_STEPS {
            steps.push(u.arbitrary()?);
        }
        Ok(Self { limits, steps })
    }
}

impl<'a> Arbitrary<'a> for Step {
    fn arbitrary(u: &mut Unstructured<'a>) -> arbitrary::Result<Self> {
        let operation = u.arbitrary::<Choice>()?.into();
        // Seldom: starting a thread costs more than any operation.
        let thread = if u.ratio(1, 32)? { Thread::Fresh } else { Thread::Long };
        Ok(Self { operation, thread })
    }
}
