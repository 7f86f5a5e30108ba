//! The `metrics` crate's macro, with the Prometheus recorder of `metrics-exporter-prometheus`.
//!
//! The recorder is global: it is installed once in a process, serves nothing over HTTP, and renders only when it
//! is asked what was recorded.

use std::sync::{Mutex, PoisonError};

use metrics::counter;
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use crate::path::RequestPath;
use crate::recorder::Recorder;

/// Installs the recorder if it is not, and gives a handle to it.
fn installed() -> Result<PrometheusHandle, BuildError> {
    static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    match &*installed {
        Some(handle) => Ok(handle.clone()),
        None => Ok(installed.insert(PrometheusBuilder::new().install_recorder()?).clone()),
    }
}

/// Requests by `counter!` with the path as an owned label value: the macro takes a borrowed one only if it is
/// `'static`, which the path of a request is not.
#[derive(Debug)]
pub struct MetricsOwnedLabel {
    handle: PrometheusHandle,
}

/// Requests by `counter!` with a `'static` label value, which spares it an allocation: what no path of a request
/// can have.
#[derive(Debug)]
pub struct MetricsStaticLabel {
    handle: PrometheusHandle,
}

const OWNED: &str = "owned_requests_total";
const STATIC: &str = "static_requests_total";

impl MetricsOwnedLabel {
    /// The one counter of this kind in the process.
    ///
    /// # Errors
    ///
    /// If another recorder is installed already.
    pub fn new() -> Result<Self, BuildError> {
        Ok(Self { handle: installed()? })
    }
}

impl MetricsStaticLabel {
    /// The one counter of this kind in the process.
    ///
    /// # Errors
    ///
    /// If another recorder is installed already.
    pub fn new() -> Result<Self, BuildError> {
        Ok(Self { handle: installed()? })
    }
}

impl Recorder<RequestPath> for MetricsOwnedLabel {
    #[inline]
    fn record(&self, path: &RequestPath) {
        counter!(OWNED, "path" => path.text.to_owned()).increment(1);
    }

    fn recorded(&self) -> Option<u64> {
        Some(sum(&self.handle, OWNED))
    }
}

impl Recorder<RequestPath> for MetricsStaticLabel {
    #[inline]
    fn record(&self, path: &RequestPath) {
        counter!(STATIC, "path" => path.text).increment(1);
    }

    fn recorded(&self) -> Option<u64> {
        Some(sum(&self.handle, STATIC))
    }
}

/// The sum over the samples of `family`.
fn sum(handle: &PrometheusHandle, family: &str) -> u64 {
    let text = handle.render();
    let samples = text.lines().filter(|line| line.starts_with(family));
    samples.filter_map(|line| line.rsplit(' ').next()?.parse::<u64>().ok()).sum()
}
