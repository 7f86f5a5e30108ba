//! The file of a process: what is in it, and where.

use std::fs::{File, Permissions, symlink_metadata};
use std::io::Write as _;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, fcntl_lock};

use super::error::RegisterError;
use super::file_name::FileName;

/// What the server, which is another user, may do: read.
const MODE: u32 = 0o644;

/// A file that is to be found in a folder.
#[derive(Debug)]
pub(super) struct Notice {
    /// Absolute.
    path: PathBuf,
    /// Its name while it is written.
    temporary: String,
    content: Vec<u8>,
}

impl Notice {
    /// Nothing is written yet. `folder` is absolute.
    pub(super) fn new(folder: &Path, name: &FileName<'_>, content: Vec<u8>) -> Self {
        Self { path: folder.join(name.published()), temporary: name.temporary(), content }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    /// Writes the file, in place of whatever has its name, and returns it locked.
    pub(super) fn publish(&self) -> Result<File, RegisterError> {
        let cannot_write = |source| RegisterError::Write { path: self.path.clone(), source };
        let folder = self.path.parent().unwrap_or(Path::new("/"));
        // Without permissions of its own choice the file is its owner's, so that nobody else locks it first.
        let mut file = tempfile::Builder::new()
            .prefix(&self.temporary)
            .rand_bytes(0)
            .tempfile_in(folder)
            .map_err(cannot_write)?;
        fcntl_lock(&file, FlockOperation::LockExclusive)
            .map_err(|error| RegisterError::Lock { path: self.path.clone(), source: error.into() })?;
        file.write_all(&self.content).map_err(cannot_write)?;
        file.as_file().set_permissions(Permissions::from_mode(MODE)).map_err(cannot_write)?;
        file.persist(&self.path).map_err(|error| cannot_write(error.error))
    }

    /// Whether `file`, once published, is what is found there, and is as long as it was. Nothing is opened: to close it again would give
    /// up the lock.
    pub(super) fn is_found_as(&self, file: &File) -> bool {
        let (Ok(found), Ok(own)) = (symlink_metadata(&self.path), file.metadata()) else { return false };
        (found.dev(), found.ino()) == (own.dev(), own.ino()) && own.len() == self.content.len() as u64
    }
}
