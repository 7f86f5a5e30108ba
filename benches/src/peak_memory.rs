//! The largest resident memory that this process ever had.

use std::fs;
use std::io;

/// Peak resident memory in bytes, by the kernel's count (`VmHWM` in `/proc/self/status`, proc(5)).
///
/// # Errors
///
/// If the file cannot be read or does not have the line: not on Linux.
pub fn peak_memory() -> io::Result<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kibibytes
        .map(|kibibytes| kibibytes * 1_024)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, "no VmHWM in /proc/self/status"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_peak_of_this_process_lies_between_a_hundred_kilobytes_and_a_terabyte() {
        assert!((100_000..1_000_000_000_000).contains(&peak_memory().unwrap()));
    }
}
