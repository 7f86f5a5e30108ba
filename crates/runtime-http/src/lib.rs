//! What a Rust service adds to be seen: the live [`Page`].

#![forbid(unsafe_code)]

mod page;

pub use crate::page::Page;
