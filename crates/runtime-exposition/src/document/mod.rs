//! The snapshot document: everything that one snapshot holds, as JSON.
//!
//! For whoever reads a worker by program and wants it all, exact, from one cut. The format is ours; its JSON Schema (draft 2020-12) is
//! `docs/snapshot.schema.json` in the repository, and [`SCHEMA_VERSION`] changes when a reader of it could break. (Fields may be added
//! without.) Written by [`Exposition::snapshot_json`](crate::Exposition::snapshot_json).
//!
//! # A document
//!
//! | key | holds |
//! |---|---|
//! | `schemaVersion` | [`SCHEMA_VERSION`] |
//! | `service` | `name`, `namespace`, `version`, `revision`, as far as configured |
//! | `metricsNamespace` | the first part of every metric's name on a page, for whoever asks a Prometheus server about what the document shows |
//! | `process` | `hostname`, `processId`, `instanceId`, `parentInstanceId` (null unless forked), `startedAt`, `uptimeSeconds`: of the process, which no reset moves |
//! | `sequence`, `takenAt`, `durationSeconds` | the cut: its number, its instant, what taking it cost |
//! | `window` | `id`, `openedBy` (the number of the reset's cut, or 0), `startedAt`, `uptimeSeconds` |
//! | `requests` | `total`; `series`, a list of `path` or `route` and `count`; `overflow`; `occupancy` |
//! | `deliveries` | `responsesTotal`, `valuesTotal`; `callers` (`shown`, `hashed` or `dropped`); `series`, a list of `endpoint`, `target`, `caller` and `responses`; `values`, a list of the same labels, `configName` and `count`; `lastServedAt` (null while none); `overflow`; `occupancy` |
//!
//! `overflow` holds the count of the overflow series (`count`; of deliveries `responses` and `values`), which stands in no list and makes the
//! lists add up to their totals; `records`, which is how many records had a label over a limit; and `rejectedLabels`, the first few
//! of these. The rejected labels of deliveries may be callers, and are left out unless callers are shown. `occupancy` is
//! `series` and `limit`.
//!
//! A difference is the same document of what was counted in an [`Interval`]: its counts are those of the interval, and a key
//! `since` holds `sequence` and `takenAt` of the cut that the interval begins with. Where that is the begin of a window, these are of the reset's cut
//! (in the first window of a process life 0, and the window's start). Occupancy, `lastServedAt` and the
//! rejected labels are those of the cut at its end. Written by [`Exposition::difference_json`](crate::Exposition::difference_json).
//!
//! Counts are integers to the last digit: a reader that takes every number for a 64-bit float is exact to 2^53. Times are ISO 8601 in UTC
//! with offset `+00:00` and microseconds. Lists are sorted by their labels (as UTF-8 bytes), in the order of the keys above. No series is
//! in a list twice.

mod deliveries;
mod identity;
mod requests;

use runtime_metrics::{Occupancy, Snapshot, iso_8601};
use serde::Serialize;

use crate::document::deliveries::Deliveries;
use crate::document::identity::{Process, Window};
use crate::document::requests::Requests;
use crate::exposition::Exposition;
use crate::interval::Interval;
use crate::number::seconds;
use crate::service::Service;

/// What the document's `schemaVersion` says.
pub const SCHEMA_VERSION: u32 = 1;

/// What to send a document with.
pub const CONTENT_TYPE: &str = "application/json";

/// The whole of a snapshot, or of an interval, for any serialiser.
///
/// Cost: borrows every label but hashed callers; holds a list of the series.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SnapshotDocument<'a> {
    schema_version: u32,
    service: &'a Service,
    metrics_namespace: &'a str,
    process: Process<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    since: Option<Since>,
    sequence: u64,
    taken_at: String,
    duration_seconds: f64,
    window: Window<'a>,
    requests: Requests<'a>,
    deliveries: Deliveries<'a>,
}

impl<'a> SnapshotDocument<'a> {
    pub(crate) fn new(exposition: &'a Exposition, snapshot: &'a Snapshot) -> Self {
        Self::counting(exposition, None, snapshot)
    }

    pub(crate) fn of_interval(exposition: &'a Exposition, interval: &'a Interval) -> Self {
        let document = Self::counting(exposition, interval.since(), interval.until());
        Self { since: Some(Since::of(interval)), ..document }
    }

    fn counting(exposition: &'a Exposition, since: Option<&Snapshot>, snapshot: &'a Snapshot) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            service: &exposition.service,
            metrics_namespace: exposition.namespace(),
            process: Process::of(snapshot.process()),
            since: None,
            sequence: snapshot.sequence(),
            taken_at: iso_8601(snapshot.taken_at()),
            duration_seconds: seconds(snapshot.duration()),
            window: Window::of(snapshot),
            requests: Requests::of(exposition.request_label, since, snapshot),
            deliveries: Deliveries::of(exposition.caller_labels, since, snapshot),
        }
    }
}

/// The cut that an interval begins with.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Since {
    sequence: u64,
    taken_at: String,
}

impl Since {
    fn of(interval: &Interval) -> Self {
        let opened_by = || interval.until().window_opened_by();
        Self {
            sequence: interval.since().map_or_else(opened_by, Snapshot::sequence),
            taken_at: iso_8601(interval.started_at()),
        }
    }
}

/// How full a family is.
#[derive(Debug, Serialize)]
struct Room {
    series: u32,
    limit: u32,
}

impl From<Occupancy> for Room {
    fn from(occupancy: Occupancy) -> Self {
        Self { series: occupancy.series(), limit: occupancy.limit() }
    }
}
