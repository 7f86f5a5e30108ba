//! The Python package `runtime_metrics`: what it has of [`runtime_metrics`] and [`runtime_exposition`], without logic of its own.
//!
//! The extension module is `runtime_metrics._native`; what stands around it in Python is in `python/runtime_metrics`.
//!
//! # Python, threads and forks
//!
//! - A record reads texts where Python has them (`text`, `names`), counts, and returns. It runs no Python code but what an unusual sequence
//!   of config names brings with it, before anything is counted; and it makes no Python object unless it raises, a text has lone surrogates, or a
//!   label that is not ASCII is met in capitals (`lower_case`).
//! - A cut is taken, and a page written, without the GIL ([`Python::detach`](pyo3::Python::detach)), so that a thread that waits for another cut holds nobody up.
//! - All that is made once is made when the module is imported, or by races without locks: a fork leaves nothing locked in
//!   the child.

mod argument;
mod delivery_plan;
mod exposition;
mod functions;
mod interpreter;
mod lower_case;
mod metrics;
mod names;
mod options;
mod registry;
mod request_counter;
mod snapshot;
mod text;

/// Counting, snapshots and pages in Rust; `runtime_metrics` has all of it.
#[pyo3::pymodule(gil_used = false)]
mod _native {
    use pyo3::prelude::*;

    #[pymodule_export]
    use crate::delivery_plan::DeliveryPlan;
    #[pymodule_export]
    use crate::exposition::Exposition;
    #[pymodule_export]
    use crate::functions::{
        get_process_runtime_snapshot, get_request_metrics_snapshot, get_runtime_snapshot,
        get_served_config_metrics_snapshot, global_metrics, record_config_delivery, record_request,
        render_openmetrics, render_prometheus, reset_metrics,
    };
    #[pymodule_export]
    use crate::metrics::Metrics;
    #[pymodule_export]
    use crate::request_counter::RequestCounter;

    #[pymodule_export]
    const OPENMETRICS_CONTENT_TYPE: &str = runtime_exposition::openmetrics::CONTENT_TYPE;
    #[pymodule_export]
    const OVERFLOW_LABEL: &str = runtime_metrics::OVERFLOW_LABEL;
    #[pymodule_export]
    const PROMETHEUS_CONTENT_TYPE: &str = runtime_exposition::prometheus::CONTENT_TYPE;

    #[pymodule_init]
    fn init(module: &Bound<'_, PyModule>) -> PyResult<()> {
        crate::interpreter::check_is_the_first(module.py())?;
        module.add("__version__", env!("CARGO_PKG_VERSION"))?;
        crate::metrics::global(module.py())?;
        crate::snapshot::import_classes(module.py())
    }
}
