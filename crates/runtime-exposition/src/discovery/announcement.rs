//! What a process says about itself, before it does.

use std::collections::BTreeMap;
use std::path::Path;

use runtime_identity::ProcessIdentity;
use serde::Serialize;

use super::error::RegisterError;
use super::file_name::FileName;
use super::notice::Notice;
use super::registration::Registration;
use super::sweep::sweep;
use super::target::Target;

/// Labels that scrapers overwrite, or move aside when they find them.
const RESERVED_LABELS: [&str; 5] = ["endpoint", "instance", "job", "service", "type"];

/// Where this process is scraped, and what a server should add to its series.
#[derive(Debug, Clone, PartialEq, Eq)]
#[must_use = "nobody is told before it is registered"]
pub struct Announcement {
    service: String,
    target: Target,
    labels: BTreeMap<String, String>,
}

/// An entry of the file. Source: see the [module](super).
#[derive(Serialize)]
struct TargetGroup<'a> {
    targets: [&'a Target; 1],
    labels: &'a BTreeMap<String, String>,
}

impl Announcement {
    /// This service's instance is scraped at `target`. Processes of one service clean up after each other.
    pub fn new(service: impl Into<String>, target: Target) -> Self {
        Self { service: service.into(), target, labels: BTreeMap::new() }
    }

    /// A label that the server adds to every series of this process; of two with one name the later counts.
    pub fn label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.insert(name.into(), value.into());
        self
    }

    /// Removes the files that dead processes of this service left in `folder`, and writes this process's file there.
    ///
    /// A relative folder is the one that it names at this call, wherever the process goes later.
    ///
    /// *Cost:* reads the folder's list; blocks on file operations.
    ///
    /// # Errors
    ///
    /// [`RegisterError`] if the service's name or a label cannot be written, or the folder is not there or cannot be written to or
    /// locked in. No file is left then.
    pub fn register(&self, folder: impl AsRef<Path>) -> Result<Registration, RegisterError> {
        self.check()?;
        let folder = folder.as_ref();
        let cannot_write = |source| RegisterError::Write { path: folder.to_owned(), source };
        let content = self.content().map_err(|error| cannot_write(error.into()))?;
        let folder = std::path::absolute(folder).map_err(cannot_write)?;
        let own = ProcessIdentity::current();
        let swept = sweep(&folder, &self.service, own.instance_id());
        let notice = Notice::new(&folder, &FileName::next(&self.service, &own), content);
        Registration::publish(notice, swept)
    }

    /// What a server reads.
    fn content(&self) -> serde_json::Result<Vec<u8>> {
        let group = TargetGroup { targets: [&self.target], labels: &self.labels };
        let mut content = serde_json::to_vec(&[group])?;
        content.push(b'\n');
        Ok(content)
    }

    fn check(&self) -> Result<(), RegisterError> {
        if !FileName::is_service(&self.service) {
            return Err(RegisterError::Service { service: self.service.clone() });
        }
        for name in self.labels.keys() {
            if !is_label_name(name) {
                return Err(RegisterError::LabelName { name: name.clone() });
            }
            if RESERVED_LABELS.contains(&name.as_str()) {
                return Err(RegisterError::ReservedLabel { name: name.clone() });
            }
        }
        Ok(())
    }
}

/// Whether it matches `[a-zA-Z_][a-zA-Z0-9_]*`: a label name of the
/// [data model](https://prometheus.io/docs/concepts/data_model/).
fn is_label_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|first: char| first.is_ascii_digit())
        && name.chars().all(|character| character == '_' || character.is_ascii_alphanumeric())
}
