//! A prepared delivery.

use pyo3::prelude::*;
use pyo3::types::PyTuple;

use crate::argument::Argument;

/// Counts deliveries of one configuration document without looking up its endpoint, target and names; made by
/// ``Metrics.delivery_plan``. The caller is given with each record.
///
/// It stays good across resets and forks. Making it counts nothing.
#[pyclass(frozen, module = "runtime_metrics")]
pub(crate) struct DeliveryPlan {
    pub(crate) plan: runtime_metrics::DeliveryPlan,
}

#[pymethods]
impl DeliveryPlan {
    /// Counts one delivery to a caller.
    ///
    /// Raises:
    ///     AttributeError: if ``caller_label`` is no ``str`` (``TypeError`` for what has a ``strip`` all the same, such as ``bytes``).
    fn record(&self, caller_label: &Bound<'_, PyAny>) -> PyResult<()> {
        let argument = Argument { function: "record", name: "caller_label" };
        self.plan.record(&argument.label(caller_label)?);
        Ok(())
    }

    /// The endpoint's name, as given.
    #[getter]
    fn endpoint_name(&self) -> &str {
        self.plan.endpoint_name()
    }

    /// The target, as given.
    #[getter]
    fn target(&self) -> &str {
        self.plan.target()
    }

    /// The config names, as given, in order.
    #[getter]
    fn config_names<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyTuple>> {
        PyTuple::new(py, self.plan.config_names())
    }

    fn __repr__(&self, py: Python<'_>) -> PyResult<String> {
        let endpoint_name = self.endpoint_name().into_pyobject(py)?.repr()?;
        let target = self.target().into_pyobject(py)?.repr()?;
        let config_names = self.config_names(py)?.repr()?;
        Ok(format!(
            "DeliveryPlan(endpoint_name={endpoint_name}, target={target}, config_names={config_names})"
        ))
    }
}
