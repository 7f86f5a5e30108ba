//! Process-local metrics with exact snapshots.
//!
//! A service worker counts what it does: HTTP requests by path, and configuration deliveries by endpoint,
//! target, caller and config name. Operators ask it how it is doing and get one true answer, while it runs at full speed.
//!
//! ```
//! use runtime_metrics::{get_request_metrics_snapshot, record_request, reset_metrics};
//!
//! record_request("/");
//! assert_eq!(get_request_metrics_snapshot().total_requests(), 1);
//! let ended = reset_metrics();
//! assert_eq!(ended.requests().total_requests(), 1);
//! assert_eq!(get_request_metrics_snapshot().total_requests(), 0);
//! ```
//!
//! The functions at the crate's root count into one registry for the whole process; [`Metrics`] is a registry of
//! one's own. [`RequestCounter`] and [`DeliveryPlan`] are handles for what is recorded often.
//!
//! # Consistency
//!
//! Every [`Snapshot`] is a *cut*: there is one instant such that it holds exactly the records that took effect
//! before it. Whatever runs beside it:
//!
//! 1. the total of the requests is the sum over the paths;
//! 2. the totals of the deliveries are the sums over each of their maps: a delivery is in all of them or in none;
//! 3. a record that returned before the snapshot was asked for is in it, one that began after it returned is not;
//! 4. if one record happened before another, the other in the snapshot implies the one;
//! 5. between two resets no count ever goes down;
//! 6. nothing is lost or counted twice: the windows that resets returned and the current snapshot sum up to what
//!    was recorded.
//!
//! # Cost
//!
//! Recording is wait-free once a thread has recorded in the window and the labels have been met, and writes no
//! cache line that another thread writes. A snapshot waits for no recording thread. How that works is told in
//! order in the sources: `seat` (how a thread may use its cells), `scan` (how a cut is taken), `tables` (which
//! cell a record adds to). `docs/correctness.md` in the repository holds the argument that spans them, and what has been checked.
//!
//! # Fence modes
//!
//! Where Linux grants the system call `membarrier`, records execute no fence of their own, and each cut makes all threads
//! of the process execute two ([`FenceMode::Asymmetric`]). Elsewhere, and if asked to
//! ([`MetricsBuilder::portable_fences`], [`MetricsBuilder::FENCES_VARIABLE`]), records execute two full fences each. The rules above hold in
//! both modes alike.
//!
//! # Bounds
//!
//! Each family has a series limit and each label a byte limit ([`MetricsBuilder`]). What is over a limit is
//! counted under [`OVERFLOW_LABEL`], and every rule above holds all the same.
//!
//! # Limitations
//!
//! - Unix only. Recording is not async-signal-safe, and nothing may fork or record inside a global allocator. A
//!   child that was forked inside `AsRef::as_ref` of a config name must not return from it: the record in progress is its parent's.
//! - Counts are 64 bits and wrap.
//! - A reset begins new tables: each thread allocates its cells anew, and each label is met anew. It is meant for
//!   tests and operators, not for every scrape; differences between two snapshots are exact and cost nothing.
//! - A thread that is frozen in the middle of a record, when a reset comes, keeps the memory of that window alive
//!   until the first cut after it goes on. It delays nobody.
//! - A snapshot keeps the labels of its window in memory as long as it lives.
//!
//! # Features
//!
//! - `serde`: `Serialize` for all snapshot types.

#![cfg_attr(runtime_metrics_loom, allow(dead_code))] // the models use the core alone

mod alias;
mod barrier;
mod builder;
mod carried;
mod catalogue;
mod collector;
mod cut;
mod delivery_plan;
mod entry;
mod fence;
mod generation;
mod global;
mod hashing;
mod index;
mod interner;
mod label;
mod lane;
mod limits;
mod metrics;
#[cfg(all(test, runtime_metrics_loom))]
mod models;
mod phase;
mod plan_room;
mod plans;
mod registry;
mod rejected;
mod request_counter;
mod resolved;
mod roster;
mod scan;
mod seat;
mod series;
mod snapshot;
mod state;
#[cfg(all(test, not(runtime_metrics_loom)))]
mod steps;
mod stripe;
mod sync;
mod tables;
mod text;
mod thread;
mod time_text;
mod unlabelled;
mod window;

pub use builder::{BuildError, MetricsBuilder};
pub use delivery_plan::DeliveryPlan;
pub use fence::FenceMode;
pub use global::{
    get_process_runtime_snapshot, get_request_metrics_snapshot, get_served_config_metrics_snapshot, global,
    record_config_delivery, record_request, reset_metrics,
};
pub use label::OVERFLOW_LABEL;
pub use metrics::Metrics;
pub use request_counter::RequestCounter;
pub use snapshot::{
    Counts, CountsIter, DeliveryCount, DeliveryTable, Occupancy, Overflow, ProcessRuntimeSnapshot,
    RequestMetricsSnapshot, RequestTable, ServedConfigMetricsSnapshot, Snapshot, ValueCount,
};
pub use time_text::iso_8601;

/// The READMEs' examples, run as tests.
#[cfg(doctest)]
#[doc = include_str!("../../../README.md")]
#[doc = include_str!("../README.md")]
struct Readme;
