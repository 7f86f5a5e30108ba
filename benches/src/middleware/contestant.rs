//! Who counts.

use std::fmt;

use clap::ValueEnum;

/// What is around the routes of the worker.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Middleware {
    /// No middleware: requests are not counted.
    Nothing,
    /// The layer of `runtime-http`, by path.
    Ours,
    /// An axum middleware that increments a counter of `metrics` with the path as its label, the recorder that of `metrics-exporter-prometheus`.
    Metrics,
    /// An axum middleware that increments a counter of a `prometheus` vector by the path.
    Prometheus,
}

impl fmt::Display for Middleware {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Nothing => "nothing",
            Self::Ours => "ours",
            Self::Metrics => "metrics",
            Self::Prometheus => "prometheus",
        })
    }
}
