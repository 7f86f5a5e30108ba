//! A registry.

use std::time::Duration;

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

use crate::argument::Argument;
use crate::delivery_plan::DeliveryPlan;
use crate::lower_case::lower_case;
use crate::names::with_names;
use crate::registry;
use crate::request_counter::RequestCounter;
use crate::snapshot;

/// Counters of one's own, apart from those of the module's functions.
///
/// Args:
///     request_series_limit: distinct paths in a window, from 1 to 2,000,000; further ones are counted under ``OVERFLOW_LABEL``.
///     delivery_series_limit: distinct (endpoint, target, caller, config names) in a window, in the same range.
///     max_label_bytes: bytes of UTF-8 of a label, from 1 to 65,536; a longer one is counted under ``OVERFLOW_LABEL``.
///     portable_fences: never use Linux's ``membarrier``; a record then costs some nanoseconds more, and a snapshot interrupts nobody.
///
/// Safe to use from any number of threads. In a forked child all counters are zero; the parent's are untouched.
///
/// Raises:
///     ValueError: if a limit is out of range, or the environment variable ``RUNTIME_METRICS_FENCES`` has an unknown value.
///     OverflowError: if a limit takes more than 64 bits.
#[pyclass(frozen, module = "runtime_metrics")]
pub(crate) struct Metrics {
    pub(crate) metrics: runtime_metrics::Metrics,
}

#[pymethods]
impl Metrics {
    #[new]
    #[pyo3(signature = (*, request_series_limit = 10_000, delivery_series_limit = 10_000, max_label_bytes = 1_024, portable_fences = false))]
    fn new(
        request_series_limit: i64,
        delivery_series_limit: i64,
        max_label_bytes: i64,
        portable_fences: bool,
    ) -> PyResult<Self> {
        let builder = runtime_metrics::Metrics::builder()
            .lower_case(lower_case)
            .request_series_limit(limit("request_series_limit", request_series_limit)?)
            .delivery_series_limit(limit("delivery_series_limit", delivery_series_limit)?)
            .max_label_bytes(limit("max_label_bytes", max_label_bytes)?);
        let builder = if portable_fences { builder.portable_fences() } else { builder };
        match builder.build() {
            Ok(metrics) => Ok(Self { metrics }),
            Err(error) => Err(PyValueError::new_err(error.to_string())),
        }
    }

    /// Counts one observed HTTP request under its path, as given.
    ///
    /// Raises:
    ///     TypeError: if ``path`` is no ``str``.
    fn record_request(&self, path: &Bound<'_, PyAny>) -> PyResult<()> {
        record_request(&self.metrics, path)
    }

    /// Counts one successful configuration response, as one indivisible event: see the module's function of that name.
    #[pyo3(signature = (endpoint_name, target, config_names, *, caller_label))]
    fn record_config_delivery(
        &self,
        endpoint_name: &Bound<'_, PyAny>,
        target: &Bound<'_, PyAny>,
        config_names: &Bound<'_, PyAny>,
        caller_label: &Bound<'_, PyAny>,
    ) -> PyResult<()> {
        record_config_delivery(&self.metrics, endpoint_name, target, config_names, caller_label)
    }

    /// A handle that counts requests for one path without looking it up.
    ///
    /// Raises:
    ///     TypeError: if ``path`` is no ``str``.
    fn request_counter(&self, path: &Bound<'_, PyAny>) -> PyResult<RequestCounter> {
        let path = Argument { function: "request_counter", name: "path" }.path(path)?;
        Ok(RequestCounter { counter: self.metrics.request_counter(&path) })
    }

    /// A handle that counts deliveries of one document without looking up its labels; the caller is given with each record.
    ///
    /// Raises:
    ///     AttributeError, TypeError: as ``record_config_delivery``.
    fn delivery_plan(
        &self,
        endpoint_name: &Bound<'_, PyAny>,
        target: &Bound<'_, PyAny>,
        config_names: &Bound<'_, PyAny>,
    ) -> PyResult<DeliveryPlan> {
        let argument = |name| Argument { function: "delivery_plan", name };
        let endpoint_name = argument("endpoint_name").label(endpoint_name)?;
        let target = argument("target").label(target)?;
        with_names(argument("config_names"), config_names, |names| DeliveryPlan {
            plan: self.metrics.delivery_plan(&endpoint_name, &target, names),
        })
    }

    /// Takes a cut of all counters.
    fn snapshot<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        snapshot::runtime(py, || self.metrics.snapshot())
    }

    /// The last cut if it was taken at most ``max_age`` seconds ago, else a new one.
    ///
    /// Raises:
    ///     ValueError: if ``max_age`` is negative, not a number, or over 1.8e19, what 64 bits hold.
    fn snapshot_within<'py>(&self, py: Python<'py>, max_age: f64) -> PyResult<Bound<'py, PyAny>> {
        let Ok(age) = Duration::try_from_secs_f64(max_age) else {
            let message = format!(
                "max_age is {max_age:?}, but must be a number of seconds from 0 to 1.8e19; choose one in that range"
            );
            return Err(PyValueError::new_err(message));
        };
        snapshot::runtime(py, || self.metrics.snapshot_within(age))
    }

    /// The last cut, or the empty one of a window without a cut. Waits for nobody.
    fn latest<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        snapshot::runtime(py, || self.metrics.latest())
    }

    /// Ends the window with a cut and returns its snapshot. The next window begins at that instant, with no series and no counts;
    /// a record is in exactly one window.
    fn reset<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        snapshot::runtime(py, || self.metrics.reset())
    }

    /// Identity of the process, and start and uptime of the window, as of now. Takes no cut.
    fn process<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyAny>> {
        snapshot::process(py, &self.metrics.process())
    }
}

/// The process's registry as an object. Made when the module is imported, as all that is made once.
pub(crate) fn global(py: Python<'_>) -> PyResult<&Py<Metrics>> {
    static GLOBAL: PyOnceLock<Py<Metrics>> = PyOnceLock::new();
    GLOBAL.get_or_try_init(py, || Py::new(py, Metrics { metrics: registry::global().clone() }))
}

/// A limit that the builder can be asked for; it has closer bounds of its own.
fn limit<T: TryFrom<i64>>(option: &str, given: i64) -> PyResult<T> {
    T::try_from(given).map_err(|_| {
        let rule = if given < 1 { "be 1 or more" } else { "fit in 32 bits" };
        PyValueError::new_err(format!(
            "{option} is {given}, but must {rule}; choose one in the documented range"
        ))
    })
}

#[inline]
pub(crate) fn record_request(metrics: &runtime_metrics::Metrics, path: &Bound<'_, PyAny>) -> PyResult<()> {
    let path = Argument { function: "record_request", name: "path" }.path(path)?;
    metrics.record_request(&path);
    Ok(())
}

#[inline]
pub(crate) fn record_config_delivery(
    metrics: &runtime_metrics::Metrics,
    endpoint_name: &Bound<'_, PyAny>,
    target: &Bound<'_, PyAny>,
    config_names: &Bound<'_, PyAny>,
    caller_label: &Bound<'_, PyAny>,
) -> PyResult<()> {
    let argument = |name| Argument { function: "record_config_delivery", name };
    let endpoint_name = argument("endpoint_name").label(endpoint_name)?;
    let target = argument("target").label(target)?;
    let caller_label = argument("caller_label").label(caller_label)?;
    // The last: to read them may run code of theirs.
    with_names(argument("config_names"), config_names, |names| {
        metrics.record_config_delivery(&endpoint_name, &target, names, &caller_label);
    })
}
