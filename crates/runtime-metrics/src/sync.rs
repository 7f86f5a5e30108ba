//! The atomics of this crate, in one place: nothing else imports them, so that a model checker can put its own
//! in their stead.

pub(crate) use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, AtomicUsize, Ordering};
