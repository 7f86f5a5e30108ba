//! Files by which a Prometheus server finds this process: file-based service discovery.
//!
//! A server watches a folder (`file_sd_configs`, with `files: [FOLDER/*.json]`), and each process has one file there, which says where it
//! is scraped: `[{"targets":["192.0.2.1:8080"],"labels":{"environment":"staging"}}]`. Source:
//! [`<file_sd_config>`](https://prometheus.io/docs/prometheus/latest/configuration/configuration/#file_sd_config); VictoriaMetrics and the
//! OpenTelemetry collector's Prometheus receiver read the same.
//!
//! ```
//! use runtime_exposition::discovery::Announcement;
//! # let folder = tempfile::tempdir()?;
//!
//! let registration = Announcement::new("exp", "192.0.2.1:8080".parse()?)
//!     .label("environment", "staging")
//!     .register(folder.path())?;
//! // ... serve; then, as soon as no scrape is answered any more:
//! registration.withdraw()?;
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # A registration
//!
//! 1. Files of the same service whose process is gone are removed: see *After a crash*.
//! 2. `.SERVICE.PID.INSTANCE.NUMBER.tmp` is made, for its owner's eyes only, and locked. A server does not look at it.
//! 3. It is written, made readable for everybody (mode 0644), and renamed to `SERVICE.PID.INSTANCE.NUMBER.json`. So the server finds the whole file or
//!    none, and finds none that is not locked. It is not flushed to the disk: after a power failure no process is there to be found.
//! 4. The lock is held for as long as the [`Registration`] lives. It goes when that is dropped or withdrawn, and the file with it.
//! 5. Whoever calls [`Registration::renew`] now and then has the file written again, by steps 2 and 3, should somebody else have removed it.
//!
//! # After a crash
//!
//! A process that ends without dropping its registration leaves its file. The server then shows its `up` as 0, which is what an
//! alert waits for. The next process of the service that registers in the folder removes it. That the process is gone is told by the lock, which the operating system gives up with
//! the process: a process ID may long belong to another one, or mean another one in another container.
//!
//! Removed are regular files that belong to this user, are named as above, with this service's name, and are not locked. Whatever
//! else is in the folder, links and folders of such names included, is left alone.
//!
//! # Fork
//!
//! The lock is of the kind that a child does not inherit (`fcntl`, POSIX record locks), so a parent's file never outlives the
//! parent by its children. A child that drops or withdraws the registration that it inherited changes nothing; it registers itself, under its own instance ID.
//!
//! # Limitations
//!
//! - The folder must be on a file system on which such locks work for all who register there: any local one; a network file system only
//!   where its locks work between machines.
//! - Such a lock is lost when its process opens and closes the file by other means. So do not read your own file; the
//!   process keeps running all the same, but the next one that registers removes the file.

mod announcement;
mod error;
mod file_name;
mod notice;
mod registration;
mod sweep;
mod target;

pub use announcement::Announcement;
pub use error::{RegisterError, TargetError, WithdrawError};
pub use registration::{Registration, Renewal};
pub use target::Target;
