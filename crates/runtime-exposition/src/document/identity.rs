//! Whose counts they are, and since when.

use runtime_metrics::{ProcessRuntimeSnapshot, Snapshot, iso_8601};
use serde::Serialize;

use crate::number::seconds;

/// The process life. No reset moves it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Process<'a> {
    hostname: &'a str,
    process_id: u32,
    instance_id: String,
    parent_instance_id: Option<String>,
    started_at: String,
    uptime_seconds: f64,
}

impl<'a> Process<'a> {
    pub(super) fn of(process: &'a ProcessRuntimeSnapshot) -> Self {
        Self {
            hostname: process.hostname(),
            process_id: process.process_id(),
            instance_id: process.instance_id().to_string(),
            parent_instance_id: process.parent_instance_id().map(|id| id.to_string()),
            started_at: iso_8601(process.process_started_at()),
            uptime_seconds: seconds(process.process_uptime()),
        }
    }
}

/// The measurement window.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Window<'a> {
    id: u64,
    opened_by: u64,
    started_at: &'a str,
    uptime_seconds: f64,
}

impl<'a> Window<'a> {
    pub(super) fn of(snapshot: &'a Snapshot) -> Self {
        Self {
            id: snapshot.window_id(),
            opened_by: snapshot.window_opened_by(),
            started_at: snapshot.process().started_at(),
            uptime_seconds: snapshot.process().uptime_seconds(),
        }
    }
}
