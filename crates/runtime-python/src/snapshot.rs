//! Snapshots as Python sees them: instances of the dataclasses in `runtime_metrics.snapshots`, which hold plain objects.

use pyo3::call::PyCallArgs;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyTuple, PyType};
use runtime_metrics::{
    Counts, Overflow, ProcessRuntimeSnapshot, RequestMetricsSnapshot, ServedConfigMetricsSnapshot, Snapshot,
    iso_8601,
};

const MODULE: &str = "runtime_metrics.snapshots";

/// A dataclass that snapshots are handed out as.
struct Class {
    name: &'static str,
    class: PyOnceLock<Py<PyType>>,
}

static PROCESS: Class = Class::named("ProcessRuntimeSnapshot");
static REQUESTS: Class = Class::named("RequestMetricsSnapshot");
static SERVED_CONFIG: Class = Class::named("ServedConfigMetricsSnapshot");
static OVERFLOW: Class = Class::named("OverflowSnapshot");
static RUNTIME: Class = Class::named("RuntimeSnapshot");

impl Class {
    const fn named(name: &'static str) -> Self {
        Self { name, class: PyOnceLock::new() }
    }

    fn get<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyType>> {
        self.class.import(py, MODULE, self.name)
    }

    fn instance<'py>(&self, py: Python<'py>, fields: impl PyCallArgs<'py>) -> PyResult<Bound<'py, PyAny>> {
        self.get(py)?.call1(fields)
    }
}

/// Imports the classes once and for all: later, a fork might come in the middle of it.
pub(crate) fn import_classes(py: Python<'_>) -> PyResult<()> {
    for class in [&PROCESS, &REQUESTS, &SERVED_CONFIG, &OVERFLOW, &RUNTIME] {
        class.get(py)?;
    }
    Ok(())
}

/// A `RuntimeSnapshot` of what `take` gives. It is taken, and its maps are derived, without the GIL.
pub(crate) fn runtime(py: Python<'_>, take: impl FnOnce() -> Snapshot + Send) -> PyResult<Bound<'_, PyAny>> {
    let snapshot = py.detach(|| derived(take()));
    let process = snapshot.process();
    let fields = (
        self::process(py, process)?,
        self::requests(py, snapshot.requests())?,
        self::served_config(py, snapshot.served_config())?,
        snapshot.sequence(),
        iso_8601(snapshot.taken_at()),
        iso_8601(process.process_started_at()),
        process.instance_id().to_string(),
        process.parent_instance_id().map(|id| id.to_string()),
        overflow(py, snapshot.requests().overflow())?,
        overflow(py, snapshot.served_config().overflow())?,
    );
    RUNTIME.instance(py, fields)
}

/// A `RequestMetricsSnapshot` of what `take` gives, as for [`runtime`].
pub(crate) fn requests_of(
    py: Python<'_>,
    take: impl FnOnce() -> Snapshot + Send,
) -> PyResult<Bound<'_, PyAny>> {
    let snapshot = py.detach(|| derived(take()));
    requests(py, snapshot.requests())
}

/// A `ServedConfigMetricsSnapshot` of what `take` gives, as for [`runtime`].
pub(crate) fn served_config_of(
    py: Python<'_>,
    take: impl FnOnce() -> Snapshot + Send,
) -> PyResult<Bound<'_, PyAny>> {
    let snapshot = py.detach(|| derived(take()));
    served_config(py, snapshot.served_config())
}

/// A `ProcessRuntimeSnapshot`.
pub(crate) fn process<'py>(py: Python<'py>, process: &ProcessRuntimeSnapshot) -> PyResult<Bound<'py, PyAny>> {
    let fields = (process.started_at(), process.uptime_seconds(), process.hostname(), process.process_id());
    PROCESS.instance(py, fields)
}

/// The maps are derived when they are first read; all of a family's at once.
fn derived(snapshot: Snapshot) -> Snapshot {
    let _ = snapshot.requests().requests_by_path();
    let _ = snapshot.served_config().values_by_name();
    snapshot
}

fn requests<'py>(py: Python<'py>, requests: &RequestMetricsSnapshot) -> PyResult<Bound<'py, PyAny>> {
    REQUESTS.instance(py, (requests.total_requests(), counts(py, requests.requests_by_path())?))
}

fn served_config<'py>(py: Python<'py>, served: &ServedConfigMetricsSnapshot) -> PyResult<Bound<'py, PyAny>> {
    let fields = (
        served.responses_total(),
        served.values_total(),
        counts(py, served.responses_by_endpoint())?,
        counts(py, served.responses_by_target())?,
        counts(py, served.responses_by_caller())?,
        counts(py, served.values_by_target())?,
        counts(py, served.values_by_caller())?,
        counts(py, served.values_by_name())?,
        served.last_served_at(),
    );
    SERVED_CONFIG.instance(py, fields)
}

fn overflow<'py>(py: Python<'py>, overflow: &Overflow) -> PyResult<Bound<'py, PyAny>> {
    OVERFLOW.instance(py, (overflow.records(), PyTuple::new(py, overflow.rejected_labels())?))
}

fn counts<'py>(py: Python<'py>, counts: &Counts) -> PyResult<Bound<'py, PyDict>> {
    let map = PyDict::new(py);
    for (label, count) in counts.iter() {
        map.set_item(label, count)?;
    }
    Ok(map)
}
