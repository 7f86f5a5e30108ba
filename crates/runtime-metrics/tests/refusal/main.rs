//! A kernel that refuses `membarrier`, from the start or later on: every rule holds all the same, with portable fences.
//!
//! A system call filter is for a whole process and for good, so each case runs in a process of its own: this test program
//! again, with the case in an environment variable.

#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used)] // a test fails by panicking

mod filter;
mod traffic;

use std::env;
use std::process::Command;

use filter::refuse_membarrier;
use runtime_metrics::{FenceMode, Metrics, MetricsBuilder};
use traffic::{Cuts, Gate, Traffic};

/// Says which case a process is to run: when the call is refused, and with which error number.
const CASE: &str = "RUNTIME_METRICS_TEST_CASE";

fn passes_in_a_process_of_its_own(when: &str, error: i32) {
    let done = Command::new(env::current_exe().unwrap())
        .args(["--exact", "a_case", "--ignored", "--nocapture"])
        .env(CASE, format!("{when} {error}"))
        .env_remove(MetricsBuilder::FENCES_VARIABLE)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(
        done.status.success() && said.contains("1 passed"),
        "{said}{}",
        String::from_utf8_lossy(&done.stderr)
    );
}

#[test]
fn a_registry_that_is_built_where_membarrier_is_refused_is_portable_and_exact() {
    for error in [libc::ENOSYS, libc::EPERM] {
        passes_in_a_process_of_its_own("first", error);
    }
}

#[test]
fn a_registry_turns_portable_and_stays_exact_when_membarrier_is_refused_while_threads_record() {
    for error in [libc::ENOSYS, libc::EPERM, libc::ENOMEM] {
        passes_in_a_process_of_its_own("later", error);
    }
}

#[test]
#[ignore = "run by the other tests, each case in a process of its own"]
fn a_case() {
    let case = env::var(CASE).unwrap();
    let (when, error) = case.split_once(' ').unwrap();
    let error = error.parse().unwrap();
    match when {
        "first" => refused_first(error),
        "later" => refused_later(error),
        _ => panic!("no such case: {case}"),
    }
}

fn refused_first(error: i32) {
    refuse_membarrier(error);
    let metrics = Metrics::new();
    assert_eq!(metrics.fence_mode(), FenceMode::Portable);
    let traffic = Traffic::start(&metrics);
    let cuts = traffic.watch(200, Cuts::default());
    traffic.end(cuts);
}

fn refused_later(error: i32) {
    let metrics = Metrics::new();
    assert_eq!(metrics.fence_mode(), FenceMode::Asymmetric, "this kernel has to offer membarrier");
    let gate = Gate::default();
    let traffic = Traffic::start(&metrics);
    let frozen = traffic.freeze_one(&gate);
    let cuts = traffic.watch(200, Cuts::default());
    assert_eq!(metrics.fence_mode(), FenceMode::Asymmetric);
    refuse_membarrier(error);
    // A record with asymmetric fences stands still in its middle all the while.
    let cuts = traffic.watch(20, cuts);
    assert_eq!(metrics.fence_mode(), FenceMode::Portable);
    gate.open();
    frozen.join().unwrap();
    let cuts = traffic.watch(200, cuts);
    traffic.end(cuts);
}
