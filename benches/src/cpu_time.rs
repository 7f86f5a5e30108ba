//! The processor time that this process has used, to tell whether its threads had a processor each.

use std::fs;
use std::io;
use std::time::Duration;

/// The kernel's clock tick towards user space (`USER_HZ`): 10 ms on every common architecture of Linux.
const TICK: Duration = Duration::from_millis(10);

/// Processor time of all threads, in the kernel and out of it (`utime` and `stime` in `/proc/self/stat`,
/// proc(5)).
///
/// # Errors
///
/// If the file cannot be read or is not as documented: not on Linux.
pub fn cpu_time() -> io::Result<Duration> {
    let stat = fs::read_to_string("/proc/self/stat")?;
    // The name of the program may hold anything; it ends with the last parenthesis. Then comes the third field.
    let fields = stat.rsplit(") ").next().unwrap_or_default().split(' ');
    let ticks: Vec<u32> = fields.skip(14 - 3).take(2).filter_map(|field| field.parse().ok()).collect();
    match ticks[..] {
        [user, system] => Ok(TICK * (user + system)),
        _ => Err(io::Error::new(io::ErrorKind::InvalidData, "no times in /proc/self/stat")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Instant;

    #[test]
    fn processor_time_grows_while_the_process_works() {
        let before = cpu_time().unwrap();
        let begin = Instant::now();
        while cpu_time().unwrap() < before + 3 * TICK {
            assert!(begin.elapsed() < Duration::from_secs(60));
        }
    }
}
