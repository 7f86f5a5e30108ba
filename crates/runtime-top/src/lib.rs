//! The live view of a service's runtime metrics in a terminal, for those who have only ssh.
//!
//! It shows any service that has the routes of `runtime-http`, and knows nothing of it but what these answer: `/events` (or, for a report,
//! `/snapshot`), `/history`, and the name of the environment in `/api/health`. The last two are asked once for each process life, and the history again while the
//! last hour or day, or what was busiest, is looked at; all of them are requests that the service counts.
//!
//! ```no_run
//! use runtime_top::{Ending, Top};
//!
//! let ending = Top::new("http://127.0.0.1:8080".parse()?).run()?;
//! assert_eq!(ending, Ending::Quit);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is on the screen
//!
//! Every number is of one snapshot, the one whose sequence is shown, or of it and an earlier one. Rates are over the last 10 seconds. A change is
//! known only within one window: where another process answers, or a reset opened a new window, a banner says so and counts begin anew.
//!
//! # Copies
//!
//! What is shown goes to the clipboard of the terminal by xterm's control sequence OSC 52 ("Manipulate Selection Data"), as base64: nothing in a label acts on the terminal.
//! No terminal says whether it took it. PromQL needs the namespace of the service's metrics, which documents of older services do not tell.
//!
//! # Limits
//!
//! | what | limit |
//! |---|---|
//! | a snapshot document, an event | 64 MiB |
//! | entries of one of its lists | 250,000 |
//! | a history, a health document | 16 MiB |
//! | snapshots that are kept | four: the newest, the first of the window, a mark, the one that is held; of the last 60, what grew |
//! | a copy | 74,991 bytes, 100,000 as the terminal gets it: some cut what is longer |
//! | a connection that comes about | 5 s |
//! | a stream without a byte | 11 s longer than the interval, or than a heartbeat of 15 s; then it is taken up again |
//!
//! What is beyond a limit is refused, and the screen says so.
//!
//! # Hostile labels
//!
//! Labels come from whoever sends requests. Control characters, marks of direction, combining and invisible ones are spelled as `‹U+001B›`, so that no label acts on
//! the terminal or breaks a column.

mod action;
mod address;
mod back_off;
mod client;
mod clock;
mod copy;
mod document;
mod draw;
mod errands;
mod event_text;
mod family;
mod filter;
mod label;
mod link;
mod moments;
mod news;
mod numbers;
mod past;
mod pivot;
mod report;
#[cfg(test)]
mod sample;
mod scene;
mod screen;
mod selection;
mod signals;
mod snapshot;
mod stream;
mod table;
mod token;
mod top;
mod trends;
mod trouble;
mod view;
mod watch;

pub use address::{Address, AddressError};
pub use client::ClientError;
pub use token::{Token, TokenError};
pub use top::{Ending, Top, TopError};
