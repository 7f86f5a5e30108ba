//! Who takes part: the empty loop first, then ours by string, then the rest.

use std::error::Error;

use crate::delivery::Delivery;
use crate::empty::Empty;
use crate::ours::{DeliveriesByPlan, DeliveriesByString, RequestsByHandle, RequestsByString};
use crate::path::RequestPath;
use crate::peers::dash_map::DashMapOfAtomics;
use crate::peers::metrics_macro::{MetricsOwnedLabel, MetricsStaticLabel};
use crate::peers::mutex_map::MutexMap;
use crate::peers::prometheus::{PrometheusDeliveries, PrometheusRequests};
use crate::recorder::Recorder;
use crate::workload::Workload;

/// A recorder, ready to record.
pub type Ready<T> = Result<Box<dyn Recorder<T>>, Box<dyn Error>>;

/// A way to record items of type `T`, and how it is set up.
#[derive(Debug, Clone, Copy)]
pub struct Contestant<T> {
    /// What a report calls it.
    pub name: &'static str,
    set_up: fn(&Workload<T>) -> Ready<T>,
}

impl<T> Contestant<T> {
    /// Its recorder for `workload`, with nothing recorded; those of the `metrics` crate count on where the last
    /// one of their kind in the process left off.
    ///
    /// # Errors
    ///
    /// If a peer does not accept how it is set up.
    pub fn set_up(&self, workload: &Workload<T>) -> Ready<T> {
        (self.set_up)(workload)
    }
}

/// All ways to record a request.
pub const OF_REQUESTS: [Contestant<RequestPath>; 8] = [
    Contestant { name: "empty loop", set_up: |_| Ok(Box::new(Empty)) },
    Contestant { name: "ours, by string", set_up: |_| Ok(Box::new(RequestsByString::default())) },
    Contestant { name: "ours, by handle", set_up: |requests| Ok(Box::new(RequestsByHandle::new(requests))) },
    Contestant { name: "DashMap of atomics", set_up: |_| Ok(Box::new(DashMapOfAtomics::default())) },
    Contestant { name: "prometheus IntCounterVec", set_up: |_| Ok(Box::new(PrometheusRequests::new()?)) },
    Contestant { name: "metrics, owned label", set_up: |_| Ok(Box::new(MetricsOwnedLabel::new()?)) },
    Contestant { name: "metrics, static label", set_up: |_| Ok(Box::new(MetricsStaticLabel::new()?)) },
    Contestant { name: "Mutex of a HashMap", set_up: |_| Ok(Box::new(MutexMap::default())) },
];

/// All ways to record a delivery of 20 names.
pub const OF_DELIVERIES: [Contestant<Delivery>; 4] = [
    Contestant { name: "empty loop", set_up: |_| Ok(Box::new(Empty)) },
    Contestant { name: "ours, by string", set_up: |_| Ok(Box::new(DeliveriesByString::default())) },
    Contestant { name: "ours, by plan", set_up: |_| Ok(Box::new(DeliveriesByPlan::default())) },
    Contestant { name: "prometheus, 20 increments", set_up: |_| Ok(Box::new(PrometheusDeliveries::new()?)) },
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::deliveries;
    use crate::path::requests;

    fn counts<T>(contestants: &[Contestant<T>], workload: &Workload<T>) {
        for contestant in contestants {
            let recorder = contestant.set_up(workload).unwrap();
            recorder.lap(workload, 7, 10_001);
            let recorded = recorder.recorded();
            assert!(matches!(recorded, None | Some(10_001)), "{}: {recorded:?}", contestant.name);
        }
    }

    #[test]
    fn every_contestant_counts_what_it_records() {
        counts(&OF_REQUESTS, &requests());
        counts(&OF_DELIVERIES, &deliveries());
    }
}
