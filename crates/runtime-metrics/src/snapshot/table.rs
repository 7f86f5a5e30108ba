//! The series that counts are of: what snapshots of one window share.

use std::fmt;
use std::sync::Arc;

use crate::roster::{DeliveryRoster, RequestRoster};

/// The request series of a window, numbered in the order of their paths.
///
/// Snapshots share it until a series is met that it does not have, so that what a reader makes of the labels (a page's text, say)
/// can be kept and used again: while [`is_same`](Self::is_same) holds, places mean the same.
///
/// *Cost:* a clone is one reference count. It keeps the labels in memory.
#[derive(Clone)]
pub struct RequestTable(pub(super) Arc<RequestRoster>);

impl RequestTable {
    /// Whether `other` is this very table.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// The paths, sorted: one for each place.
    pub fn paths(&self) -> impl ExactSizeIterator<Item = &str> {
        self.0.paths().iter().map(|path| &**path)
    }
}

/// The delivery series of a window, (endpoint, target, caller) and (endpoint, target, caller, config name), each numbered
/// in the order of the labels.
///
/// Shared as a [`RequestTable`] is.
///
/// *Cost:* a clone is one reference count. It keeps the labels in memory.
#[derive(Clone)]
pub struct DeliveryTable(pub(super) Arc<DeliveryRoster>);

impl DeliveryTable {
    /// Whether `other` is this very table.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }

    /// Endpoint, target and caller, sorted: one item for each place.
    pub fn deliveries(&self) -> impl ExactSizeIterator<Item = [&str; 3]> {
        (0..self.0.joint_count()).map(|place| self.0.joint(place as u32))
    }

    /// Endpoint, target and caller, and the config name, sorted: one item for each place.
    ///
    /// *Cost:* the first call for a table sorts them; linear in the number of series times the names of each.
    pub fn values(&self) -> impl ExactSizeIterator<Item = ([&str; 3], &str)> {
        (0..self.0.value_count()).map(|place| self.0.value(place as u32))
    }
}

impl fmt::Debug for RequestTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("RequestTable").field(&self.0.paths()).finish()
    }
}

impl fmt::Debug for DeliveryTable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.deliveries()).finish()
    }
}
