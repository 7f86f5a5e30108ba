//! What bounds a connection and a request.

use std::time::Duration;

/// Headers of a request. It is hyper's own limit: to set any, a lower one too, costs each request more instructions (by 7 % for 100, by 41 % for 1,024).
pub const MAX_HEADERS: usize = 100;

/// The bounds of the server. The defaults suit a service behind a load balancer; tests shorten the times.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Time from "ready for a request" to its last header byte. Bounds idle kept-alive connections and
    /// dripping heads alike: the connection is closed without an answer.
    pub header_read_timeout: Duration,
    /// Time for a whole request body, first byte to last; past it 408, and the connection is closed.
    pub body_read_timeout: Duration,
    /// Time for a route to answer once the request is read; past it 503.
    pub request_timeout: Duration,
    /// Time without the peer taking any byte of an answer; past it the connection is cut.
    pub write_stall_timeout: Duration,
    /// Time that a graceful stop waits for answers in flight; past it they are cut.
    pub drain_timeout: Duration,
    /// Time that an idle connection has for one more request, which may be on its way, when a graceful stop begins; that answer is its last.
    pub stop_idle_timeout: Duration,
    /// Time that a closed connection is still read from (and thrown away), so that a peer that is still
    /// sending sees the answer that ended it and not a reset.
    pub linger_timeout: Duration,
    /// Connections served at once, at least 1. Further ones wait until one ends: idle ones are asked to, and the timeouts see to it that the others do.
    /// The default leaves room below the customary limit of 1,024 open files.
    pub max_connections: u32,
    /// Time that a connection has for its first request while another waits for its place; past it, it is closed without an answer.
    pub crowded_first_request_timeout: Duration,
    /// Time that a connection in use has for its answer once it was asked to make room for another; past it, it is cut when room is asked for again.
    /// Without it, peers that read slowly could keep all places.
    pub crowded_answer_timeout: Duration,
    /// Bytes of a request body; past it 413. No route needs a body; one within the limit is read and ignored.
    pub max_body_bytes: u64,
    /// Bytes of path and query; past it 414.
    pub max_uri_bytes: usize,
    /// Bytes of all header names and values together; past it 431.
    pub max_header_bytes: usize,
    /// Bytes that hyper buffers for a request head, at least 8,192. A head that does not fit is answered 431
    /// by hyper alone: no JSON, no request ID, not counted. So is one of more than [`MAX_HEADERS`].
    pub max_head_buffer_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            header_read_timeout: Duration::from_secs(5),
            body_read_timeout: Duration::from_secs(10),
            request_timeout: Duration::from_secs(30),
            write_stall_timeout: Duration::from_secs(10),
            drain_timeout: Duration::from_secs(10),
            stop_idle_timeout: Duration::from_millis(250),
            linger_timeout: Duration::from_secs(1),
            max_connections: 512,
            crowded_first_request_timeout: Duration::from_millis(250),
            crowded_answer_timeout: Duration::from_secs(10),
            max_body_bytes: 64 * 1_024,
            max_uri_bytes: 8 * 1_024,
            max_header_bytes: 16 * 1_024,
            max_head_buffer_bytes: 64 * 1_024,
        }
    }
}
