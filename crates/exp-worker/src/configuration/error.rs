//! Why a configuration could not be loaded. No message ever quotes a value.

use std::path::PathBuf;

/// What is wrong with the text of a configuration: cause and remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// The text is not JSON.
    #[error(
        "not JSON: {cause}; remedy: correct the text at or just before this place (a comma, a quote, a bracket?)"
    )]
    NotJson {
        /// What the JSON parser found; one of its fixed phrases.
        cause: String,
    },
    /// The text is JSON, but not a configuration.
    #[error("{cause}; remedy: {remedy}")]
    WrongShape {
        /// What is wrong, in terms of kinds and names.
        cause: String,
        /// What to do about it.
        remedy: String,
    },
}

/// A fault in the text of a configuration, and where it is.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {fault}")]
pub struct ParseError {
    /// Line, from 1.
    pub line: usize,
    /// Column in bytes, from 1; 0 when the line itself is meant.
    pub column: usize,
    /// What is wrong there.
    pub fault: Fault,
}

/// Why a configuration file could not be loaded.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LoadError {
    /// There is no such file.
    #[error(
        "configuration file {}: there is no such file; remedy: name one that exists with --config or EXP_CONFIG, \
         or name none to serve the compiled-in sample", path.display()
    )]
    Missing {
        /// The file as it was named.
        path: PathBuf,
    },
    /// It is a directory, a pipe or a device.
    #[error("configuration file {}: not a regular file; remedy: name a JSON file", path.display())]
    NotAFile {
        /// The file as it was named.
        path: PathBuf,
    },
    /// The operating system refuses to read it.
    #[error(
        "configuration file {}: it cannot be read ({source}); remedy: let the user that runs the worker read it",
        path.display()
    )]
    Unreadable {
        /// The file as it was named.
        path: PathBuf,
        /// What the operating system said.
        source: std::io::Error,
    },
    /// It is larger than a configuration may be.
    #[error("configuration file {}: over {limit} bytes; remedy: name a smaller file", path.display())]
    TooLarge {
        /// The file as it was named.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// Its text is at fault.
    #[error("configuration file {}, {error}", path.display())]
    Faulty {
        /// The file as it was named.
        path: PathBuf,
        /// Where and why.
        error: ParseError,
    },
    /// The reading itself was abandoned, because the worker is stopping.
    #[error("configuration file {}: the reading was abandoned, because the worker is stopping", path.display())]
    Abandoned {
        /// The file as it was named.
        path: PathBuf,
    },
}
