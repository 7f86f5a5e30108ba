//! Pages for scrapers.

use std::borrow::Cow;

use crate::registry::global;
use once_cell::race::OnceBox;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;
use runtime_exposition::otlp::Encoding;
use runtime_exposition::{ExpositionBuilder, ResourceVariables, TextFormat};

use crate::metrics::Metrics;
use crate::options::{caller_labels, request_label};

/// How counters are shown to scrapers: options set once, then used for every page. Keep it: from page to page it renders only counts.
///
/// Args:
///     namespace: what our metric names start with.
///     service_name, service_namespace, service_version: labels of ``target_info``; the variables ``OTEL_SERVICE_NAME`` and
///         ``OTEL_RESOURCE_ATTRIBUTES`` win over them.
///     revision: the source revision, a label of ``<namespace>_build_info``.
///     request_label: ``"path"`` if requests are recorded by path, ``"route"`` if by route template.
///     caller_labels: ``"shown"``, ``"hashed"`` or ``"dropped"``: caller labels may be principal IDs.
///
/// Its methods show the registry that they are given, and without one that of the module's functions. Each takes one cut, so all
/// that a page says is of one instant.
///
/// Raises:
///     ValueError: if the namespace cannot start a metric's name, an option has an unknown value, or one of the variables cannot be read.
#[pyclass(frozen, module = "runtime_metrics")]
pub(crate) struct Exposition {
    exposition: runtime_exposition::Exposition,
}

#[pymethods]
impl Exposition {
    #[new]
    #[pyo3(signature = (*, namespace = "runtime", service_name = "", service_namespace = "", service_version = "", revision = "", request_label = "path", caller_labels = "shown"))]
    fn new(
        namespace: &str,
        service_name: &str,
        service_namespace: &str,
        service_version: &str,
        revision: &str,
        request_label: &str,
        caller_labels: &str,
    ) -> PyResult<Self> {
        let builder = runtime_exposition::Exposition::builder()
            .namespace(namespace)
            .service_name(service_name)
            .service_namespace(service_namespace)
            .service_version(service_version)
            .revision(revision)
            .request_label(self::request_label(request_label)?)
            .caller_labels(self::caller_labels(caller_labels)?);
        Ok(Self { exposition: built(builder)? })
    }

    /// A page in Prometheus text format 0.0.4; send it as ``PROMETHEUS_CONTENT_TYPE``.
    #[pyo3(signature = (metrics = None))]
    fn render_prometheus(&self, py: Python<'_>, metrics: Option<&Bound<'_, Metrics>>) -> String {
        page(py, &self.exposition, TextFormat::Prometheus, registry(metrics))
    }

    /// A page in OpenMetrics 1.0; send it as ``OPENMETRICS_CONTENT_TYPE``.
    #[pyo3(signature = (metrics = None))]
    fn render_openmetrics(&self, py: Python<'_>, metrics: Option<&Bound<'_, Metrics>>) -> String {
        page(py, &self.exposition, TextFormat::OpenMetrics, registry(metrics))
    }

    /// A page for a scraper that sends this ``Accept`` header, and the content type to send it as: ``(content_type, page)``.
    ///
    /// A header that is empty, malformed, or accepts neither format gets Prometheus text.
    #[pyo3(signature = (accept, metrics = None))]
    fn render(
        &self,
        py: Python<'_>,
        accept: &str,
        metrics: Option<&Bound<'_, Metrics>>,
    ) -> (&'static str, String) {
        let format = TextFormat::negotiated(accept);
        (format.content_type(), page(py, &self.exposition, format, registry(metrics)))
    }

    /// A request that tells an OpenTelemetry collector what was counted in the window: OTLP metrics, cumulative, as JSON in UTF-8.
    #[pyo3(signature = (metrics = None))]
    fn render_otlp_json(&self, py: Python<'_>, metrics: Option<&Bound<'_, Metrics>>) -> Cow<'static, [u8]> {
        let metrics = registry(metrics);
        let request = py.detach(|| {
            let mut request = Vec::new();
            self.exposition.otlp(Encoding::Json, &metrics.snapshot(), &mut request);
            request
        });
        request.into()
    }
}

/// A page of the process's registry, as the environment says.
pub(crate) fn page_by_environment(py: Python<'_>, format: TextFormat) -> PyResult<String> {
    static EXPOSITION: OnceBox<runtime_exposition::Exposition> = OnceBox::new();
    let exposition =
        EXPOSITION.get_or_try_init(|| built(runtime_exposition::Exposition::builder()).map(Box::new))?;
    Ok(page(py, exposition, format, global()))
}

fn page(
    py: Python<'_>,
    exposition: &runtime_exposition::Exposition,
    format: TextFormat,
    metrics: &runtime_metrics::Metrics,
) -> String {
    py.detach(|| {
        let mut page = String::new();
        exposition.text(format, &metrics.snapshot(), &mut page);
        page
    })
}

fn registry<'a>(given: Option<&'a Bound<'_, Metrics>>) -> &'a runtime_metrics::Metrics {
    match given {
        Some(given) => &given.get().metrics,
        None => global(),
    }
}

fn built(builder: ExpositionBuilder) -> PyResult<runtime_exposition::Exposition> {
    let variables =
        ResourceVariables::from_env().map_err(|error| PyValueError::new_err(error.to_string()))?;
    builder.resource_variables(variables).build().map_err(|error| PyValueError::new_err(error.to_string()))
}
