//! Removing what dead processes left.

use std::fs::{File, OpenOptions};
use std::os::unix::fs::{MetadataExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use rustix::fs::{FlockOperation, OFlags, fcntl_lock};
use uuid::Uuid;

use super::file_name::FileName;

/// A temporary file that is younger may be about to be locked.
const TEMPORARY_AGE: Duration = Duration::from_secs(60);

/// Removes the files of `service` whose processes are gone, and returns which. What cannot be looked at or removed stays.
///
/// The files of the process life `own` are not even opened: closing them again would give up their locks.
pub(super) fn sweep(folder: &Path, service: &str, own: Uuid) -> Vec<PathBuf> {
    let mut swept = Vec::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let file = entry.file_name();
        let Some(name) = file.to_str().and_then(FileName::parse) else { continue };
        let is_anothers = name.service == service && name.instance_id != own;
        let path = entry.path();
        if is_anothers && is_abandoned(&path).unwrap_or(false) && std::fs::remove_file(&path).is_ok() {
            swept.push(path);
        }
    }
    swept
}

/// Whether it is a file of ours that nobody holds.
fn is_abandoned(path: &Path) -> std::io::Result<bool> {
    // Neither follows a link nor waits for a pipe's writer.
    let flags = (OFlags::NOFOLLOW | OFlags::NONBLOCK).bits() as i32;
    let file: File = OpenOptions::new().read(true).custom_flags(flags).open(path)?;
    let metadata = file.metadata()?;
    let is_ours = metadata.is_file() && metadata.uid() == rustix::process::geteuid().as_raw();
    let is_settled = path.extension().is_some_and(|extension| extension == "json")
        || metadata.modified()?.elapsed().is_ok_and(|age| age > TEMPORARY_AGE);
    Ok(is_ours && is_settled && fcntl_lock(&file, FlockOperation::NonBlockingLockShared).is_ok())
}
