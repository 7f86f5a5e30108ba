//! A prepared delivery.

#![allow(unsafe_code)] // counts under cells that its generation's tables gave

use std::fmt;
use std::sync::Arc;

use crate::entry::Entry;
use crate::lane::Lane;
use crate::registry::Registry;
use crate::resolved::Resolved;

/// Counts deliveries of one configuration document without looking up its endpoint, target and names: a
/// handle, made by [`Metrics::delivery_plan`](crate::Metrics::delivery_plan). The caller is given with each record.
///
/// It stays good across resets and forks. Making it counts nothing and takes no series.
#[derive(Clone)]
pub struct DeliveryPlan {
    registry: Arc<Registry>,
    labels: Arc<Labels>,
    resolved: Resolved,
}

struct Labels {
    endpoint: Box<str>,
    target: Box<str>,
    names: Box<[Box<str>]>,
}

impl DeliveryPlan {
    pub(crate) fn new(
        registry: Arc<Registry>,
        endpoint: &str,
        target: &str,
        names: &[impl AsRef<str>],
    ) -> Self {
        let labels = Labels {
            endpoint: endpoint.into(),
            target: target.into(),
            names: names.iter().map(|name| Box::from(name.as_ref())).collect(),
        };
        Self { registry, labels: Arc::new(labels), resolved: Resolved::default() }
    }

    /// Counts one delivery to `caller_label`, which is normalised as in
    /// [`Metrics::record_config_delivery`](crate::Metrics::record_config_delivery).
    ///
    /// *Cost:* as there, without the part that grows with the number of names; while the plan is over a limit it
    /// is looked up at each record.
    #[inline]
    pub fn record(&self, caller_label: &str) {
        let Some((lane, plan)) = Lane::by_handle(&self.registry, self.resolved.remembered()) else {
            return self.record_the_long_way(caller_label);
        };
        match lane.tables().delivery_of_at_once(plan as u32, caller_label) {
            // SAFETY: the cell was given by the lane's tables.
            Some(cell) => unsafe { lane.count_delivery(cell as usize) },
            None => Self::record_on(lane, plan as u32, caller_label),
        }
    }

    #[inline(never)]
    fn record_on(lane: Lane<'_>, plan: u32, caller_label: &str) {
        let aside = lane.aside(); // lower-casing may be the caller's code
        let cell = lane.tables().delivery_of(plan, caller_label);
        drop(aside);
        // SAFETY: the cell was given by the lane's tables.
        unsafe { lane.count_delivery(cell as usize) };
    }

    #[cold]
    #[inline(never)]
    fn record_the_long_way(&self, caller_label: &str) {
        let entry = Entry::new(&self.registry);
        let _aside = entry.aside(); // lower-casing may be the caller's code
        match self.resolved.get(entry.base()).or_else(|| self.resolve(&entry)) {
            // SAFETY: the cell was given by the entry's tables.
            Some(plan) => unsafe { entry.count_delivery(entry.tables().delivery_of(plan, caller_label)) },
            None => entry.count_unlabelled_delivery(self.labels.names.len()),
        }
    }

    fn resolve(&self, entry: &Entry<'_>) -> Option<u32> {
        let Labels { endpoint, target, names } = &*self.labels;
        let plan = entry.tables().plan(endpoint, target, names)?;
        self.resolved.remember(entry.base(), plan);
        Some(plan)
    }

    /// The endpoint's name, as given.
    #[must_use]
    pub fn endpoint_name(&self) -> &str {
        &self.labels.endpoint
    }

    /// The target, as given.
    #[must_use]
    pub fn target(&self) -> &str {
        &self.labels.target
    }

    /// The config names, as given.
    pub fn config_names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.labels.names.iter().map(|name| &**name)
    }
}

impl fmt::Debug for DeliveryPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeliveryPlan")
            .field("endpoint_name", &self.labels.endpoint)
            .field("target", &self.labels.target)
            .field("config_names", &self.labels.names)
            .finish_non_exhaustive()
    }
}
