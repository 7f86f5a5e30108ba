//! What the peer received, byte by byte.

use crate::conversation::{Conversation, Peer};
use crate::exchange::Exchange;

/// Room for the headers of an answer.
const MOST_HEADERS: usize = 32;

/// What hyper answers by itself.
const BARE: [u16; 3] = [400, 414, 431];

/// Has no body, and does not say how long that of another answer would be.
const NOT_MODIFIED: u16 = 304;

/// One answer on the wire.
struct Answer<'r> {
    status: u16,
    headers: Vec<(String, &'r [u8])>,
}

/// Fails unless the bytes are the answers of the exchanges, in order, then at most one of hyper's own, and nothing else.
pub(crate) fn check(received: &[u8], exchanges: &[Exchange], conversation: &Conversation<'_>) {
    let mut rest = received;
    let mut answered = exchanges.iter().filter_map(|exchange| Some((exchange, exchange.answered.as_ref()?)));
    while !rest.is_empty() {
        let Some((answer, after_head)) = Answer::read(rest) else {
            // Only a connection that ended early may end within an answer.
            assert_ne!(conversation.peer, Peer::Waits, "half an answer: {:?}", String::from_utf8_lossy(rest));
            return;
        };
        rest = after_head;
        if answer.status == 100 {
            continue;
        }
        let Some((exchange, expected)) = answered.next() else {
            assert!(BARE.contains(&answer.status) && answer.header("x-request-id").is_none());
            assert_eq!((answer.header("content-length"), rest), (Some("0"), &b""[..]));
            break;
        };
        assert_eq!(answer.status, expected.status);
        let length = (answer.status != NOT_MODIFIED).then(|| expected.length(exchange.is_head));
        assert_eq!(answer.header("content-length"), length.as_deref());
        for name in expected.headers.keys() {
            let expected = expected.headers.get_all(name).iter().map(|value| value.as_bytes());
            assert!(answer.values(name.as_str()).eq(expected), "{name}");
        }
        if !exchange.is_head {
            if rest.len() < expected.body.len() {
                assert_ne!(conversation.peer, Peer::Waits, "half an answer");
                return;
            }
            let (body, after_body) = rest.split_at(expected.body.len());
            assert_eq!(body, expected.body);
            rest = after_body;
        }
    }
    // Whoever waits to the end is told everything.
    assert!(conversation.peer != Peer::Waits || answered.next().is_none(), "an answer is missing");
}

impl<'r> Answer<'r> {
    /// The head of an answer and what comes after it, or `None` if it is not there to its end.
    fn read(bytes: &'r [u8]) -> Option<(Self, &'r [u8])> {
        let mut headers = [httparse::EMPTY_HEADER; MOST_HEADERS];
        let mut head = httparse::Response::new(&mut headers);
        let length = match head.parse(bytes).expect("answers are HTTP") {
            httparse::Status::Complete(length) => length,
            httparse::Status::Partial => return None,
        };
        assert!(matches!(head.version, Some(0 | 1)));
        let headers =
            head.headers.iter().map(|header| (header.name.to_ascii_lowercase(), header.value)).collect();
        Some((Self { status: head.code.unwrap(), headers }, &bytes[length..]))
    }

    /// The values of all headers of this name.
    fn values(&self, name: &str) -> impl Iterator<Item = &'r [u8]> {
        self.headers.iter().filter(move |(known, _)| known == name).map(|(_, value)| *value)
    }

    /// The only header of this name.
    fn header(&self, name: &str) -> Option<&'r str> {
        let mut found = self.values(name);
        let value = found.next().map(|value| std::str::from_utf8(value).unwrap());
        assert!(found.next().is_none(), "{name} is there twice");
        value
    }
}
