//! The exp worker: a stateless service that hands configuration documents to other services, and counts
//! exactly what it handed out.
//!
//! The binary `exp-worker` is a thin shell around [`worker::run`]. Everything below it is a library, so that
//! a test can start the real server in process, on a loopback port, over a registry of its own:
//!
//! | module | holds |
//! |---|---|
//! | [`cli`] | the command line and its environment variables |
//! | [`configuration`] | the configuration file: its shape, its errors, the compiled-in sample |
//! | [`document`], [`store`] | the documents prepared from a configuration; which configuration is in force |
//! | [`app`], [`router`] | what every request shares; which path goes where |
//! | [`hosts`] | the hosts that requests may be for |
//! | [`server`], [`limits`], [`stop`] | connections, what bounds them, and how they end |
//! | [`worker`] | one process life, from the command line to the final summary |
//! | [`top`] | the view of another process in a terminal |
//!
//! # The path of a request
//!
//! 1. [`server`] accepts a connection when one of `max_connections` places is free. hyper parses the request
//!    head within `header_read_timeout` and a fixed buffer. Bytes that never become a request (no HTTP, a head
//!    larger than the buffer or with more than 100 headers) are answered by hyper alone, with a bare 400, 414 or 431 that has no request ID,
//!    and are not counted: there is no path to count them under.
//! 2. The layer of `runtime-http` counts the request under its path, before anything can refuse it ([`router::service`]).
//! 3. `stamp` gives the answer its request ID.
//! 4. `bounds` refuses a wrong `Host`, a host that is [not the worker's](hosts), long URIs, big heads, big or slow bodies.
//! 5. [`router::router`] finds the route; the route answers. A configuration route counts its delivery when the answer
//!    is complete and about to be sent, in one indivisible record.
//!
//! # Secrets
//!
//! Configuration values and the shared token live in [`secret::Secret`], whose `Debug` is redacted and which
//! has no `Display`. Messages about a configuration file are built from positions, names and kinds, never
//! from the parser's own text, which quotes values.

pub mod app;
mod bounds;
mod caller;
pub mod cli;
pub mod configuration;
pub mod discovery;
pub mod document;
pub mod hosts;
mod json;
pub mod limits;
mod logging;
pub mod name;
mod one_line;
mod overflow;
mod push;
mod query;
mod refusal;
mod reload;
mod request_id;
pub mod router;
mod routes;
mod scope;
mod seconds;
pub mod secret;
pub mod server;
mod signals;
mod stall;
mod stamp;
mod start_message;
mod state;
pub mod stop;
pub mod store;
mod summary;
pub mod token;
pub mod top;
mod variable;
pub mod worker;
