//! The interpreter that the package belongs to.

use pyo3::exceptions::PyImportError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;

/// Refuses the import in a second interpreter of the process: classes and the registry's object are those of the first. CPython
/// refuses it from 3.12 on.
pub(crate) fn check_is_the_first(py: Python<'_>) -> PyResult<()> {
    static BUILTINS: PyOnceLock<Py<PyModule>> = PyOnceLock::new();
    // Each interpreter has a module of its own of that name.
    let builtins = py.import("builtins")?;
    if BUILTINS.get_or_init(py, || builtins.clone().unbind()).is(&builtins) {
        return Ok(());
    }
    Err(PyImportError::new_err(
        "runtime_metrics was imported by another interpreter of this process, and does not support subinterpreters; \
         use it in one interpreter only",
    ))
}
