//! The functions of the seed, over one registry for the process.

use crate::registry::global;
use pyo3::prelude::*;
use runtime_exposition::TextFormat;

use crate::exposition::page_by_environment;
use crate::metrics::{self, Metrics};
use crate::snapshot;

/// The registry that the module's functions count into: for handles and for pages of it, say. Every call gives the same object.
#[pyfunction]
pub(crate) fn global_metrics(py: Python<'_>) -> PyResult<Py<Metrics>> {
    Ok(metrics::global(py)?.clone_ref(py))
}

/// Zeroes every counter and starts a new measurement window: ``started_at`` becomes now and uptime starts again.
///
/// Exact under concurrency: a record is in exactly one window.
#[pyfunction]
pub(crate) fn reset_metrics(py: Python<'_>) {
    py.detach(|| {
        global().reset();
    });
}

/// Counts one observed HTTP request under its path, as given: no trimming, no lower-casing.
///
/// Raises:
///     TypeError: if ``path`` is no ``str``.
#[pyfunction]
pub(crate) fn record_request(path: &Bound<'_, PyAny>) -> PyResult<()> {
    metrics::record_request(global(), path)
}

/// Counts one successful configuration response, as one indivisible event: one response, and as many values as there are names.
///
/// Args:
///     endpoint_name, target, caller_label: stripped of surrounding white space and lower-cased.
///     config_names: anything of ``str`` with a length that can be iterated over; a name that stands twice counts twice. May be empty.
///
/// Raises:
///     AttributeError: if a label is no ``str`` (``TypeError`` for what has a ``strip`` all the same, such as ``bytes``).
///     TypeError: if ``config_names`` has no length, as a generator, or holds something else than ``str``.
///
/// When it raises, nothing was counted.
#[pyfunction]
#[pyo3(signature = (endpoint_name, target, config_names, *, caller_label))]
pub(crate) fn record_config_delivery(
    endpoint_name: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    config_names: &Bound<'_, PyAny>,
    caller_label: &Bound<'_, PyAny>,
) -> PyResult<()> {
    metrics::record_config_delivery(global(), endpoint_name, target, config_names, caller_label)
}

/// Identity and uptime of this process. Takes no cut.
#[pyfunction]
pub(crate) fn get_process_runtime_snapshot(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    snapshot::process(py, &global().process())
}

/// The request counters of a new cut.
#[pyfunction]
pub(crate) fn get_request_metrics_snapshot(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    snapshot::requests_of(py, || global().snapshot())
}

/// The delivery counters of a new cut.
#[pyfunction]
pub(crate) fn get_served_config_metrics_snapshot(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    snapshot::served_config_of(py, || global().snapshot())
}

/// All that was counted, and the process's identity, of one new cut.
#[pyfunction]
pub(crate) fn get_runtime_snapshot(py: Python<'_>) -> PyResult<Bound<'_, PyAny>> {
    snapshot::runtime(py, || global().snapshot())
}

/// A page of a new cut in Prometheus text format 0.0.4; send it as ``PROMETHEUS_CONTENT_TYPE``.
///
/// What the service is called is what the variables ``OTEL_SERVICE_NAME`` and ``OTEL_RESOURCE_ATTRIBUTES`` say; for other options, and for
/// a registry of one's own, see ``Exposition``.
///
/// Raises:
///     ValueError: if one of these variables cannot be read; it quotes no value.
#[pyfunction]
pub(crate) fn render_prometheus(py: Python<'_>) -> PyResult<String> {
    page_by_environment(py, TextFormat::Prometheus)
}

/// A page of a new cut in OpenMetrics 1.0; send it as ``OPENMETRICS_CONTENT_TYPE``. Otherwise as ``render_prometheus``.
#[pyfunction]
pub(crate) fn render_openmetrics(py: Python<'_>) -> PyResult<String> {
    page_by_environment(py, TextFormat::OpenMetrics)
}
