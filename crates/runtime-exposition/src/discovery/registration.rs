//! A process that is announced.

use std::fs::File;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use super::error::{RegisterError, WithdrawError};
use super::notice::Notice;

/// This process's file in a folder of service discovery: there until this is withdrawn or dropped.
///
/// In a forked child it is its parent's, and does nothing.
#[derive(Debug)]
#[must_use = "dropping it withdraws the process"]
pub struct Registration {
    notice: Notice,
    /// The process that registered.
    process_id: u32,
    swept: Vec<PathBuf>,
    /// Open for as long as the file is there: closing it gives up the lock.
    locked: File,
}

/// What [`Registration::renew`] found and did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Renewal {
    /// The file is there, as it was written. (Or it is the file of this process's parent, and none of its business.)
    Untouched,
    /// The file was gone, cut short, or another one had its name: it was written anew.
    Rewritten,
}

impl Registration {
    /// Writes the file.
    pub(super) fn publish(notice: Notice, swept: Vec<PathBuf>) -> Result<Self, RegisterError> {
        let locked = notice.publish()?;
        Ok(Self { notice, process_id: std::process::id(), swept, locked })
    }

    /// The file: an absolute path.
    #[must_use]
    pub fn path(&self) -> &Path {
        self.notice.path()
    }

    /// The files of dead processes that were removed before this one was written.
    #[must_use]
    pub fn swept(&self) -> &[PathBuf] {
        &self.swept
    }

    /// Looks whether the file is still there, and writes it again if somebody else removed it: a cleaner of temporary files, say, or
    /// whoever made the folder anew. Nobody tells a process of that, so call it every few seconds.
    ///
    /// *Cost:* two questions to the file system while the file is there. Blocks on file operations.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] if the file is gone and cannot be written. The registration stays, and the next call tries again.
    pub fn renew(&mut self) -> Result<Renewal, RegisterError> {
        if std::process::id() != self.process_id || self.notice.is_found_as(&self.locked) {
            return Ok(Renewal::Untouched);
        }
        self.locked = self.notice.publish()?;
        Ok(Renewal::Rewritten)
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
        match std::fs::remove_file(self.path()) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(WithdrawError { path: self.path().to_owned(), source: error })
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
