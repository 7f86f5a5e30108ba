//! Pushes to receivers of the tests' own, on loopback, that fail in every way that receivers fail in.
//!
//! Nothing here waits for a certain time: what is asserted is what a receiver holds in the end, whatever happened on the way.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on panics, in its harness too"
)]

mod abandoned;
mod end;
mod failures;
mod gateway;
mod grpc;
mod ledger;
mod process;
mod receiver;
mod requests;
mod resets;
mod run;
mod tls;
mod variables;
