//! The worker behind a connection in memory.

use std::error::Error;
use std::io;

use exp_worker::limits::Limits;
use exp_worker::server::{Terms, serve_connection};
use exp_worker::stop::Stop;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};
use tokio::runtime::Runtime;

use super::contestant::Middleware;
use super::service::{Answering, Use, set_up};

const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n";
/// More than an answer has.
const IN_FLIGHT: usize = 65_536;

/// One kept connection to a worker in this thread, without sockets: what answering takes but for the operating system.
#[derive(Debug)]
pub struct Conversation {
    runtime: Runtime,
    peer: DuplexStream,
    answer: Vec<u8>,
}

impl Conversation {
    /// With one request asked and answered, by which it is known how long answers are.
    ///
    /// # Errors
    ///
    /// When a peer cannot be set up, or the answer is none.
    pub fn begin(middleware: Middleware) -> Result<Self, Box<dyn Error>> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let entered = runtime.enter();
        let mut peer = set_up(middleware, Connected)?;
        drop(entered);
        let answer = runtime.block_on(first_answer(&mut peer))?;
        if !answer.starts_with(b"HTTP/1.1 200 ") {
            return Err(format!("no good answer: {}", String::from_utf8_lossy(&answer)).into());
        }
        Ok(Self { runtime, peer, answer })
    }

    /// Asks so many times, one after the other.
    ///
    /// # Errors
    ///
    /// When the worker has closed the connection.
    pub fn ask(&mut self, times: u64) -> io::Result<()> {
        let Self { runtime, peer, answer } = self;
        runtime.block_on(async {
            for _ in 0..times {
                peer.write_all(REQUEST).await?;
                peer.read_exact(answer).await?;
            }
            Ok(())
        })
    }
}

async fn first_answer(peer: &mut DuplexStream) -> io::Result<Vec<u8>> {
    peer.write_all(REQUEST).await?;
    let mut answer = Vec::with_capacity(IN_FLIGHT);
    // hyper writes a short answer at once.
    peer.read_buf(&mut answer).await?;
    Ok(answer)
}

struct Connected;

impl Use for Connected {
    type Outcome = DuplexStream;

    fn of(self, service: impl Answering) -> DuplexStream {
        let (near, far) = duplex(IN_FLIGHT);
        tokio::spawn(async move {
            serve_connection(far, service, &Terms::new(Limits::default(), Stop::new())).await;
        });
        near
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_middleware_lets_requests_through() {
        for middleware in [Middleware::Nothing, Middleware::Ours, Middleware::Metrics, Middleware::Prometheus]
        {
            let mut conversation = Conversation::begin(middleware).unwrap();
            // More than there is room for at once, so that answers that are not read to their end would be noticed.
            conversation.ask(100).unwrap();
            assert!(conversation.answer.starts_with(b"HTTP/1.1 200 "), "{middleware}");
        }
    }
}
