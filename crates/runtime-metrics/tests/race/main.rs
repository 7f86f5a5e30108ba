//! All that threads may do to a registry at once, for ThreadSanitizer to watch (`just sanitize-thread`); elsewhere a test of
//! rule 6 as others are.
//!
//! ThreadSanitizer sees what is compiled with it, this crate and its dependencies, but not the standard library, and it knows no
//! fences. So that it raises no false alarm, these threads meet at atomics alone, until they are joined: a lock of the standard
//! library never finds a second thread at it, there is no barrier and no scope, and what threads share is leaked instead of
//! counted. What is left of false alarms, inside of the library, is in `false_alarms.txt`.
//!
//! Both fence modes are watched. What `membarrier` orders are atomics, which cannot race in its sense; that a stripe
//! is freed after its last use it has to find ordered by what the threads read of each other, in either mode.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod count;
mod cutter;
mod lineage;
mod shared;
mod turn;
mod way;
