//! What a Rust service adds to be counted, and to be seen.
//!
//! ```
//! use axum::{Router, routing::get};
//! use runtime_exposition::{Exposition, RequestLabel};
//! use runtime_http::{RequestMetricsLayer, Routes};
//! use runtime_metrics::Metrics;
//!
//! let metrics = Metrics::new();
//! let exposition = Exposition::builder().service_name("shop").request_label(RequestLabel::Route).build()?;
//! let routes = Routes::builder(metrics.clone(), exposition).build()?;
//!
//! let app: Router = Router::new()
//!     .route("/orders/{id}", get(async || "an order"))
//!     .merge(routes.router()) // /metrics, /api/health, /api/ready, /snapshot, /events, /history, /live
//!     .layer(RequestMetricsLayer::by_route(metrics)); // last, so that it is around all routes
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! - [`RequestMetricsLayer`] is tower middleware that counts requests: by the route template that axum matched, by path, or by a function of the request. It
//!   works with every tower service of HTTP requests: axum, hyper, tonic.
//! - [`Routes`] are an axum router that shows what is counted, to scrapers, probes, programs and people, with protection by options.
//! - [`history`] is what the routes remember by themselves: the last minute, hour and day.
//!
//! Deliveries are recorded by the service itself, where it knows that one succeeded: [`Metrics::record_config_delivery`](runtime_metrics::Metrics::record_config_delivery).
//! `examples/` in the sources shows a service on axum, on hyper, on tonic, and one without HTTP.
//!
//! # Cost
//!
//! A counted request costs what [`Metrics::record_request`](runtime_metrics::Metrics::record_request) does, some ten nanoseconds, and allocates nothing. Nothing that observes makes it wait: not a
//! thousand scrapers, and no slow one. What these cost is said with [`Routes`]; what the history takes, with [`history`].
//!
//! # When not to use it
//!
//! - Latencies, sizes and status codes are not recorded: use a general library's middleware beside it.
//! - By path, a public service has as many series as its visitors invent. Count by route.
//! - The layer counts requests when they begin. What fails on the way, or is never answered, is counted all the same.
//!
//! # Features
//!
//! - `axum` (default): counting by the route that axum matched.
//! - `routes` (default): the routes and the history. It builds zstd, which is C.
//! - `push-otlp`, `pushgateway`: `/metrics` shows how pushes fare.
//!
//! Without features there is the layer alone, which needs no more of the ecosystem than `http` and tower's two traits.

#![forbid(unsafe_code)]

mod counting;
#[cfg(feature = "routes")]
pub mod history;
#[cfg(feature = "routes")]
mod page;
#[cfg(feature = "routes")]
mod routes;

pub use crate::counting::{LabelRequest, RawPath, RequestMetrics, RequestMetricsLayer};
#[cfg(feature = "axum")]
pub use crate::counting::{MatchedRoute, UNMATCHED_LABEL};
#[cfg(feature = "routes")]
pub use crate::page::Page;
#[cfg(feature = "routes")]
pub use crate::routes::{Routes, RoutesBuilder, RoutesError};

/// The README's example, run as a test.
#[cfg(all(doctest, feature = "routes"))]
#[doc = include_str!("../README.md")]
struct Readme;
