//! Threads that record in every way, and what their records add up to.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use runtime_metrics::{Metrics, Snapshot};

const CAUSE: &str = "/cause";
const EFFECT: &str = "/effect";

/// Paths between the two that are compared, so that a scan takes a while from the one to the other.
const BETWEEN: usize = 2_000;

pub(crate) struct Traffic {
    metrics: Metrics,
    is_over: Arc<AtomicBool>,
    /// Each gives the requests and the deliveries that it recorded.
    writers: Vec<JoinHandle<[u64; 2]>>,
    /// Deliveries that were made to stand still.
    frozen: AtomicU64,
}

/// Records in its turn of this number, and gives the requests and the deliveries that it recorded.
type Work = dyn Fn(&Metrics, u64) -> [u64; 2] + Send;

/// What cuts have shown: requests and deliveries of the windows that resets ended.
#[derive(Default)]
pub(crate) struct Cuts {
    ended: [u64; 2],
    cause: u64,
    effect: u64,
}

impl Traffic {
    pub(crate) fn start(metrics: &Metrics) -> Self {
        metrics.record_request(CAUSE);
        (0..BETWEEN).for_each(|number| metrics.record_request(&format!("/between/{number}")));
        metrics.record_request(EFFECT);
        drop(metrics.reset());
        let is_over = Arc::new(AtomicBool::new(false));
        let caused = Arc::new(AtomicU64::new(0));
        let writer = |work: Box<Work>| {
            let (metrics, is_over) = (metrics.clone(), Arc::clone(&is_over));
            thread::spawn(move || {
                let mut sums = [0; 2];
                for turn in 0.. {
                    let [requests, deliveries] = work(&metrics, turn);
                    sums = [sums[0] + requests, sums[1] + deliveries];
                    if is_over.load(Ordering::Relaxed) {
                        break;
                    }
                }
                sums
            })
        };
        let (cause, effect) = (metrics.request_counter(CAUSE), metrics.request_counter(EFFECT));
        let plan = metrics.delivery_plan("run-time", "api", &["a", "b"]);
        let done = Arc::clone(&caused);
        let writers = vec![
            writer(Box::new(move |_, turn| {
                cause.record();
                done.store(turn + 1, Ordering::Release);
                [1, 0]
            })),
            writer(Box::new({
                let followed = AtomicU64::new(0);
                move |_, _| {
                    if caused.load(Ordering::Acquire) == followed.load(Ordering::Relaxed) {
                        return [0, 0];
                    }
                    followed.fetch_add(1, Ordering::Relaxed);
                    effect.record();
                    [1, 0]
                }
            })),
            writer(Box::new(|metrics, turn| {
                metrics.record_request(&format!("/between/{}", turn % BETWEEN as u64));
                [1, 0]
            })),
            writer(Box::new(move |metrics, _| {
                plan.record("me");
                metrics.record_config_delivery("run-time", "web", &["a"], "You");
                [0, 2]
            })),
        ];
        Self { metrics: metrics.clone(), is_over, writers, frozen: AtomicU64::new(0) }
    }

    /// A delivery of another thread that stands still in its middle until the gate is opened.
    pub(crate) fn freeze_one(&self, gate: &Gate) -> JoinHandle<()> {
        let (metrics, gate) = (self.metrics.clone(), gate.clone());
        let reached = gate.clone();
        self.frozen.fetch_add(1, Ordering::Relaxed);
        let thread = thread::spawn(move || {
            metrics.record_config_delivery("run-time", "frozen", &[WaitsWhenRead(gate)], "me");
        });
        reached.wait_until_reached();
        thread
    }

    /// Takes so many more cuts, every fifth of them a reset, and checks that no effect is counted without its cause.
    pub(crate) fn watch(&self, number: usize, mut cuts: Cuts) -> Cuts {
        for number in 1..=number {
            if number % 5 == 0 {
                cuts.end(&self.metrics.reset());
            } else {
                cuts.check(&self.metrics.snapshot());
            }
            thread::sleep(Duration::from_micros(200));
        }
        cuts
    }

    /// Ends the threads. All that they recorded is in the windows that ended and in the last one.
    pub(crate) fn end(self, mut cuts: Cuts) {
        self.is_over.store(true, Ordering::Relaxed);
        let mut recorded = [0; 2];
        for writer in self.writers {
            let [requests, deliveries] = writer.join().unwrap();
            recorded = [recorded[0] + requests, recorded[1] + deliveries];
        }
        cuts.end(&self.metrics.reset());
        recorded[1] += self.frozen.load(Ordering::Relaxed);
        assert_eq!(cuts.ended, recorded);
    }
}

impl Cuts {
    fn end(&mut self, window: &Snapshot) {
        self.ended[0] += window.requests().total_requests();
        self.ended[1] += window.served_config().responses_total();
        [self.cause, self.effect] = self.check(window);
    }

    /// Causes and effects up to a cut, those of the windows that ended before included.
    fn check(&self, snapshot: &Snapshot) -> [u64; 2] {
        let paths = snapshot.requests().requests_by_path();
        let cause = self.cause + paths.get(CAUSE).unwrap_or(0);
        let effect = self.effect + paths.get(EFFECT).unwrap_or(0);
        assert!(effect <= cause, "{effect} effects of {cause} causes");
        [cause, effect]
    }
}

/// What a frozen record waits at.
#[derive(Clone, Default)]
pub(crate) struct Gate(Arc<(Mutex<[bool; 2]>, Condvar)>);

const REACHED: usize = 0;
const OPEN: usize = 1;

impl Gate {
    pub(crate) fn open(&self) {
        self.raise(OPEN);
    }

    fn wait_until_reached(&self) {
        self.wait(REACHED);
    }

    fn raise(&self, flag: usize) {
        self.0.0.lock().unwrap()[flag] = true;
        self.0.1.notify_all();
    }

    fn wait(&self, flag: usize) {
        drop(self.0.1.wait_while(self.0.0.lock().unwrap(), |flags| !flags[flag]).unwrap());
    }
}

/// A config name that stands still when it is read.
struct WaitsWhenRead(Gate);

impl AsRef<str> for WaitsWhenRead {
    fn as_ref(&self) -> &str {
        self.0.raise(REACHED);
        self.0.wait(OPEN);
        "name"
    }
}
