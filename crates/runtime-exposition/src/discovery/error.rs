//! Why a process could not be announced, or not be withdrawn.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

/// Why a text is not a [`Target`](super::Target).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error(
    "{text:?} is not a host and a port; remedy: write it like worker-7.example.com:8080, 192.0.2.1:8080 or [2001:db8::1]:8080"
)]
pub struct TargetError {
    /// The rejected text.
    pub text: String,
}

/// Why [`Announcement::register`](super::Announcement::register) or [`Registration::renew`](super::Registration::renew) wrote no file.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RegisterError {
    /// The service's name cannot be part of a file's name.
    #[error(
        "the service name {service:?} cannot name a file; remedy: use 1 to 64 ASCII letters, digits, `_`, `-` and `.`, and \
         begin with a letter or a digit"
    )]
    Service {
        /// The rejected name.
        service: String,
    },
    /// A label has a name that servers do not accept.
    #[error(
        "{name:?} is no label name; remedy: use ASCII letters, digits and underscores, and begin with no digit"
    )]
    LabelName {
        /// The rejected name.
        name: String,
    },
    /// A label has a name that scrapers use themselves.
    #[error(
        "the label {name} would be overwritten by scrapers; remedy: choose a name other than endpoint, instance, job, service and type"
    )]
    ReservedLabel {
        /// The rejected name.
        name: String,
    },
    /// The file could not be written.
    #[error(
        "cannot write {} ({source}); remedy: make the folder, and let this process's user write to it",
        path.display()
    )]
    Write {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// The file could not be locked.
    #[error(
        "cannot lock {} ({source}); remedy: choose a folder on a file system that has POSIX locks, such as a local one",
        path.display()
    )]
    Lock {
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
}

/// Why [`Registration::withdraw`](super::Registration::withdraw) left the file.
#[derive(Debug, Error)]
#[error(
    "cannot remove {} ({source}); remedy: let this process's user write to the folder (the next process of the service that \
     registers there removes the file, too)",
    path.display()
)]
pub struct WithdrawError {
    /// The file.
    pub path: PathBuf,
    /// What the operating system said.
    pub source: io::Error,
}
