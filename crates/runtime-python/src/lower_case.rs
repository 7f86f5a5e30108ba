//! Lower case as the interpreter has it.

use pyo3::prelude::*;
use pyo3::types::PyString;

/// `label.lower()`, by the interpreter's version of Unicode, which need not be Rust's.
///
/// *Cost:* makes two texts in Python; for a label that is not ASCII, when it is met in a form that is not its normal one.
pub(crate) fn lower_case(label: &str) -> String {
    let lowered = Python::attach(|py| PyString::new(py, label).call_method0("lower")?.extract());
    // It fails only for want of memory, or if the interpreter is gone.
    lowered.unwrap_or_else(|_: PyErr| label.to_lowercase())
}
