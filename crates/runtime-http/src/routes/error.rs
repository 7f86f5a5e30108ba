//! What can be wrong with the options of routes.

use thiserror::Error;

/// Why [`RoutesBuilder::build`](crate::RoutesBuilder::build) refused its options.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RoutesError {
    /// The base path is not one; it is handed back.
    #[error(
        "the base path {base_path:?} is not one; remedy: begin it with a slash, end it without one, and use letters, digits, `-`, `.`, `_`, `~` and single slashes only, \
         as in `/internal`"
    )]
    BasePath {
        /// As it was given.
        base_path: String,
    },
    /// The bearer token cannot be sent in a header, or is empty: an empty one would guard nothing. It is not quoted.
    #[error(
        "the bearer token cannot be used; remedy: give it 1 to {most} letters, digits, `-`, `.`, `_`, `~`, `+` and `/`, with `=` at its end only (RFC 6750), or none at all",
        most = super::token::MOST_BYTES
    )]
    BearerToken,
    /// An option that must be at least 1 is 0.
    #[error("{option} is 0; remedy: give it 1 at least, or leave it out")]
    Zero {
        /// The name of the option.
        option: &'static str,
    },
}
