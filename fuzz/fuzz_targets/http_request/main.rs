//! Any bytes on a connection to the worker: no panic, no hang, every answer well-formed, every request counted, no value where
//! none belongs.
//!
//! The bytes go over a stream in memory into what the worker serves connections with, hyper and all limits included; the clock
//! is tokio's paused one, so that a time limit is reached at once when nothing else is left to do. A layer around the worker's
//! routes notes which requests reached them and what they answered (see [`exchange`]).
//!
//! What never becomes a request is answered by hyper alone, with a bare 400, 414 or 431 that has no `X-Request-Id`, and is not
//! counted.

#![no_main]
#![allow(clippy::unwrap_used, clippy::expect_used)] // a panic is how a fuzz target speaks

mod accounts;
mod conversation;
#[path = "../entries.rs"]
mod entries;
mod exchange;
#[allow(dead_code)] // operations, which this target does not need
#[path = "../../../crates/runtime-metrics/tests/model/mod.rs"]
mod model;
mod peer;
#[allow(dead_code)] // the tests of the exposition read more of a page
#[path = "../../../crates/runtime-exposition/tests/page/reader.rs"]
mod reader;
mod wire;
mod worker;

use conversation::Conversation;
use libfuzzer_sys::fuzz_target;
use worker::Worker;

fuzz_target!(|conversation: Conversation<'_>| {
    // That answer has no end; the tests of the worker ask for it.
    if conversation.says("/events") {
        return;
    }
    let worker = Worker::new(&conversation);
    let received = peer::talk(&worker, &conversation);
    let exchanges = worker.exchanges();
    for (number, exchange) in exchanges.iter().enumerate() {
        exchange.check(&conversation, number as u64 + 1);
    }
    wire::check(&received, &exchanges, &conversation);
    accounts::check(worker.metrics(), &exchanges, &conversation);
});
