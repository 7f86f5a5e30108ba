//! What observers read: whole pages and documents, made from snapshots of real registries.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by panicking")]

mod callers;
mod difference;
mod document;
mod document_reader;
mod expected;
mod golden;
mod health;
mod history;
mod labels;
mod openmetrics;
mod options;
#[cfg(feature = "otlp")]
mod otlp;
#[cfg(feature = "otlp")]
mod otlp_reader;
mod reader;
mod sums;
