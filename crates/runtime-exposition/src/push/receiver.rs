//! What a pusher needs to know of the kind of receiver that it sends to.

use std::fmt::Debug;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use runtime_metrics::Snapshot;

use super::client::Answer;
use super::handle::EndedWindows;
use super::outcome::Outcome;
use super::statistics::PushMonitor;

/// A kind of receiver. Whoever sends asks it for the bytes and hands it the answers.
pub(crate) trait Receiver: Send + Debug {
    /// Its address, for people.
    fn address(&self) -> Arc<str>;

    /// Encodes what is to be sent after `snapshot` was taken; none if it tells nothing new.
    fn pack(&mut self, snapshot: &Snapshot) -> Result<Option<Parcel>, String>;

    /// The request for a parcel: the same for every attempt.
    fn request(&self, parcel: &Parcel) -> Request<Full<Bytes>>;

    /// What an answer says.
    fn judge(&self, answer: &Answer) -> Outcome;

    /// The parcel that was packed last has come to its end. Returns the requests and deliveries that it held and that are not told again though nobody
    /// acknowledged them.
    fn settle(&mut self, _fate: Fate) -> u64 {
        0
    }

    /// Whether it is told growth, so that the same counts in other bounds would count twice.
    fn counts_by_deltas(&self) -> bool {
        false
    }

    /// Where windows that ended are handed over; none if it is told of the present one only.
    fn ended_windows(&self) -> Option<EndedWindows> {
        None
    }

    /// How many windows were given up of which something may not have been told.
    fn lost_windows(&self) -> u64 {
        0
    }

    /// Shows how these pushes fare, by name, if what is sent has room for that.
    fn show_pushes(&mut self, _pushes: Vec<(String, PushMonitor)>) {}

    /// What is sent after the last push, to be forgotten.
    fn farewell(&self) -> Option<Request<Full<Bytes>>> {
        None
    }
}

/// What becomes of a parcel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    /// The receiver has it.
    Acknowledged,
    /// It is given up; what it held is in the next one.
    GivenUp,
    /// It is given up, and what it held is told no more.
    Abandoned,
}

/// An encoded body.
#[derive(Debug)]
pub(crate) struct Parcel {
    pub(crate) body: Bytes,
    /// Whether the snapshot that it was packed of has more to tell.
    pub(crate) has_more: bool,
}
