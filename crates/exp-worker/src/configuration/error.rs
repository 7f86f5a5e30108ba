//! Why a configuration could not be loaded. No message ever quotes a value.

use std::io;
use std::path::PathBuf;

use crate::one_line::OneLine;

/// What is wrong with the text of a configuration: cause and remedy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Fault {
    /// There is no text at all.
    #[error(
        "the file is empty; remedy: write a configuration into it, such as the one that exp-worker \
         --print-sample prints"
    )]
    Empty,
    /// The text is not JSON.
    #[error(
        "not JSON: {cause}; remedy: correct the text at or just before this place (a comma, a quote, a bracket?)"
    )]
    NotJson {
        /// What was found, in one of a few fixed phrases.
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
         or name none to serve the compiled-in sample",
        OneLine(path)
    )]
    Missing {
        /// The file as it was named.
        path: PathBuf,
    },
    /// It is a directory, a pipe or a device.
    #[error("configuration file {}: not a regular file; remedy: name a JSON file", OneLine(path))]
    NotAFile {
        /// The file as it was named.
        path: PathBuf,
    },
    /// The operating system refuses to read it.
    #[error("configuration file {}: it cannot be read ({source}); remedy: {}", OneLine(path), remedy(source))]
    Unreadable {
        /// The file as it was named.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// It is larger than a configuration may be.
    #[error("configuration file {}: over {limit} bytes; remedy: name a smaller file", OneLine(path))]
    TooLarge {
        /// The file as it was named.
        path: PathBuf,
        /// The limit in bytes.
        limit: u64,
    },
    /// Its text is at fault.
    #[error("configuration file {}, {error}", OneLine(path))]
    Faulty {
        /// The file as it was named.
        path: PathBuf,
        /// Where and why.
        error: ParseError,
    },
    /// The reading itself was abandoned, because the worker is stopping.
    #[error(
        "configuration file {}: the reading was abandoned, because the worker is stopping",
        OneLine(path)
    )]
    Abandoned {
        /// The file as it was named.
        path: PathBuf,
    },
}

/// What may help against an error of the operating system.
fn remedy(source: &io::Error) -> &'static str {
    match source.kind() {
        io::ErrorKind::PermissionDenied => "let the user that runs the worker read it",
        _ => "see to what the operating system says of it, or name another file",
    }
}
