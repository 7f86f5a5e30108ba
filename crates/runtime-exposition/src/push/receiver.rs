//! What a pusher needs to know of the kind of receiver that it sends to.

use std::fmt::Debug;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use runtime_metrics::Snapshot;

use super::client::Answer;
use super::outcome::Outcome;

/// A kind of receiver. Whoever sends asks it for the bytes and hands it the answers.
pub(crate) trait Receiver: Send + Debug {
    /// Encodes what is to be sent after `snapshot` was taken; none if it tells nothing new.
    fn pack(&mut self, snapshot: Snapshot) -> Result<Option<Parcel>, String>;

    /// The request for a parcel: the same for every attempt.
    fn request(&self, parcel: &Parcel) -> Request<Full<Bytes>>;

    /// What an answer says.
    fn judge(&self, answer: &Answer) -> Outcome;

    /// The parcel that was packed last has come to its end.
    fn settle(&mut self, fate: Fate);

    /// Whether a parcel that is in doubt must be sent as it is until it is answered, because the next one would hold the same
    /// counts in other bounds.
    fn keeps_doubtful(&self) -> bool;

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
}

/// An encoded body.
#[derive(Debug)]
pub(crate) struct Parcel(pub(crate) Bytes);
