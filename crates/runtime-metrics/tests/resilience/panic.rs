//! A thread that panics in the middle of a record: the record does not count, all else does, and nothing of it is
//! left behind.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, Ordering};

use runtime_metrics::Metrics;

use crate::ledger::Ledger;
use crate::{registry, turn};

/// A config name that can be read a few times; then reading it panics.
struct Fragile<'a> {
    text: &'a str,
    /// Readings that are left, of all names that share it.
    left: &'a Cell<u64>,
}

impl AsRef<str> for Fragile<'_> {
    fn as_ref(&self) -> &str {
        let left = self.left.get();
        if left == 0 {
            // As `panic!`, without a message for each of thousands.
            resume_unwind(Box::new(()));
        }
        self.left.set(left - 1);
        self.text
    }
}

/// Records a delivery of `names`, which panics after so many readings of a name. Whether it came to its end
/// before that.
fn record_fragile(metrics: &Metrics, names: [&str; 2], caller: &str, readings: u64) -> bool {
    let left = Cell::new(readings);
    let names = names.map(|text| Fragile { text, left: &left });
    let record = || metrics.record_config_delivery("Config", "api", &names, caller);
    catch_unwind(AssertUnwindSafe(record)).is_ok()
}

/// Records a delivery that panics at its first reading of a name, one that panics at its second, and so on until one
/// is recorded, each with the name that `name` makes of the number. Returns how many have panicked.
fn panic_at_every_reading(metrics: &Metrics, name: impl Fn(u64) -> String) -> u64 {
    let mut readings = 0;
    while !record_fragile(metrics, [&name(readings), "b"], " Web ", readings) {
        readings += 1;
        assert!(readings < 1_000, "it is recorded at last");
    }
    readings
}

#[test]
fn a_delivery_whose_names_panic_does_not_count_and_all_before_and_after_it_does() {
    let _turn = turn::take();
    for metrics in registry::of_either_mode() {
        for is_known in [false, true] {
            let mut recorded = Ledger::default();
            metrics.record_request("/before");
            metrics.record_config_delivery("config", "api", &["before"], "web");
            if is_known {
                metrics.record_config_delivery("Config", "api", &["a", "b"], " Web ");
                recorded.add_deliveries(&["a", "b"], "web", 1);
            }
            let panics = panic_at_every_reading(&metrics, |_| "a".to_owned());
            assert!(panics >= 2, "it has panicked at each name");
            metrics.record_request("/after");
            metrics.record_config_delivery("config", "api", &["after"], "web");
            recorded.add_deliveries(&["a", "b"], "web", 1);
            for (path, name) in [("/before", "before"), ("/after", "after")] {
                recorded.add_requests(path, 1);
                recorded.add_deliveries(&[name], "web", 1);
            }
            let mut counted = Ledger::default();
            counted.enter(&metrics.reset());
            assert_eq!(counted, recorded, "{panics} panics");
        }
    }
}

#[test]
fn panics_in_the_middle_of_meeting_a_series_take_no_places() {
    const LIMIT: u32 = 16;
    let _turn = turn::take();
    let metrics = Metrics::builder().delivery_series_limit(LIMIT).build().unwrap();
    // The one that is recorded takes a place.
    let panics = panic_at_every_reading(&metrics, |readings| readings.to_string());
    for round in 0..2 * LIMIT {
        for readings in 0..panics {
            record_fragile(&metrics, [&format!("{round}/{readings}"), "b"], "web", readings);
        }
    }
    for document in 1..LIMIT {
        metrics.record_config_delivery("config", &format!("t{document}"), &["a"], "web");
    }
    let snapshot = metrics.snapshot();
    let served = snapshot.served_config();
    assert_eq!(served.overflow().records(), 0, "{:?}", served.overflow());
    assert_eq!((served.responses_total(), served.occupancy().series()), (u64::from(LIMIT), LIMIT));
}

#[test]
fn others_go_on_exactly_beside_threads_that_die_in_the_middle_of_a_record() {
    const DEATHS: u64 = 200;
    const STEADY: u64 = 2;
    const BEFORE: u64 = 5;
    let _turn = turn::take();
    for metrics in registry::of_either_mode() {
        let (mut counted, mut recorded) = (Ledger::default(), Ledger::default());
        let left = AtomicU64::new(DEATHS);
        std::thread::scope(|scope| {
            let steady: Vec<_> = (0..STEADY)
                .map(|_| {
                    scope.spawn(|| {
                        let plan = metrics.delivery_plan("config", "api", &["steady"]);
                        let mut rounds = 0;
                        while left.load(Ordering::Acquire) > 0 {
                            plan.record("steady");
                            metrics.record_request("/steady");
                            rounds += 1;
                        }
                        rounds
                    })
                })
                .collect();
            let dying = scope.spawn(|| {
                for number in 0..DEATHS {
                    let die = || {
                        for _ in 0..BEFORE {
                            metrics.record_request("/before");
                        }
                        // At one of the first readings, in a document that was met in this window, or was not.
                        let names = [Fragile { text: "a", left: &Cell::new(number % 7) }];
                        metrics.record_config_delivery(
                            "config",
                            &format!("t{}", number % 3),
                            &names,
                            "dying",
                        );
                    };
                    let death = std::thread::scope(|dying| dying.spawn(die).join());
                    if death.is_ok() {
                        break;
                    }
                    left.fetch_sub(1, Ordering::Release);
                }
                // However it ended, the others' loops end.
                left.swap(0, Ordering::Release)
            });
            while !dying.is_finished() {
                counted.enter(&metrics.reset());
                drop(metrics.snapshot());
            }
            assert_eq!(dying.join().unwrap(), 0, "all have died");
            for thread in steady {
                let rounds = thread.join().unwrap();
                recorded.add_requests("/steady", rounds);
                recorded.add_deliveries(&["steady"], "steady", rounds);
            }
        });
        counted.enter(&metrics.snapshot());
        recorded.add_requests("/before", DEATHS * BEFORE);
        assert_eq!(counted, recorded);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn windows_in_which_threads_panicked_in_the_middle_of_a_record_and_live_on_give_their_memory_back() {
    use std::sync::mpsc;

    const WINDOWS: u64 = 220;
    const LABELS: u64 = 4_000;
    /// The windows after which the memory is first looked at.
    const WARM_UP: u64 = 20;
    /// What the memory may grow by from then on: a tenth of what the windows take.
    const GROWTH: u64 = 64 << 20;

    /// The resident memory of this process, in bytes (`proc(5)`).
    fn resident_memory() -> u64 {
        let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
        statm.split(' ').nth(1).unwrap().parse::<u64>().unwrap() * 4_096
    }

    let _turn = turn::take();
    let (metrics, mut sleepers, mut memory) = (Metrics::new(), Vec::new(), 0);
    for window in 0..WINDOWS {
        for number in 0..LABELS {
            metrics.record_request(&format!("/a/path/that/is/long/enough/to/be/noticed/{window}/{number}"));
        }
        let (panicked, wait) = mpsc::channel();
        let (wake, sleep) = mpsc::channel::<()>();
        let panicking = metrics.clone();
        let thread = std::thread::spawn(move || {
            panicking.record_request("/before");
            panicked.send(!record_fragile(&panicking, ["a", "b"], "web", window % 7)).unwrap();
            // Until the other end is dropped.
            let _ = sleep.recv();
        });
        assert!(wait.recv().unwrap(), "it has panicked");
        sleepers.push((thread, wake));
        let ended = metrics.reset();
        assert_eq!(ended.requests().total_requests(), LABELS + 1);
        assert_eq!(ended.served_config().responses_total(), 0);
        if window == WARM_UP {
            memory = resident_memory();
        }
    }
    let growth = resident_memory().saturating_sub(memory);
    for (thread, wake) in sleepers {
        drop(wake);
        thread.join().unwrap();
    }
    println!("{WINDOWS} windows: the memory grew by {} MiB", growth >> 20);
    assert!(growth < GROWTH, "the memory grew by {} MiB", growth >> 20);
}
