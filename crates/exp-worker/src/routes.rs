//! The routes, one file for each kind of answer.

pub(crate) mod configuration;
pub(crate) mod index;
