//! What the benchmarks record, and what they record it with.
//!
//! A [`Workload`] is a set of items and a pseudo-random order to go through them in; a [`Recorder`] counts
//! them. The [`contestants`] of a workload are this project's ways and those of its [`peers`], one small type each, so
//! that every comparison runs the very same code:
//!
//! | command | what it shows |
//! |---|---|
//! | `just bench`, `just bench-full` | everything in turns within one process, again in several processes: tables, goals, and files in `benches/records` |
//! | `just criterion` | each operation by itself, by criterion |
//! | `just memory` | bytes of a series, of a thread, and of a series of a thread |
//! | `just tune` | which fence mode and which limits to choose on the machine that it runs on |
//! | `just instructions` | instructions of a record, compared with limits |
//! | `just middleware` | the exp worker under load with one middleware or another, or none |
//! | `just hostile-paths` | five million distinct paths: exact totals, bounded memory |
//!
//! A [`Scenario`](scenario::Scenario) is one thing to find out about all contestants; one process finds out a
//! [`Sample`](sample::Sample) of it, and a [`Report`](report::Report) puts the samples together.
//!
//! Rankings of contestants that are close flip between processes on a shared machine: look at the figures by process, and
//! prefer ratios within a race to times, and instruction counts for causes.
//!
//! The peers are dependencies of this crate alone.

pub mod contestants;
pub mod delivery;
pub mod empty;
pub mod footprint;
pub mod instructions;
pub mod latency;
pub mod middleware;
pub mod observer;
pub mod one_handle;
pub mod ours;
pub mod page;
pub mod path;
pub mod peers;
pub mod processor;
pub mod projection;
pub mod race;
pub mod reading;
pub mod recorder;
pub mod report;
pub mod resident;
pub mod sample;
pub mod scenario;
pub mod soak;
pub mod spread;
pub mod tuning;
pub mod workload;

pub use recorder::Recorder;
pub use workload::Workload;
