//! A process that is announced.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::WithdrawError;

/// This process's file in a folder of service discovery: there until this is withdrawn or dropped.
///
/// In a forked child it is its parent's, and does nothing.
#[derive(Debug)]
#[must_use = "dropping it withdraws the process"]
pub struct Registration {
    path: PathBuf,
    /// The process that registered.
    process_id: u32,
    swept: Vec<PathBuf>,
    /// Open for as long as the file is there: closing it gives up the lock.
    _locked: File,
}

impl Registration {
    pub(super) fn new(path: PathBuf, locked: File, swept: Vec<PathBuf>) -> Self {
        Self { path, process_id: std::process::id(), swept, _locked: locked }
    }

    /// The file.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The files of dead processes that were removed before this one was written.
    #[must_use]
    pub fn swept(&self) -> &[PathBuf] {
        &self.swept
    }

    /// Removes the file, so that the server forgets this process. Dropping does the same, and says nothing of errors.
    ///
    /// # Errors
    ///
    /// [`WithdrawError`] if the file is there and cannot be removed.
    pub fn withdraw(mut self) -> Result<(), WithdrawError> {
        self.remove()
    }

    /// Does nothing the second time, nor in a forked child. (A descendant with the same process ID lives only when this
    /// process does not, and may remove its file.)
    fn remove(&mut self) -> Result<(), WithdrawError> {
        if std::process::id() != std::mem::take(&mut self.process_id) {
            return Ok(());
        }
        match std::fs::remove_file(&self.path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(WithdrawError { path: self.path.clone(), source: error })
            }
            _ => Ok(()),
        }
    }
}

impl Drop for Registration {
    fn drop(&mut self) {
        // Nobody could be told; the next registration removes what is left.
        let _ = self.remove();
    }
}
