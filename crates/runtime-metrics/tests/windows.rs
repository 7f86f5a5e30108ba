//! A reset gives the room back: a thousand windows, each full of labels never seen before.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc;

use runtime_metrics::{Metrics, OVERFLOW_LABEL, Snapshot};

const WINDOWS: u64 = 1_000;
const RECORDERS: u64 = 3;
/// New labels of each recorder in each window.
const LABELS: u64 = 3_000;

/// The windows after which the memory is first looked at.
const WARM_UP: u64 = 50;
/// What the memory may grow by from then on: about ten windows' worth, and a hundredth of what a leak would take.
const GROWTH: u64 = 64 << 20;

/// The resident memory of this process, in bytes (`proc(5)`).
fn resident_memory() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4_096
}

/// What all ended windows showed.
#[derive(Default)]
struct Ledger {
    /// Whether each label that is recorded once was seen, by number.
    once: Vec<bool>,
    steady: u64,
    planned: u64,
}

impl Ledger {
    fn enter(&mut self, ended: &Snapshot) {
        let requests = ended.requests();
        assert_eq!(requests.overflow().records(), 0, "{:?}", requests.overflow());
        for (label, count) in requests.requests_by_path() {
            assert_ne!(label, OVERFLOW_LABEL);
            let Some(label) = label.strip_prefix("/once/") else {
                self.steady += count;
                continue;
            };
            let seen = &mut self.once[label.parse::<usize>().unwrap()];
            assert_eq!((*seen, count), (false, 1), "{label} was recorded once");
            *seen = true;
        }
        let served = ended.served_config();
        assert_eq!(served.overflow().records(), 0);
        assert_eq!(served.values_total(), 2 * served.responses_total());
        self.planned += served.responses_total();
    }
}

/// Runs the windows: each recorder brings its new labels of a window and then goes on recording by handle and by
/// plan, at full speed, until the reset that comes from this thread has passed. `between` runs after each
/// reset, and tells how many steady requests it has recorded.
fn run_windows(metrics: &Metrics, mut between: impl FnMut(u64) -> u64) {
    // One test at a time: both look at the memory of the process.
    static ALONE: Mutex<()> = Mutex::new(());
    let _alone = ALONE.lock().unwrap();

    let mut ledger =
        Ledger { once: vec![false; (WINDOWS * RECORDERS * LABELS) as usize], ..Ledger::default() };
    let window = AtomicU64::new(0);
    let ready = AtomicU64::new(0);
    let (mut steady, mut planned) = (0, 0);
    let mut memory = 0;
    std::thread::scope(|scope| {
        let recorders: Vec<_> = (0..RECORDERS)
            .map(|recorder| {
                let (window, ready) = (&window, &ready);
                scope.spawn(move || {
                    let counter = metrics.request_counter("/steady");
                    let plan = metrics.delivery_plan("e", "t", &["a", "b"]);
                    let (mut steady, mut planned) = (0, 0);
                    for present in 0..WINDOWS {
                        for number in 0..LABELS {
                            metrics.record_request(&format!(
                                "/once/{}",
                                (present * RECORDERS + recorder) * LABELS + number
                            ));
                        }
                        ready.fetch_add(1, Ordering::Release);
                        while window.load(Ordering::Acquire) == present {
                            counter.record();
                            plan.record("Caller");
                            (steady, planned) = (steady + 1, planned + 1);
                        }
                    }
                    (steady, planned)
                })
            })
            .collect();
        for present in 0..WINDOWS {
            while ready.load(Ordering::Acquire) < (present + 1) * RECORDERS {
                std::thread::yield_now();
            }
            ledger.enter(&metrics.reset());
            steady += between(present);
            if present == WARM_UP {
                memory = resident_memory();
            }
            window.store(present + 1, Ordering::Release);
        }
        for recorder in recorders {
            let (recorded_steady, recorded_planned) = recorder.join().unwrap();
            (steady, planned) = (steady + recorded_steady, planned + recorded_planned);
        }
    });
    ledger.enter(&metrics.reset());
    assert!(ledger.once.iter().all(|seen| *seen), "every label was seen");
    assert_eq!((ledger.steady, ledger.planned), (steady, planned), "nothing lost or doubled");
    let growth = resident_memory().saturating_sub(memory);
    assert!(growth < GROWTH, "the memory grew by {} MiB", growth >> 20);
}

#[test]
fn a_thousand_windows_of_new_labels_overflow_nothing_and_lose_nothing() {
    run_windows(&Metrics::new(), |_| 0);
}

#[test]
fn a_thousand_windows_stay_exact_and_flat_beside_threads_that_recorded_once_and_sleep_for_good() {
    let metrics = Metrics::new();
    let mut sleepers = Vec::new();
    run_windows(&metrics, |window| {
        if window % 5 != 0 {
            return 0;
        }
        let (recorded, wait) = mpsc::channel();
        let (wake, sleep) = mpsc::channel::<()>();
        let metrics = metrics.clone();
        let thread = std::thread::spawn(move || {
            metrics.record_request("/steady");
            recorded.send(()).unwrap();
            // Until the other end is dropped.
            let _ = sleep.recv();
        });
        wait.recv().unwrap();
        sleepers.push((thread, wake));
        1
    });
    assert_eq!(sleepers.len() as u64, WINDOWS / 5);
    for (thread, wake) in sleepers {
        drop(wake);
        thread.join().unwrap();
    }
}
