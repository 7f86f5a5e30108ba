//! What the worker knows, and how it is shown.

use std::sync::{Arc, OnceLock};

use runtime_exposition::Exposition;
use runtime_exposition::health::WorkerState;
use runtime_exposition::push::{PushMonitor, PushStatistics};
use runtime_http::{Routes, RoutesError};
use runtime_metrics::{Metrics, Snapshot};

use crate::overflow::OverflowNotice;
use crate::store::Store;

/// The part of an app that its observers see. Whoever configures the worker sees no more of it than counts and names.
#[derive(Debug)]
pub(crate) struct State {
    pub(crate) metrics: Metrics,
    pub(crate) exposition: Exposition,
    pub(crate) store: Store,
    pub(crate) environment: String,
    overflow_notice: OverflowNotice,
    pushes: OnceLock<Vec<(&'static str, PushMonitor)>>,
}

impl State {
    /// With no configuration, and no pushes to show.
    pub(crate) fn new(metrics: Metrics, exposition: Exposition, environment: String) -> Self {
        Self {
            metrics,
            exposition,
            store: Store::new(),
            environment,
            overflow_notice: OverflowNotice::default(),
            pushes: OnceLock::new(),
        }
    }

    /// The routes for those who observe the worker.
    pub(crate) fn routes(self: &Arc<Self>) -> Result<Routes, RoutesError> {
        let [health, notice, pushes] = [self, self, self].map(Arc::clone);
        Routes::builder(self.metrics.clone(), self.exposition.clone())
            .worker_state(move || health.worker_state())
            .on_snapshot(move |snapshot| notice.look(snapshot))
            .pushes(move || pushes.pushes())
            .build()
    }

    /// A new cut for somebody who observes the worker.
    pub(crate) fn cut(&self) -> Snapshot {
        let snapshot = self.metrics.snapshot();
        self.look(&snapshot);
        snapshot
    }

    /// Overflow that a snapshot shows is logged, once for each window and family.
    fn look(&self, snapshot: &Snapshot) {
        for line in self.overflow_notice.news(snapshot) {
            tracing::warn!("{line}");
        }
    }

    /// Has the metrics page show how these pushes fare. The first call counts.
    pub(crate) fn show_pushes(&self, monitors: Vec<(&'static str, PushMonitor)>) {
        let _ = self.pushes.set(monitors);
    }

    /// How the pushes fare, by name.
    fn pushes(&self) -> Vec<(&'static str, PushStatistics)> {
        let monitors = self.pushes.get().into_iter().flatten();
        monitors.map(|(name, monitor)| (*name, monitor.statistics())).collect()
    }

    /// What the health document says besides the counts.
    fn worker_state(&self) -> WorkerState {
        let in_force = self.store.in_force();
        WorkerState {
            environment: self.environment.clone(),
            config_keys_loaded: in_force.configuration().key_count() as u64,
            config_load_count: in_force.load_count(),
            last_config_loaded_at: in_force.loaded_at(),
        }
    }
}
