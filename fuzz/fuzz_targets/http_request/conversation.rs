//! What one input says: two bytes that choose, and the bytes that are sent.

use arbitrary::{Arbitrary, Result, Unstructured};
use exp_worker::app::FrontDoor;

/// How a worker is set up, what is sent to it, and what the peer does then.
#[derive(Debug)]
pub(crate) struct Conversation<'a> {
    pub(crate) front_door: FrontDoor,
    pub(crate) has_token: bool,
    pub(crate) has_configuration: bool,
    pub(crate) peer: Peer,
    /// Bytes that are sent at a time, the worker being run in between.
    pub(crate) piece: usize,
    pub(crate) bytes: &'a [u8],
}

/// What a peer does besides sending.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Peer {
    /// Reads to the end, and sends no more.
    Waits,
    /// Says that no more is coming, and reads to the end.
    Closes,
    /// Sends, reads nothing, and stays.
    IsDeaf,
    /// Sends, and is gone.
    Leaves,
}

impl<'a> Arbitrary<'a> for Conversation<'a> {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let choices: u8 = u.arbitrary()?;
        let piece: u8 = u.arbitrary()?;
        let is_set = |bit: u8| choices & 1 << bit != 0;
        Ok(Self {
            front_door: if is_set(0) { FrontDoor::Trusted } else { FrontDoor::Untrusted },
            has_token: is_set(1),
            has_configuration: !is_set(2),
            peer: match choices >> 3 & 7 {
                0 => Peer::Closes,
                1 => Peer::IsDeaf,
                2 => Peer::Leaves,
                _ => Peer::Waits,
            },
            piece: if piece < 128 { usize::MAX } else { usize::from(piece - 127) },
            bytes: u.bytes(u.len())?,
        })
    }
}

impl<'a> Conversation<'a> {
    /// Whether the bytes sent contain these.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.bytes.windows(words.len()).any(|window| window == words.as_bytes())
    }
}
