//! Any bytes are a configuration that answers, or an error that names cause and remedy and no value.
//!
//! Whether a message shows a value is not asked of its words, which a value may have by chance: the values of the text are
//! masked (see [`masked`]), and what is said of both texts must be the same.

#![no_main]
#![allow(clippy::unwrap_used)] // a panic is how a fuzz target speaks

mod accepted;
#[path = "../entries.rs"]
mod entries;
mod masked;
mod refused;
mod written;

use exp_worker::configuration::Configuration;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    match (Configuration::parse(text), Configuration::parse(&masked::masked(text))) {
        (Ok(configuration), Ok(masked)) => {
            assert_eq!(
                format!("{configuration:?}"),
                format!("{masked:?}"),
                "the values decide what is shown"
            );
            accepted::check(text, configuration);
        }
        (Err(error), Err(masked)) => {
            assert_eq!(error.to_string(), masked.to_string(), "the values decide what is said");
            refused::check(text, &error);
        }
        (Ok(_), Err(error)) | (Err(error), Ok(_)) => panic!("the values decide: {error}"),
    }
});
