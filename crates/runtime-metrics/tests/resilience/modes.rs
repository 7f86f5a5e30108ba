//! The fences that the environment asks for. Each value is tried in a child process: a process reads its own
//! environment only, and this one's other threads may read it at any time.

use std::env;
use std::process::Command;

use runtime_metrics::{BuildError, FenceMode, Metrics, MetricsBuilder};

use crate::turn;

/// Runs `test` in a child process for each of these values of the environment variable: the child runs the very
/// test `name` that calls this.
fn with_each(values: &[&str], name: &str, test: impl FnOnce(&str)) {
    let present = env::var_os(MetricsBuilder::FENCES_VARIABLE);
    if let Some(value) = values.iter().find(|value| present.as_ref().is_some_and(|text| text == *value)) {
        return test(value);
    }
    let _turn = turn::take();
    for value in values {
        let child = Command::new(env::current_exe().unwrap())
            .args(["--exact", name, "--nocapture"])
            .env(MetricsBuilder::FENCES_VARIABLE, value)
            .output()
            .unwrap();
        let (out, error) = (String::from_utf8_lossy(&child.stdout), String::from_utf8_lossy(&child.stderr));
        assert!(child.status.success() && out.contains("1 passed"), "{value:?}:\n{out}{error}");
    }
}

/// The mode of registries for which the kernel decides.
#[cfg(target_os = "linux")]
#[allow(unsafe_code)] // asks the kernel
fn best_mode() -> FenceMode {
    let query = libc::MEMBARRIER_CMD_QUERY;
    // SAFETY: the command takes no pointers (membarrier(2)).
    let commands = unsafe { libc::syscall(libc::SYS_membarrier, query, 0, 0) };
    let expedited = i64::from(libc::MEMBARRIER_CMD_PRIVATE_EXPEDITED);
    // An error is negative.
    if commands > 0 && commands & expedited != 0 { FenceMode::Asymmetric } else { FenceMode::Portable }
}

#[cfg(not(target_os = "linux"))]
fn best_mode() -> FenceMode {
    FenceMode::Portable
}

/// Fails unless registries that do not choose by themselves have this mode and count.
fn assert_mode(mode: FenceMode) {
    for metrics in [Metrics::new(), Metrics::builder().build().unwrap(), runtime_metrics::global().clone()] {
        assert_eq!(metrics.fence_mode(), mode);
        metrics.record_request("/");
        assert_eq!(metrics.reset().requests().total_requests(), 1);
        assert_eq!(metrics.fence_mode(), mode);
    }
}

/// Fails unless a registry that asks for portable fences has them.
fn assert_the_builder_has_the_last_word() {
    let metrics = Metrics::builder().portable_fences().build().unwrap();
    assert_eq!(metrics.fence_mode(), FenceMode::Portable);
}

#[test]
fn the_environment_chooses_portable_fences() {
    with_each(&["portable"], "modes::the_environment_chooses_portable_fences", |_| {
        assert_mode(FenceMode::Portable);
    });
}

#[test]
fn asymmetric_fences_are_used_where_the_kernel_allows_them_and_the_builder_has_the_last_word() {
    let name =
        "modes::asymmetric_fences_are_used_where_the_kernel_allows_them_and_the_builder_has_the_last_word";
    with_each(&["asymmetric"], name, |_| {
        assert_mode(best_mode());
        assert_the_builder_has_the_last_word();
    });
}

#[test]
fn an_empty_variable_is_no_choice() {
    with_each(&[""], "modes::an_empty_variable_is_no_choice", |_| assert_mode(best_mode()));
}

#[test]
fn a_variable_that_makes_no_sense_is_an_error_of_the_builder_and_portable_elsewhere() {
    let name = "modes::a_variable_that_makes_no_sense_is_an_error_of_the_builder_and_portable_elsewhere";
    with_each(&["nonsense", "Portable", " asymmetric"], name, |value| {
        let error = Metrics::builder().build().unwrap_err();
        assert_eq!(error, BuildError::Fences { value: value.into() });
        let text = error.to_string();
        assert!(text.contains(MetricsBuilder::FENCES_VARIABLE) && text.contains(value), "{text}");
        assert_the_builder_has_the_last_word();
        for metrics in [&Metrics::new(), runtime_metrics::global()] {
            assert_eq!(metrics.fence_mode(), FenceMode::Portable);
            metrics.record_request("/");
            assert_eq!(metrics.snapshot().requests().total_requests(), 1);
        }
    });
}
