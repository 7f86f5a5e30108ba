//! What comes from the service.

use std::sync::Arc;

use crate::past::Past;
use crate::snapshot::Snapshot;
use crate::trouble::Trouble;

/// What a view is told.
#[derive(Debug)]
pub(crate) enum News {
    /// The newest snapshot; trouble, if there was any, is over.
    Snapshot(Arc<Snapshot>),
    Trouble(Trouble),
    /// What the service remembers; none if it did not say. The stream tells of trouble.
    Past(Option<Box<Past>>),
    /// The name of the environment of a process life, if it has one.
    Environment {
        instance_id: String,
        name: Option<String>,
    },
}
