//! A client that sends exactly the bytes it is told to.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use super::{Answer, PATIENCE};

#[derive(Debug)]
pub(crate) struct Client(BufReader<TcpStream>);

impl Client {
    pub(crate) fn connect(address: SocketAddr) -> Self {
        let stream = TcpStream::connect_timeout(&address, PATIENCE).expect("the worker listens");
        stream.set_read_timeout(Some(PATIENCE)).unwrap();
        stream.set_write_timeout(Some(PATIENCE)).unwrap();
        stream.set_nodelay(true).unwrap();
        Self(BufReader::new(stream))
    }

    pub(crate) fn send(&mut self, bytes: impl AsRef<[u8]>) {
        self.try_send(bytes).expect("the worker reads");
    }

    pub(crate) fn try_send(&mut self, bytes: impl AsRef<[u8]>) -> std::io::Result<()> {
        self.0.get_mut().write_all(bytes.as_ref())
    }

    pub(crate) fn answer(&mut self) -> Answer {
        Answer::read(&mut self.0, true).expect("an answer")
    }

    pub(crate) fn answer_to_head(&mut self) -> Answer {
        Answer::read(&mut self.0, false).expect("an answer")
    }

    pub(crate) fn get(&mut self, path: &str) -> Answer {
        self.send(format!("GET {path} HTTP/1.1\r\nHost: test\r\n\r\n"));
        self.answer()
    }

    /// What comes until a line is this one, which it is before patience ends.
    pub(crate) fn read_until(&mut self, line: &str) -> String {
        let mut text = String::new();
        while !text.ends_with(line) {
            let read = self.0.read_line(&mut text).expect("a line");
            assert!(read > 0, "the end, after {text}");
        }
        text
    }

    /// Whether the worker closes the connection (in any way) before patience ends; returns what came before.
    pub(crate) fn read_until_closed(&mut self) -> Option<Vec<u8>> {
        let mut rest = Vec::new();
        match self.0.read_to_end(&mut rest) {
            Ok(_) => Some(rest),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => Some(rest),
            Err(_) => None,
        }
    }

    /// Whether nothing comes, not even an end, for this long.
    pub(crate) fn is_silent_for(&mut self, time: Duration) -> bool {
        self.0.get_ref().set_read_timeout(Some(time)).unwrap();
        let mut byte = [0];
        let outcome = self.0.read(&mut byte);
        self.0.get_ref().set_read_timeout(Some(PATIENCE)).unwrap();
        matches!(outcome, Err(error) if matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut))
    }
}
