//! What the process takes from its machine.

use std::time::Duration;

/// What this process takes from its machine, each figure as far as it can be read.
///
/// It is no part of a snapshot, and no cut holds it: whoever serves a page reads it (`ProcessUsage::read`, behind the feature `process`), once a page, and gives it to the
/// [page](crate::TextPage::process_usage). A figure that is none is left out of the page, and everything else stands.
///
/// ```
/// # use runtime_exposition::{Exposition, ProcessUsage, TextFormat};
/// # let (exposition, metrics) = (Exposition::builder().build()?, runtime_metrics::Metrics::new());
/// let mut usage = ProcessUsage::default(); // or `ProcessUsage::read()`, behind the feature `process`
/// usage.threads = Some(12);
/// let mut page = String::new();
/// exposition.page(&metrics.snapshot()).process_usage(&usage).write(TextFormat::Prometheus, &mut page);
/// assert!(page.contains("process_threads 12\n"));
/// # Ok::<(), runtime_exposition::ExpositionError>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessUsage {
    /// The CPU time of all threads since the process began, user and system together.
    pub cpu_time: Option<Duration>,
    /// Memory that is in RAM, in bytes.
    pub resident_memory_bytes: Option<u64>,
    /// Address space, in bytes.
    pub virtual_memory_bytes: Option<u64>,
    /// File descriptors that are open.
    pub open_fds: Option<u64>,
    /// File descriptors that may be open at once (the soft limit); none also where there is no limit.
    pub max_fds: Option<u64>,
    /// Threads.
    pub threads: Option<u64>,
}

#[cfg(feature = "process")]
impl ProcessUsage {
    /// What the running process takes; in a forked child the child's own.
    ///
    /// CPU time and the limit of file descriptors come from system calls. The rest is read below `/proc/self` (`proc(5)`), so
    /// it is none on systems other than Linux, and where `/proc` is not mounted or is restricted.
    ///
    /// *Cost:* some 15 µs: two small files and three system calls. On Linux before 6.2 it grows with the number of open file descriptors, which are then counted one by one.
    /// Blocks on no lock, so a child may call it whatever its parent was doing at the fork.
    #[must_use]
    pub fn read() -> Self {
        use rustix::process::{Resource, getrlimit};

        let mut usage = Self {
            cpu_time: Some(cpu_time()),
            max_fds: getrlimit(Resource::Nofile).current,
            ..Self::default()
        };
        usage.read_proc();
        usage
    }

    #[cfg(target_os = "linux")]
    fn read_proc(&mut self) {
        use procfs_core::FromRead as _;
        use procfs_core::process::Stat;

        let page_size = rustix::param::page_size() as u64;
        if let Ok(stat) = Stat::from_file("/proc/self/stat") {
            self.resident_memory_bytes = stat.rss.checked_mul(page_size);
            self.virtual_memory_bytes = Some(stat.vsize);
            self.threads = stat.num_threads.try_into().ok();
        }
        self.open_fds = open_fds().ok();
    }

    #[cfg(not(target_os = "linux"))]
    fn read_proc(&mut self) {}
}

/// The CPU time of all threads of the process; that of a forked child begins at 0.
#[cfg(feature = "process")]
fn cpu_time() -> Duration {
    use rustix::time::{ClockId, clock_gettime};

    let reading = clock_gettime(ClockId::ProcessCPUTime);
    // Neither part is ever negative, and the second is below 10^9.
    Duration::new(reading.tv_sec as u64, reading.tv_nsec as u32)
}

#[cfg(all(feature = "process", target_os = "linux"))]
fn open_fds() -> std::io::Result<u64> {
    const FOLDER: &str = "/proc/self/fd";
    // The size of the folder is their number since Linux 6.2, and 0 before.
    match std::fs::metadata(FOLDER)?.len() {
        // Less the one by which the folder is read.
        0 => Ok((std::fs::read_dir(FOLDER)?.count() as u64).saturating_sub(1)),
        open => Ok(open),
    }
}
