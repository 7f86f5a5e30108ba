//! What threads share in the arguments of this crate, in one place: atomics, locks, maps and swapped pointers. (Elsewhere are
//! only what is set once in a process, and the source of generation numbers.)
//!
//! There are two sets, of the same names: the real ones, and those of the model checker `loom`, chosen by
//! `--cfg runtime_metrics_loom` for the models in [`models`](crate::models).

#![allow(unsafe_code)] // hands the contracts of a cell on

#[cfg(not(runtime_metrics_loom))]
mod native;
#[cfg(not(runtime_metrics_loom))]
pub(crate) use native::*;

mod keyed;
pub(crate) use keyed::{Key, Keyed};

#[cfg(runtime_metrics_loom)]
mod modelled;
#[cfg(runtime_metrics_loom)]
pub(crate) use modelled::*;

/// Defines a function that is `const` unless the types of the model checker stand in it.
macro_rules! const_unless_modelled {
    ($(#[$attribute:meta])* $visibility:vis fn $($function:tt)*) => {
        #[cfg(not(runtime_metrics_loom))]
        $(#[$attribute])*
        $visibility const fn $($function)*
        #[cfg(runtime_metrics_loom)]
        $(#[$attribute])*
        $visibility fn $($function)*
    };
}
pub(crate) use const_unless_modelled;
