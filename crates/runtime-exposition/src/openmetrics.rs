//! OpenMetrics 1.0.
//!
//! Source: [OpenMetrics, version 1.0.0](https://prometheus.io/docs/specs/om/open_metrics_spec/). Pages are written by
//! [`Exposition::text`](crate::Exposition::text).
//!
//! # A page
//!
//! The families of [`prometheus`](crate::prometheus), in the same order and with the same samples, and what this format adds:
//!
//! - A counter's family is named without `_total`. Each of its samples is followed by one of `_created`: the time, in seconds since
//!   1970, at which it last was 0. That is the start of the measurement window, and moves at a reset; of `<ns>_snapshots` and `process_cpu_seconds`, which
//!   no reset begins anew, it is the start of the process.
//! - `target_info` and `<ns>_build_info` are of type info, of the families `target` and `<ns>_build`.
//! - Families that are in seconds or bytes say so (`# UNIT`).
//! - `# EOF` is the last line.

/// The `Content-Type` of a page.
pub const CONTENT_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";
