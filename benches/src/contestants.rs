//! Who takes part: the empty loop first, then ours, then the rest.

use std::error::Error;

use serde::{Deserialize, Serialize};

use crate::delivery::Delivery;
use crate::empty::Empty;
use crate::one_handle::OneHandle;
use crate::ours::{DeliveriesByPlan, DeliveriesByString, RequestsByHandle, RequestsByString};
use crate::path::RequestPath;
use crate::peers::atomics::SharedAtomics;
use crate::peers::dash_map::DashMapOfAtomics;
use crate::peers::floors::{ThreadLocalInteger, ThreadLocalMap};
use crate::peers::measured::{MeasuredDeliveries, MeasuredHandles, MeasuredRequests};
use crate::peers::metrics_macro::{MetricsDeliveries, MetricsHandles, MetricsOwnedLabel, MetricsStaticLabel};
use crate::peers::mutex_map::MutexMap;
use crate::peers::opentelemetry::{OpenTelemetryDeliveries, OpenTelemetryHandles, OpenTelemetryRequests};
use crate::peers::prometheus::{PrometheusDeliveries, PrometheusHandles, PrometheusRequests};
use crate::peers::prometheus_client::{ClientDeliveries, ClientHandles, ClientRequests};
use crate::recorder::Recorder;
use crate::workload::Workload;
use crate::{ours, peers};

/// A recorder, ready to record.
pub type Ready<T> = Result<Box<dyn Recorder<T>>, Box<dyn Error>>;

/// What a contestant takes part as.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// The loop alone, whose time is subtracted.
    Empty,
    /// This project.
    Ours,
    /// Another way to the same end.
    Peer,
    /// Less than what is wanted: no other thread can read the counts.
    Floor,
}

/// A way to record items of type `T`, and how it is set up.
#[derive(Debug, Clone, Copy)]
pub struct Contestant<T> {
    /// What a report calls it.
    pub name: &'static str,
    /// What it takes part as.
    pub role: Role,
    set_up: fn(&Workload<T>) -> Ready<T>,
}

impl<T> Contestant<T> {
    const fn new(name: &'static str, role: Role, set_up: fn(&Workload<T>) -> Ready<T>) -> Self {
        Self { name, role, set_up }
    }

    /// Its recorder for `workload`, with nothing recorded.
    ///
    /// # Errors
    ///
    /// If a library does not accept how it is set up.
    pub fn set_up(&self, workload: &Workload<T>) -> Ready<T> {
        (self.set_up)(workload)
    }
}

/// The names that reports and goals pick contestants by.
pub mod name {
    /// The loop alone.
    pub const EMPTY: &str = "empty loop";
    /// Ours, requests or deliveries.
    pub const OURS_BY_STRING: &str = "ours, by string";
    /// Ours, requests.
    pub const OURS_BY_HANDLE: &str = "ours, by handle";
    /// Ours, deliveries.
    pub const OURS_BY_PLAN: &str = "ours, by plan";
    /// Requests by string.
    pub const DASH_MAP: &str = "DashMap of atomics";
    /// Requests and deliveries.
    pub const PROMETHEUS: &str = "prometheus";
    /// Requests and deliveries.
    pub const PROMETHEUS_CLIENT: &str = "prometheus-client";
    /// Requests and deliveries.
    pub const METRICS: &str = "metrics";
    /// Requests and deliveries.
    pub const OPENTELEMETRY: &str = "opentelemetry_sdk";
    /// The floor of requests by string.
    pub const THREAD_LOCAL_MAP: &str = "thread-local HashMap";
    /// The floor of requests by handle.
    pub const THREAD_LOCAL_INTEGER: &str = "thread-local integer";
}

/// All ways to record a request by its path.
pub const OF_REQUESTS: [Contestant<RequestPath>; 11] = [
    Contestant::new(name::EMPTY, Role::Empty, |_| Ok(Box::new(Empty))),
    Contestant::new(name::OURS_BY_STRING, Role::Ours, |items| Ok(Box::new(RequestsByString::new(items)?))),
    Contestant::new(name::DASH_MAP, Role::Peer, |_| Ok(Box::new(DashMapOfAtomics::default()))),
    Contestant::new(name::PROMETHEUS, Role::Peer, |_| Ok(Box::new(PrometheusRequests::new()?))),
    Contestant::new(name::PROMETHEUS_CLIENT, Role::Peer, |_| Ok(Box::new(ClientRequests::default()))),
    Contestant::new(name::METRICS, Role::Peer, |_| Ok(Box::new(MetricsOwnedLabel::new()?))),
    Contestant::new("metrics, 'static path", Role::Peer, |_| Ok(Box::new(MetricsStaticLabel::new()?))),
    Contestant::new(name::OPENTELEMETRY, Role::Peer, |items| Ok(Box::new(OpenTelemetryRequests::new(items)))),
    Contestant::new("measured", Role::Peer, |_| Ok(Box::new(MeasuredRequests::default()))),
    Contestant::new("Mutex of a HashMap", Role::Peer, |_| Ok(Box::new(MutexMap::default()))),
    Contestant::new(name::THREAD_LOCAL_MAP, Role::Floor, |_| Ok(Box::new(ThreadLocalMap))),
];

/// All ways to record a request by what was prepared for its path.
pub const OF_HANDLES: [Contestant<RequestPath>; 9] = [
    Contestant::new(name::EMPTY, Role::Empty, |_| Ok(Box::new(Empty))),
    Contestant::new(name::OURS_BY_HANDLE, Role::Ours, |items| Ok(Box::new(RequestsByHandle::new(items)?))),
    Contestant::new("shared atomic integers", Role::Peer, |items| Ok(Box::new(SharedAtomics::new(items)))),
    Contestant::new(name::PROMETHEUS, Role::Peer, |items| Ok(Box::new(PrometheusHandles::new(items)?))),
    Contestant::new(name::PROMETHEUS_CLIENT, Role::Peer, |items| Ok(Box::new(ClientHandles::new(items)))),
    Contestant::new(name::METRICS, Role::Peer, |items| Ok(Box::new(MetricsHandles::new(items)?))),
    Contestant::new(name::OPENTELEMETRY, Role::Peer, |items| Ok(Box::new(OpenTelemetryHandles::new(items)))),
    Contestant::new("measured", Role::Peer, |items| Ok(Box::new(MeasuredHandles::new(items)))),
    Contestant::new(name::THREAD_LOCAL_INTEGER, Role::Floor, |_| Ok(Box::new(ThreadLocalInteger))),
];

/// Ways to record a request by what was prepared for its path, when that is at hand and need not be picked.
pub const OF_ONE_HANDLE: [Contestant<RequestPath>; 5] = [
    Contestant::new(name::EMPTY, Role::Empty, |_| Ok(Box::new(OneHandle::new((), |()| (), || None)))),
    Contestant::new(name::OURS_BY_HANDLE, Role::Ours, |items| {
        Ok(Box::new(ours::one_handle(items.items()[0])))
    }),
    Contestant::new(name::PROMETHEUS, Role::Peer, |items| {
        Ok(Box::new(peers::prometheus::one_handle(items.items()[0])?))
    }),
    Contestant::new(name::METRICS, Role::Peer, |items| {
        Ok(Box::new(peers::metrics_macro::one_handle(items.items()[0])?))
    }),
    Contestant::new(name::THREAD_LOCAL_INTEGER, Role::Floor, |_| Ok(Box::new(peers::floors::one_handle()))),
];

/// All ways to record a delivery; the peers make one increment for each name.
pub const OF_DELIVERIES: [Contestant<Delivery>; 8] = [
    Contestant::new(name::EMPTY, Role::Empty, |_| Ok(Box::new(Empty))),
    Contestant::new(name::OURS_BY_STRING, Role::Ours, |_| Ok(Box::new(DeliveriesByString::default()))),
    Contestant::new(name::OURS_BY_PLAN, Role::Ours, |items| Ok(Box::new(DeliveriesByPlan::new(items)))),
    Contestant::new(name::PROMETHEUS, Role::Peer, |items| Ok(Box::new(PrometheusDeliveries::new(items)?))),
    Contestant::new(name::PROMETHEUS_CLIENT, Role::Peer, |items| Ok(Box::new(ClientDeliveries::new(items)))),
    Contestant::new(name::METRICS, Role::Peer, |items| Ok(Box::new(MetricsDeliveries::new(items)?))),
    Contestant::new(name::OPENTELEMETRY, Role::Peer, |items| {
        Ok(Box::new(OpenTelemetryDeliveries::new(items)))
    }),
    Contestant::new("measured", Role::Peer, |items| Ok(Box::new(MeasuredDeliveries::new(items)))),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::delivery::deliveries;
    use crate::path::requests;
    use crate::workload::Popularity;

    fn counts<T>(contestants: &[Contestant<T>], workload: &Workload<T>, records: u64) {
        for contestant in contestants {
            let recorder = contestant.set_up(workload).unwrap();
            recorder.lap(workload, 7, records);
            let expected = matches!(contestant.role, Role::Ours | Role::Peer).then_some(records);
            assert_eq!(recorder.recorded(), expected, "{}", contestant.name);
        }
    }

    #[test]
    fn every_contestant_counts_what_it_records() {
        let requests = requests(1_000, Popularity::Zipf).unwrap();
        counts(&OF_REQUESTS, &requests, 10_001);
        counts(&OF_HANDLES, &requests, 10_001);
        counts(&OF_ONE_HANDLE, &requests, 10_001);
        for names in [1, 20, 100] {
            counts(&OF_DELIVERIES, &deliveries(names).unwrap(), 301);
        }
    }

    #[test]
    fn every_page_has_a_sample_of_every_path() {
        let requests = requests(100, Popularity::Uniform).unwrap();
        let mut pages = 0;
        for contestant in OF_REQUESTS {
            let recorder = contestant.set_up(&requests).unwrap();
            recorder.lap(&requests, 0, 4_096);
            let mut page = b"left over".to_vec();
            if recorder.encode(&mut page) {
                let page = String::from_utf8(page).unwrap();
                let shown =
                    requests.items().iter().filter(|path| page.contains(&format!("\"{}\"", path.text)));
                assert_eq!(shown.count(), 100, "{}", contestant.name);
                assert!(!page.contains("left over"));
                pages += 1;
            }
        }
        assert_eq!(pages, 5);
    }
}
