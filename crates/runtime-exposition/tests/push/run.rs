//! A pusher that runs beside whoever records.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use runtime_exposition::Exposition;
use runtime_exposition::push::{PushConfig, PushEvent, PushMonitor, PushSchedule, PushStatistics, Pusher};
use runtime_metrics::Metrics;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use crate::receiver::PATIENCE;

pub(crate) fn exposition() -> Exposition {
    Exposition::builder().namespace("exp").service_name("exp").build().unwrap()
}

/// Events in the order in which they were told.
#[derive(Clone, Default)]
pub(crate) struct Told(Arc<Mutex<Vec<PushEvent>>>);

impl Told {
    pub(crate) fn by(&self, pusher: Pusher) -> Pusher {
        let told = Arc::clone(&self.0);
        pusher.observed_by(move |event| told.lock().unwrap().push(event.clone()))
    }

    pub(crate) fn events(&self) -> Vec<PushEvent> {
        self.0.lock().unwrap().clone()
    }
}

/// Pushes as fast as it can, with time for everything.
pub(crate) fn hasty() -> PushSchedule {
    PushSchedule {
        interval: Duration::from_millis(2),
        attempt_timeout: PATIENCE,
        push_timeout: PATIENCE,
        first_retry: Duration::from_millis(2),
        doubt_timeout: PATIENCE,
        shutdown_timeout: PATIENCE,
    }
}

/// A pusher whose source records something between any two snapshots, and a thread that records all the time.
pub(crate) struct Run {
    pub(crate) metrics: Metrics,
    pub(crate) monitor: PushMonitor,
    stop: oneshot::Sender<()>,
    pusher: JoinHandle<PushStatistics>,
    recorder: Option<std::thread::JoinHandle<()>>,
    is_over: Arc<AtomicBool>,
}

impl Run {
    pub(crate) fn start(config: impl Into<PushConfig>) -> Self {
        Self::start_pusher(Pusher::new(&exposition(), config).unwrap())
    }

    pub(crate) fn start_pusher(pusher: Pusher) -> Self {
        let metrics = Metrics::new();
        let is_over = Arc::new(AtomicBool::new(false));
        let recorder = std::thread::spawn({
            let (metrics, is_over) = (metrics.clone(), Arc::clone(&is_over));
            move || {
                for turn in 0_u32.. {
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                    metrics.record_request(["/a", "/b", "/c"][turn as usize % 3]);
                    metrics.record_config_delivery("config", "api", &["x", "y"], "me");
                    std::thread::sleep(Duration::from_micros(50));
                }
            }
        });
        let (monitor, source) = (pusher.monitor(), metrics.clone());
        let (stop, stopped) = oneshot::channel::<()>();
        let pusher = tokio::spawn(pusher.run(move || source.snapshot(), async { _ = stopped.await }));
        Self { metrics, monitor, stop, pusher, recorder: Some(recorder), is_over }
    }

    /// Waits until the statistics are as asked for.
    pub(crate) async fn until(&self, is_met: impl Fn(&PushStatistics) -> bool) {
        let end = tokio::time::Instant::now() + PATIENCE;
        loop {
            let statistics = self.monitor.statistics();
            if is_met(&statistics) {
                return;
            }
            assert!(tokio::time::Instant::now() < end, "not met: {statistics:?}");
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Ends the recording, then the pusher.
    pub(crate) async fn stop(self) -> (Metrics, PushStatistics) {
        self.stop_by(|stop| _ = stop.send(())).await
    }

    /// Ends the recording, then the pusher in another way.
    pub(crate) async fn stop_by(
        mut self,
        stop: impl FnOnce(oneshot::Sender<()>),
    ) -> (Metrics, PushStatistics) {
        self.is_over.store(true, Ordering::Relaxed);
        self.recorder.take().unwrap().join().unwrap();
        stop(self.stop);
        let statistics = tokio::time::timeout(2 * PATIENCE, self.pusher).await.expect("the pusher ends");
        (self.metrics.clone(), statistics.unwrap())
    }
}
