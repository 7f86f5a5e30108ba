//! On what terms a connection is served.

use super::places::Places;
use crate::limits::Limits;
use crate::stop::Stop;

/// What all connections of a server share: limits, the way to stop, and places, of which each may be asked for its own.
#[derive(Debug)]
pub struct Terms {
    pub(super) limits: Limits,
    pub(super) stop: Stop,
    pub(super) places: Places,
}

impl Terms {
    /// Terms with these limits, until `stop` says otherwise.
    pub fn new(limits: Limits, stop: Stop) -> Self {
        Self { places: Places::new(limits.max_connections), limits, stop }
    }
}
