//! `Serialize` for the snapshot types, with the field names of the Python module `runtime.metrics`.

use serde::ser::SerializeStruct;
use serde::{Serialize, Serializer};

use super::{Counts, ProcessRuntimeSnapshot, RequestMetricsSnapshot, ServedConfigMetricsSnapshot, Snapshot};
use crate::time_text::iso_8601;

/// A map from label to count, sorted by label.
impl Serialize for Counts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

/// `started_at`, `uptime_seconds`, `hostname`, `process_id`.
impl Serialize for ProcessRuntimeSnapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("ProcessRuntimeSnapshot", 4)?;
        fields.serialize_field("started_at", self.started_at())?;
        fields.serialize_field("uptime_seconds", &self.uptime_seconds())?;
        fields.serialize_field("hostname", self.hostname())?;
        fields.serialize_field("process_id", &self.process_id())?;
        fields.end()
    }
}

/// `total_requests`, `requests_by_path`.
impl Serialize for RequestMetricsSnapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("RequestMetricsSnapshot", 2)?;
        fields.serialize_field("total_requests", &self.total_requests())?;
        fields.serialize_field("requests_by_path", self.requests_by_path())?;
        fields.end()
    }
}

/// `responses_total`, `values_total`, the six maps, `last_served_at`.
impl Serialize for ServedConfigMetricsSnapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("ServedConfigMetricsSnapshot", 9)?;
        fields.serialize_field("responses_total", &self.responses_total())?;
        fields.serialize_field("values_total", &self.values_total())?;
        fields.serialize_field("responses_by_endpoint", self.responses_by_endpoint())?;
        fields.serialize_field("responses_by_target", self.responses_by_target())?;
        fields.serialize_field("responses_by_caller", self.responses_by_caller())?;
        fields.serialize_field("values_by_target", self.values_by_target())?;
        fields.serialize_field("values_by_caller", self.values_by_caller())?;
        fields.serialize_field("values_by_name", self.values_by_name())?;
        fields.serialize_field("last_served_at", &self.last_served_at())?;
        fields.end()
    }
}

/// `sequence`, `taken_at`, `window_started_at`, `process`, `requests`, `served_config`.
impl Serialize for Snapshot {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Snapshot", 6)?;
        fields.serialize_field("sequence", &self.sequence())?;
        fields.serialize_field("taken_at", &iso_8601(self.taken_at()))?;
        fields.serialize_field("window_started_at", &iso_8601(self.window_started_at()))?;
        fields.serialize_field("process", self.process())?;
        fields.serialize_field("requests", self.requests())?;
        fields.serialize_field("served_config", self.served_config())?;
        fields.end()
    }
}
