//! Memory of this process that the kernel has backed by pages.

use std::fs;
use std::io;

/// The most that was ever resident, in bytes (`VmHWM` in `/proc/self/status`, proc(5)).
///
/// # Errors
///
/// If the file cannot be read or does not have the line: not on Linux.
pub fn peak() -> io::Result<u64> {
    read("/proc/self/status", "VmHWM:")
}

/// What is resident and not of a file, in bytes (`Anonymous` in `/proc/self/smaps_rollup`, proc(5)). Counted page by
/// page when asked for, so that it is exact.
///
/// # Errors
///
/// If the file cannot be read or does not have the line: not on Linux 4.14 or later.
pub fn anonymous() -> io::Result<u64> {
    read("/proc/self/smaps_rollup", "Anonymous:")
}

fn read(path: &str, field: &str) -> io::Result<u64> {
    let text = fs::read_to_string(path)?;
    let line = text.lines().find_map(|line| line.strip_prefix(field));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
    kibibytes
        .map(|kibibytes| kibibytes * 1_024)
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidData, format!("no {field} in {path}")))
}
