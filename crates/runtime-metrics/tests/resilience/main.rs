//! What happens around the library may be bad: allocators that dawdle, threads that stop or die in the middle of a
//! record, settings that make no sense. Records stay cheap, cuts stay exact, and nobody waits.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod allocation;
mod allocator;
mod ledger;
mod modes;
mod panic;
#[cfg(target_os = "linux")]
mod pause;
#[cfg(target_os = "linux")]
mod pauser;
mod reading;
mod registry;
mod turn;
