//! What all processes found out, as a table, as a file and as a picture.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

pub mod finding;
pub mod goals;
pub mod machine;
pub mod plot;
pub mod program;
pub mod table;

use crate::report::finding::Finding;
use crate::report::goals::Goal;
use crate::report::machine::Machine;
use crate::report::program::Program;

/// One run of the benchmark on one machine.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Report {
    /// When it began, in UTC (ISO 8601).
    pub began_at: String,
    /// Git's name of the sources, if there is a repository.
    pub revision: Option<String>,
    /// What it ran on.
    pub machine: Machine,
    /// How much was done.
    pub program: Program,
    /// What was found out, a scenario each.
    pub findings: Vec<Finding>,
    /// What was to be shown.
    pub goals: Vec<Goal>,
}

impl Report {
    /// Writes the report into `folder`, as `<date>-<machine>.json` and `.svg`; a report of the same day and machine is
    /// replaced.
    ///
    /// # Errors
    ///
    /// If the files cannot be written, or the picture not be drawn.
    pub fn save(&self, folder: &Path) -> io::Result<[PathBuf; 2]> {
        fs::create_dir_all(folder)?;
        let date = self.began_at.split('T').next().unwrap_or_default();
        let stem = format!("{date}-{}", self.machine.name);
        let [json, svg] = ["json", "svg"].map(|kind| folder.join(format!("{stem}.{kind}")));
        fs::write(&json, serde_json::to_string_pretty(self)? + "\n")?;
        let picture = plot::svg(&self.machine, &self.findings).map_err(io::Error::other)?;
        fs::write(&svg, picture)?;
        Ok([json, svg])
    }
}
