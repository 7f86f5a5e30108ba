//! The `metrics` crate's macro, with the Prometheus recorder of `metrics-exporter-prometheus`.
//!
//! The recorder is global: it is installed once in a process, serves nothing over HTTP, and renders only when it
//! is asked to, all counters of the process at once.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

use metrics::{Counter, counter};
use metrics_exporter_prometheus::{BuildError, PrometheusBuilder, PrometheusHandle};

use crate::delivery::Delivery;
use crate::one_handle::OneHandle;
use crate::page;
use crate::path::RequestPath;
use crate::recorder::Recorder;
use crate::workload::Workload;

/// A name that no other counter of the process has.
///
/// *Cost:* leaks it: the macro takes a borrowed name only if it is `'static`.
fn unused_name() -> &'static str {
    static USED: AtomicU64 = AtomicU64::new(0);
    // Relaxed: a mere number.
    format!("counter_{}_total", USED.fetch_add(1, Ordering::Relaxed)).leak()
}

/// Installs the recorder if it is not, and gives a handle to it.
pub(crate) fn installed() -> Result<PrometheusHandle, BuildError> {
    static INSTALLED: Mutex<Option<PrometheusHandle>> = Mutex::new(None);
    let mut installed = INSTALLED.lock().unwrap_or_else(PoisonError::into_inner);
    match &*installed {
        Some(handle) => Ok(handle.clone()),
        None => Ok(installed.insert(PrometheusBuilder::new().install_recorder()?).clone()),
    }
}

fn render(handle: &PrometheusHandle, page: &mut Vec<u8>) -> bool {
    *page = handle.render().into_bytes();
    true
}

/// Requests by `counter!` with the path as an owned label value: the macro takes a borrowed one only if it is
/// `'static`, which the path of a request is not.
#[derive(Debug)]
pub struct MetricsOwnedLabel {
    recorder: PrometheusHandle,
    name: &'static str,
}

impl MetricsOwnedLabel {
    /// An empty counter.
    ///
    /// # Errors
    ///
    /// If another recorder is installed already.
    pub fn new() -> Result<Self, BuildError> {
        Ok(Self { recorder: installed()?, name: unused_name() })
    }
}

impl Recorder<RequestPath> for MetricsOwnedLabel {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        counter!(self.name, "path" => path.text.to_owned()).increment(1);
    }

    fn recorded(&self) -> Option<u64> {
        Some(page::sum(&self.recorder.render(), self.name))
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        render(&self.recorder, page)
    }
}

/// Requests by `counter!` with a `'static` label value, which spares it an allocation: what no path of a request
/// can have.
#[derive(Debug)]
pub struct MetricsStaticLabel {
    recorder: PrometheusHandle,
    name: &'static str,
}

impl MetricsStaticLabel {
    /// An empty counter.
    ///
    /// # Errors
    ///
    /// If another recorder is installed already.
    pub fn new() -> Result<Self, BuildError> {
        Ok(Self { recorder: installed()?, name: unused_name() })
    }
}

impl Recorder<RequestPath> for MetricsStaticLabel {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        counter!(self.name, "path" => path.text).increment(1);
    }

    fn recorded(&self) -> Option<u64> {
        Some(page::sum(&self.recorder.render(), self.name))
    }
}

/// Requests by the counter of each path.
pub struct MetricsHandles {
    recorder: PrometheusHandle,
    name: &'static str,
    handles: Vec<Counter>,
}

impl MetricsHandles {
    /// A counter for each path of `requests`.
    ///
    /// # Errors
    ///
    /// If another recorder is installed already.
    pub fn new(requests: &Workload<RequestPath>) -> Result<Self, BuildError> {
        let (recorder, name) = (installed()?, unused_name());
        let handles = requests.items().iter().map(|path| counter!(name, "path" => path.text)).collect();
        Ok(Self { recorder, name, handles })
    }
}

impl fmt::Debug for MetricsHandles {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricsHandles").field("handles", &self.handles.len()).finish_non_exhaustive()
    }
}

impl Recorder<RequestPath> for MetricsHandles {
    #[inline(always)]
    fn record(&self, path: &RequestPath) {
        self.handles[path.number].increment(1);
    }

    fn recorded(&self) -> Option<u64> {
        Some(page::sum(&self.recorder.render(), self.name))
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        render(&self.recorder, page)
    }
}

/// Requests, all by the counter of one path.
///
/// # Errors
///
/// If another recorder is installed already.
pub fn one_handle(path: RequestPath) -> Result<impl Recorder<RequestPath>, BuildError> {
    let (recorder, name) = (installed()?, unused_name());
    let handle = counter!(name, "path" => path.text);
    let recorded = move || Some(page::sum(&recorder.render(), name));
    Ok(OneHandle::new(handle, |handle: &Counter| handle.increment(1), recorded))
}

/// Deliveries by `counter!`, once for each name: caller and name as owned label values.
#[derive(Debug)]
pub struct MetricsDeliveries {
    recorder: PrometheusHandle,
    name: &'static str,
    names: u64,
}

impl MetricsDeliveries {
    /// An empty counter.
    ///
    /// # Errors
    ///
    /// If another recorder is installed already.
    pub fn new(deliveries: &Workload<Delivery>) -> Result<Self, BuildError> {
        Ok(Self {
            recorder: installed()?,
            name: unused_name(),
            names: deliveries.items()[0].names.len() as u64,
        })
    }
}

impl Recorder<Delivery> for MetricsDeliveries {
    #[inline(always)]
    fn record(&self, delivery: &Delivery) {
        for name in &*delivery.names {
            counter!(
                self.name,
                "endpoint" => delivery.endpoint, "target" => delivery.target,
                "caller" => delivery.caller.clone(), "config_name" => name.clone()
            )
            .increment(1);
        }
    }

    fn recorded(&self) -> Option<u64> {
        Some(page::sum(&self.recorder.render(), self.name) / self.names)
    }

    fn encode(&self, page: &mut Vec<u8>) -> bool {
        render(&self.recorder, page)
    }
}
