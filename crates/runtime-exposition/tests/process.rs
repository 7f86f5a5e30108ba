//! What a process takes, read from the operating system. The tests take turns, for they share one process.

#![cfg(all(feature = "process", target_os = "linux"))]
#![allow(clippy::unwrap_used)] // a test fails by panicking

#[allow(dead_code)] // other tests use all of it
#[path = "../../runtime-identity/tests/forked_child/mod.rs"]
mod forked_child;

use std::fs::File;
use std::sync::{Barrier, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use forked_child::in_forked_child;
use runtime_exposition::{Exposition, ProcessUsage, TextFormat};
use runtime_metrics::Metrics;

/// Nobody else opens files, or spends much, while this is held.
fn turn() -> MutexGuard<'static, ()> {
    static TURN: Mutex<()> = Mutex::new(());
    TURN.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Spends CPU time until the process has had this much more of it.
fn spend(time: Duration) {
    let before = ProcessUsage::read().cpu_time.unwrap();
    while ProcessUsage::read().cpu_time.unwrap() < before + time {
        std::hint::black_box((0..10_000_u64).sum::<u64>());
    }
}

#[test]
fn every_file_that_is_opened_is_counted_and_reading_counts_none_of_its_own() {
    let _turn = turn();
    let before = ProcessUsage::read().open_fds.unwrap();
    let files: Vec<File> = (0..10).map(|_| File::open("/dev/null").unwrap()).collect();
    assert_eq!(ProcessUsage::read().open_fds, Some(before + 10));
    drop(files);
    assert_eq!(ProcessUsage::read().open_fds, Some(before));
    let listed = std::fs::read_dir("/proc/self/fd").unwrap().count() as u64;
    assert_eq!(listed - 1, before, "less the one by which the folder is listed");
}

#[test]
fn every_thread_is_counted() {
    let _turn = turn();
    let all_run = Barrier::new(6);
    let done = Barrier::new(6);
    std::thread::scope(|scope| {
        for _ in 0..5 {
            scope.spawn(|| {
                all_run.wait();
                done.wait();
            });
        }
        all_run.wait();
        let threads = ProcessUsage::read().threads.unwrap();
        done.wait();
        assert!(threads >= 6, "{threads}");
    });
}

#[test]
fn memory_that_is_written_to_is_resident() {
    const BYTES: usize = 64 << 20;
    let _turn = turn();
    let before = ProcessUsage::read();
    let memory = vec![1_u8; BYTES];
    let after = ProcessUsage::read();
    std::hint::black_box(&memory);
    let grown = |figure: fn(&ProcessUsage) -> Option<u64>| figure(&after).unwrap() - figure(&before).unwrap();
    // Less than that only by what was given back meanwhile.
    assert!(grown(|usage| usage.resident_memory_bytes) >= BYTES as u64 / 2, "{before:?} {after:?}");
    assert!(after.virtual_memory_bytes > after.resident_memory_bytes);
}

#[test]
fn the_limit_of_file_descriptors_is_that_of_the_kernels_own_table() {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap();
    let soft = line.split_ascii_whitespace().next().unwrap().parse().ok();
    assert_eq!(ProcessUsage::read().max_fds, soft);
}

#[test]
fn a_forked_child_has_its_own_cpu_time_threads_and_files() {
    let _turn = turn();
    let other = Barrier::new(2);
    let spent = Duration::from_millis(200);
    std::thread::scope(|scope| {
        scope.spawn(|| other.wait());
        spend(spent);
        let parent = ProcessUsage::read();
        let child = in_forked_child(|| {
            let usage = ProcessUsage::read();
            let _file = File::open("/dev/null").unwrap();
            let opened = ProcessUsage::read().open_fds.unwrap() - usage.open_fds.unwrap();
            format!("{} {} {opened}", usage.cpu_time.unwrap().as_nanos(), usage.threads.unwrap())
        });
        other.wait();
        let [cpu, threads, opened] =
            child.split(' ').map(|part| part.parse().unwrap()).collect::<Vec<u64>>()[..]
        else {
            panic!("{child}")
        };
        assert!(Duration::from_nanos(cpu) < spent, "{child}");
        assert!(parent.cpu_time.unwrap() >= spent && parent.threads.unwrap() >= 2);
        assert_eq!((threads, opened), (1, 1));
    });
}

#[test]
fn a_page_shows_what_was_read_and_no_more() {
    let exposition = Exposition::builder().build().unwrap();
    let snapshot = Metrics::new().snapshot();
    let mut usage = ProcessUsage::read();
    usage.open_fds = None;
    usage.cpu_time = None;
    for format in [TextFormat::Prometheus, TextFormat::OpenMetrics] {
        let (mut with, mut without) = (String::new(), String::new());
        exposition.page(&snapshot).process_usage(&usage).write(format, &mut with);
        exposition.text(format, &snapshot, &mut without);
        assert!(with.contains(&format!("\nprocess_max_fds {}\n", usage.max_fds.unwrap())));
        assert!(with.contains(&format!(
            "\nprocess_resident_memory_bytes {}\n",
            usage.resident_memory_bytes.unwrap()
        )));
        assert!(!with.contains("process_open_fds") && !with.contains("process_cpu_seconds"), "{with}");
        let ours = |line: &&str| {
            ["process_max_fds", "process_threads", "_memory_bytes"].iter().all(|name| !line.contains(name))
        };
        assert_eq!(with.lines().filter(ours).collect::<Vec<_>>(), without.lines().collect::<Vec<_>>());
    }
}
