//! The routes, one file for each kind of answer.

pub(crate) mod configuration;
pub(crate) mod health;
pub(crate) mod index;
pub(crate) mod metrics;
mod observed;
