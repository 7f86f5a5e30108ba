//! The exp worker on one thread, its requests counted by one middleware. `middleware` races several of these.

use std::error::Error;

use benches::middleware::{Conversation, Middleware, serve};
use clap::Parser;

/// Prints where it listens, and serves until it is killed.
#[derive(Debug, Parser)]
struct Arguments {
    #[arg(value_enum)]
    middleware: Middleware,
    /// Answers so many requests on a connection in memory instead, and ends.
    #[arg(long, value_name = "REQUESTS")]
    in_memory: Option<u64>,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { middleware, in_memory } = Arguments::parse();
    if let Some(requests) = in_memory {
        return Ok(Conversation::begin(middleware)?.ask(requests)?);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(serve(middleware))
}
