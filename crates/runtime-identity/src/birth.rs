//! When a process life began, on the wall clock and on the monotonic clock.
//!
//! The first life began when the operating system started the process, not when this crate was first asked:
//! Linux tells in `/proc/self/stat`, to a hundredth of a second. Where it does not tell, the first use counts.
//! The life of a forked child began at the fork, and the fork handler stamps it.

use std::time::{Duration, SystemTime};

use crate::clock::Monotonic;

/// The start instant of one process life.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Birth {
    pub(crate) wall: SystemTime,
    pub(crate) monotonic: Monotonic,
}

impl Birth {
    /// The start of the running process as the operating system tells it, else the present instant.
    pub(crate) fn of_process() -> Self {
        let age = age_of_process().unwrap_or(Duration::ZERO);
        let age_in_nanoseconds = u64::try_from(age.as_nanos()).unwrap_or(0);
        let now = SystemTime::now();
        let now_monotonic = Monotonic::now().as_nanoseconds();
        Self {
            wall: now.checked_sub(age).unwrap_or(now),
            monotonic: Monotonic::from_nanoseconds(now_monotonic.saturating_sub(age_in_nanoseconds)),
        }
    }
}

#[cfg(target_os = "linux")]
fn age_of_process() -> Option<Duration> {
    use crate::clock::nanoseconds;
    use rustix::time::{ClockId, clock_gettime};

    let stat = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (ticks, per_second) = (start_ticks(&stat)?, ticks_per_second()?);
    let rest = Duration::from_secs(ticks % per_second).checked_div(u32::try_from(per_second).ok()?)?;
    let started = Duration::from_secs(ticks / per_second) + rest;
    // Field 22 counts from the system's boot, suspension included: the boot-time clock's scale.
    let now = Duration::from_nanos(nanoseconds(clock_gettime(ClockId::Boottime)));
    now.checked_sub(started)
}

#[cfg(not(target_os = "linux"))]
fn age_of_process() -> Option<Duration> {
    None
}

/// Field 22 of `/proc/PID/stat` (`proc(5)`): the start of the process in clock ticks after boot. Sandboxed
/// kernels that do not know it write 0.
#[cfg(target_os = "linux")]
fn start_ticks(stat: &str) -> Option<u64> {
    // Field 2 is the program's name in parentheses and may itself hold spaces and parentheses.
    let (_, after_name) = stat.rsplit_once(')')?;
    let ticks = after_name.split_ascii_whitespace().nth(19)?.parse().ok()?;
    (ticks > 0).then_some(ticks)
}

#[cfg(target_os = "linux")]
fn ticks_per_second() -> Option<u64> {
    Some(rustix::param::clock_ticks_per_second()).filter(|ticks| *ticks > 0)
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn the_start_is_read_past_a_program_name_with_spaces_and_parentheses() {
        let stat = "42 (a) b (c)) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 4711 20";
        assert_eq!(start_ticks(stat), Some(4711));
    }

    #[test]
    fn an_unknown_or_malformed_start_is_none() {
        for stat in
            ["", "42 (a)", "42 (a) S 1 2", "42 (a) S 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 0 20"]
        {
            assert_eq!(start_ticks(stat), None, "{stat}");
        }
    }

    #[test]
    fn the_process_was_born_before_now_and_less_than_a_day_ago() {
        let birth = Birth::of_process();
        let age = SystemTime::now().duration_since(birth.wall).unwrap();
        assert!(age < Duration::from_secs(24 * 60 * 60));
        assert!(birth.monotonic <= Monotonic::now());
    }
}
