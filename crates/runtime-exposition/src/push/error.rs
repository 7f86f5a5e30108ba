//! What can be wrong with what a pusher is told.

use std::io;
use std::path::PathBuf;

use thiserror::Error;

use crate::error::PairsError;

/// Why a pusher could not be set up. `origin` is the environment variable or the builder's method that the value came from.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum PushConfigError {
    /// No receiver can be reached at that.
    #[error("{origin} is no address of a receiver ({problem}); remedy: give it a URL such as {example}")]
    Endpoint {
        /// What set it.
        origin: &'static str,
        /// What is wrong with it.
        problem: &'static str,
        /// An address that would do.
        example: &'static str,
    },
    /// A word that is not one of those there are.
    #[error("{origin} is {value:?}; remedy: set it to one of {expected}, or do not set it")]
    Word {
        /// What set it.
        origin: &'static str,
        /// The rejected word.
        value: String,
        /// The words there are.
        expected: &'static str,
    },
    /// A text that is no number of milliseconds.
    #[error("{origin} is {value:?}; remedy: set it to a whole number of milliseconds, {least} or more")]
    Milliseconds {
        /// What set it.
        origin: &'static str,
        /// The rejected text.
        value: String,
        /// The least number.
        least: u64,
    },
    /// A list of pairs that cannot be read.
    #[error(transparent)]
    Pairs(#[from] PairsError),
    /// A header that may not be set, or not like that. Its value may be a secret, and is not quoted.
    #[error("the header {name:?} of {origin} cannot be sent ({problem}); remedy: correct or remove it")]
    Header {
        /// What set it.
        origin: &'static str,
        /// Its name.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// A header whose name is none. It may hold a secret, and is not quoted.
    #[error(
        "a header of {origin} has a name with characters that no header may have; remedy: in a variable write it as `name=value`, \
         not as `name: value`"
    )]
    HeaderName {
        /// What set it.
        origin: &'static str,
    },
    /// A file that cannot be read.
    #[error("the file {} of {origin} cannot be read ({source}); remedy: name a file that this process may read", path.display())]
    File {
        /// What named it.
        origin: &'static str,
        /// The file.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// A file that holds something else.
    #[error("the file {} of {origin} holds no {expected} ({problem}); remedy: give it one in PEM", path.display())]
    Pem {
        /// What named it.
        origin: &'static str,
        /// The file.
        path: PathBuf,
        /// What it should hold.
        expected: &'static str,
        /// What is wrong with it.
        problem: String,
    },
    /// The text of a certificate or a key where the name of a file is wanted. It may be a secret, and is not quoted.
    #[error(
        "{origin} holds the text of a certificate or a key, not the name of a file; remedy: write the text to a file and name that"
    )]
    PemText {
        /// What set it.
        origin: &'static str,
    },
    /// A certificate without its key, or the other way round.
    #[error("{given} is set and {lacking} is not; remedy: set both, or none")]
    HalfIdentity {
        /// What set the half that is there.
        given: &'static str,
        /// What would set the other.
        lacking: &'static str,
    },
    /// The certificates that this machine trusts cannot be had.
    #[error(
        "this machine's trusted certificates cannot be had ({problem}); remedy: install them (Debian: ca-certificates), or name a file with those \
         of the receiver"
    )]
    Roots {
        /// What the operating system said.
        problem: String,
    },
    /// The certificate that is to be shown to the receiver cannot be used with its key.
    #[error(
        "the certificate of {certificate} cannot be used with the key of {key} ({problem}); remedy: name the two that belong together"
    )]
    Identity {
        /// What named the certificate.
        certificate: &'static str,
        /// What named the key.
        key: &'static str,
        /// What the TLS library said.
        problem: String,
    },
    /// The TLS library cannot be set up at all.
    #[error("TLS cannot be set up ({problem}); remedy: report this as a defect of runtime-exposition")]
    Tls {
        /// What the TLS library said.
        problem: String,
    },
    /// A label that pushes cannot be grouped by.
    #[error(
        "pushes cannot be grouped by the label {name:?} ({problem}); remedy: choose another name or value"
    )]
    Grouping {
        /// The label's name.
        name: String,
        /// What is wrong with it.
        problem: &'static str,
    },
}
