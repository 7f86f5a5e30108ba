//! The real server on loopback ports, asked by a client that sends exactly the bytes it is told to.
//!
//! One file for each part of the interface; each test is named by the sentence that it proves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on panics, in its harness too"
)]

mod harness;

mod bad_input;
mod callers;
mod configuration_file;
mod connections;
mod deliveries;
mod discovery;
mod health;
mod hosts;
mod observers;
mod process;
mod push;
mod secrets;
mod shutdown;
mod targets_and_tokens;
mod wrapping;
