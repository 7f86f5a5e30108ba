//! A prepared series of requests.

use pyo3::prelude::*;

/// Counts requests for one path without looking it up; made by ``Metrics.request_counter``.
///
/// It stays good across resets and forks. Making it counts nothing.
#[pyclass(frozen, module = "runtime_metrics")]
pub(crate) struct RequestCounter {
    pub(crate) counter: runtime_metrics::RequestCounter,
}

#[pymethods]
impl RequestCounter {
    /// Counts one request.
    fn record(&self) {
        self.counter.record();
    }

    /// The path, as given.
    #[getter]
    fn path(&self) -> &str {
        self.counter.path()
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        Ok(format!("RequestCounter(path={})", self.path().into_pyobject(py)?.repr()?))
    }
}
