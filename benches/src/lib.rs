//! What the benchmarks record, and what they record it with.
//!
//! A [`Workload`] is a set of items and a pseudo-random order to go through them in; a [`Recorder`] counts
//! them. The [`contestants`] of a workload are this project's ways and those of its [`peers`], one small type each, so
//! that every comparison runs the very same code:
//!
//! | command | what it shows |
//! |---|---|
//! | `cargo bench -p benches --bench record` | one record, by criterion, one contestant after the other |
//! | `cargo run --release -p benches --bin interleaved` | the same in turns within one process, on one thread and on two |
//! | `cargo run --release -p benches --bin lap` | one contestant alone, for counting instructions |
//! | `cargo run --release -p benches --bin hostile_paths` | five million distinct paths: exact totals, bounded memory |
//!
//! Rankings of contestants that are close flip between processes on a shared machine: repeat, and prefer
//! `interleaved` for ratios and instruction counts for causes.
//!
//! The peers are dependencies of this crate alone.

pub mod contestants;
pub mod cpu_time;
pub mod delivery;
pub mod empty;
pub mod ours;
pub mod path;
pub mod peak_memory;
pub mod peers;
pub mod race;
pub mod recorder;
pub mod soak;
pub mod spread;
pub mod workload;

pub use recorder::Recorder;
pub use workload::Workload;
