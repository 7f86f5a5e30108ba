//! The health and ready documents of the exp service.
//!
//! A document is the answer to one `GET /api/health` or `GET /api/ready`, all of its counts from one cut. It borrows the
//! snapshot and serialises straight from it; with `serde_json` the keys come out as they stand here:
//!
//! `status`, `environment`, `timestamp`, `startedAt`, `uptimeSeconds`, `hostname`, `processId`, `requestsServed`,
//! `requestsByPath`, `configKeysLoaded`, `configLoadCount`, `lastConfigLoadedAt`, `configResponsesServed`,
//! `configValuesServed`, `configResponsesByEndpoint`, `configResponsesByTarget`, `configResponsesByCaller`,
//! `configValuesByTarget`, `configValuesByCaller`, `configValuesByName`, `lastConfigServedAt`; the ready document adds
//! `keysLoaded` at the end.
//!
//! A service that has no configuration of its own has no [`WorkerState`] either: its documents lack `environment`, `configKeysLoaded`,
//! `configLoadCount`, `lastConfigLoadedAt` and `keysLoaded`.
//!
//! Times are ISO 8601 in UTC with offset `+00:00`; `startedAt` and `uptimeSeconds` are of the measurement window.
//! `lastConfigLoadedAt` and `lastConfigServedAt` are null while there is none. Counts are integers to the last digit.
//! Maps are objects with sorted keys, in which the overflow series stands under
//! [`OVERFLOW_LABEL`](runtime_metrics::OVERFLOW_LABEL), so that every map still adds up to its total.
//!
//! ```
//! use runtime_exposition::health::{HealthDocument, WorkerState};
//! use runtime_metrics::Metrics;
//!
//! let metrics = Metrics::new();
//! metrics.record_request("/api/health");
//! let snapshot = metrics.snapshot();
//! let state = WorkerState { environment: "test".to_owned(), ..WorkerState::default() };
//!
//! let document = serde_json::to_value(HealthDocument::new(&snapshot, &state))?;
//! assert_eq!(document["status"], "Healthy");
//! assert_eq!(document["requestsServed"], 1);
//! assert_eq!(document["requestsByPath"]["/api/health"], 1);
//! # Ok::<(), serde_json::Error>(())
//! ```

use std::time::SystemTime;

use runtime_metrics::{Snapshot, iso_8601};
use serde::Serialize;

use crate::caller::CallerLabels;
use crate::marginal::Marginal;

/// What a worker adds to its snapshot: what it knows about its configuration.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct WorkerState {
    /// The environment that the worker runs in, such as `production`.
    pub environment: String,
    /// Keys in the configuration in force; 0 while none was loaded, and for one without keys.
    pub config_keys_loaded: u64,
    /// How often a configuration was loaded; 0 while none is readable.
    pub config_load_count: u64,
    /// When the configuration in force was loaded; none before the first.
    pub last_config_loaded_at: Option<SystemTime>,
}

impl WorkerState {
    /// Whether a configuration was loaded, be it one without keys.
    pub fn is_ready(&self) -> bool {
        self.config_load_count > 0
    }
}

/// Whether a service can do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Readiness {
    /// It can.
    Ready,
    /// It cannot, or not yet.
    NotReady,
}

impl From<Readiness> for Status {
    fn from(readiness: Readiness) -> Self {
        match readiness {
            Readiness::Ready => Self::Ready,
            Readiness::NotReady => Self::NotReady,
        }
    }
}

/// What a document says of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
enum Status {
    Healthy,
    Ready,
    NotReady,
}

/// The answer to `GET /api/health`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HealthDocument<'a> {
    status: Status,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'a str>,
    timestamp: String,
    started_at: &'a str,
    uptime_seconds: f64,
    hostname: &'a str,
    process_id: u32,
    requests_served: u64,
    requests_by_path: Marginal<'a>,
    #[serde(flatten)]
    configuration: Option<Configuration>,
    config_responses_served: u64,
    config_values_served: u64,
    config_responses_by_endpoint: Marginal<'a>,
    config_responses_by_target: Marginal<'a>,
    config_responses_by_caller: Marginal<'a>,
    config_values_by_target: Marginal<'a>,
    config_values_by_caller: Marginal<'a>,
    config_values_by_name: Marginal<'a>,
    last_config_served_at: Option<&'a str>,
}

/// What a document says of the configuration.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Configuration {
    config_keys_loaded: u64,
    config_load_count: u64,
    last_config_loaded_at: Option<String>,
}

impl<'a> HealthDocument<'a> {
    /// The document of one snapshot, callers shown as they were recorded. Its `status` is `Healthy`: a worker that can
    /// answer is.
    ///
    /// [`Exposition::health_document`](crate::Exposition::health_document) is the same with the callers of the options.
    ///
    /// Cost: borrows every map and label; allocates the texts of at most two times.
    pub fn new(snapshot: &'a Snapshot, state: &'a WorkerState) -> Self {
        let configuration = Configuration {
            config_keys_loaded: state.config_keys_loaded,
            config_load_count: state.config_load_count,
            last_config_loaded_at: state.last_config_loaded_at.map(iso_8601),
        };
        let environment = Some(&*state.environment);
        Self { environment, configuration: Some(configuration), ..Self::of_service(snapshot) }
    }

    /// The document of one snapshot of a service that has no configuration; otherwise as [`new`](Self::new).
    pub fn of_service(snapshot: &'a Snapshot) -> Self {
        let process = snapshot.process();
        let requests = snapshot.requests();
        let served = snapshot.served_config();
        Self {
            status: Status::Healthy,
            environment: None,
            timestamp: iso_8601(snapshot.taken_at()),
            started_at: process.started_at(),
            uptime_seconds: process.uptime_seconds(),
            hostname: process.hostname(),
            process_id: process.process_id(),
            requests_served: requests.total_requests(),
            requests_by_path: Marginal::Shown(requests.requests_by_path()),
            configuration: None,
            config_responses_served: served.responses_total(),
            config_values_served: served.values_total(),
            config_responses_by_endpoint: Marginal::Shown(served.responses_by_endpoint()),
            config_responses_by_target: Marginal::Shown(served.responses_by_target()),
            config_responses_by_caller: Marginal::Shown(served.responses_by_caller()),
            config_values_by_target: Marginal::Shown(served.values_by_target()),
            config_values_by_caller: Marginal::Shown(served.values_by_caller()),
            config_values_by_name: Marginal::Shown(served.values_by_name()),
            last_config_served_at: served.last_served_at(),
        }
    }

    /// Shows the callers otherwise: [`Hashed`](CallerLabels::Hashed) callers with the same digits are added up;
    /// [`Dropped`](CallerLabels::Dropped) leaves both maps by caller empty, their totals are in `configResponsesServed`
    /// and `configValuesServed`.
    ///
    /// Cost: hashing happens when the document is serialised: one SHA-256 and one small allocation a caller and map.
    #[must_use]
    pub fn caller_labels(mut self, callers: CallerLabels) -> Self {
        self.config_responses_by_caller = self.config_responses_by_caller.by_caller(callers);
        self.config_values_by_caller = self.config_values_by_caller.by_caller(callers);
        self
    }
}

/// The answer to `GET /api/ready`: the health document, its `status` being `Ready` or `NotReady`, and `keysLoaded`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReadyDocument<'a> {
    #[serde(flatten)]
    health: HealthDocument<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    keys_loaded: Option<u64>,
}

impl<'a> ReadyDocument<'a> {
    /// The document of one snapshot, callers shown as they were recorded.
    ///
    /// [`Exposition::ready_document`](crate::Exposition::ready_document) is the same with the callers of the options.
    ///
    /// Cost: see [`HealthDocument::new`].
    pub fn new(snapshot: &'a Snapshot, state: &'a WorkerState) -> Self {
        let mut health = HealthDocument::new(snapshot, state);
        health.status = if state.is_ready() { Status::Ready } else { Status::NotReady };
        Self { health, keys_loaded: Some(state.config_keys_loaded) }
    }

    /// The document of one snapshot of a service that has no configuration, and says itself whether it is ready; otherwise as [`new`](Self::new).
    pub fn of_service(snapshot: &'a Snapshot, readiness: Readiness) -> Self {
        let health = HealthDocument { status: readiness.into(), ..HealthDocument::of_service(snapshot) };
        Self { health, keys_loaded: None }
    }

    /// Shows the callers otherwise: see [`HealthDocument::caller_labels`].
    #[must_use]
    pub fn caller_labels(mut self, callers: CallerLabels) -> Self {
        self.health = self.health.caller_labels(callers);
        self
    }

    /// Whether the status is `Ready`. A document that is not is served with HTTP status 503.
    pub fn is_ready(&self) -> bool {
        self.health.status == Status::Ready
    }
}
