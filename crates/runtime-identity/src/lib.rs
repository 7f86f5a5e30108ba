//! Who this process is: process ID, hostname, instance ID and start instant.
//!
//! [`ProcessIdentity::current`] gives the same value everywhere in one process life, and a new one after
//! `fork()`: the child has its own process ID, instance ID and start instant, and keeps its parent's instance
//! ID as [`ProcessIdentity::parent_instance_id`].
//!
//! The crate also offers what it needs itself to be aware of forks, for other crates that keep state per
//! process life: the number of the [process life](fork::process_life), and a
//! [hook that runs in the child](fork::on_fork_in_child).
//!
//! ```
//! use runtime_identity::ProcessIdentity;
//!
//! let identity = ProcessIdentity::current();
//! assert_eq!(identity.process_id(), std::process::id());
//! assert_eq!(identity, ProcessIdentity::current());
//! println!("{} on {}", identity.instance_id(), identity.hostname());
//! ```
//!
//! # Limitations
//!
//! - Unix only.
//! - A child made past the C library's `fork`, by `_Fork`, `vfork` or a raw `clone`, is not noticed: the C library
//!   runs no fork handler for it.
//! - A fork before the first use of this crate is not noticed either; nothing was stamped that could be stale.

mod birth;
pub mod clock;
pub mod fork;
mod identity;

pub use identity::ProcessIdentity;

/// The README's example, run as a test.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
