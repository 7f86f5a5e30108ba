//! The routes, asked over connections on loopback.

#![allow(clippy::unwrap_used, clippy::expect_used)] // a failed test may say so by any panic

mod differences;
mod documents;
mod events;
mod harness;
mod lifetime;
mod live;
mod protection;
mod sharing;
