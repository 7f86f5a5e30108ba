//! What the process takes, in pushes.

use crate::ProcessUsage;

/// Whether pushes show what the process takes from its machine ([`ProcessUsage`]) beside the counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub enum ProcessMetrics {
    /// As far as it can be read: with the feature `process`, which the page of a service that shows it needs, too. Without that feature there is nothing to include.
    #[default]
    Included,
    /// Left to somebody else, such as an agent of the host.
    LeftOut,
}

impl ProcessMetrics {
    /// What is to be shown as of now.
    pub(crate) fn read(self) -> ProcessUsage {
        match self {
            #[cfg(feature = "process")]
            Self::Included => ProcessUsage::read(),
            _ => ProcessUsage::default(),
        }
    }
}
