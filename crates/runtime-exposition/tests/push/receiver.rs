//! A receiver by HTTP/1.1 that behaves as it is told, byte by byte.

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket};
use tokio_rustls::TlsAcceptor;

/// What a receiver does with the next request.
#[derive(Debug, Clone)]
pub(crate) enum Behaviour {
    /// Reads the request, takes it or does not, and sends these bytes; then closes the connection.
    Answer { takes: bool, bytes: Vec<u8> },
    /// Reads the request, takes it or does not, and says nothing more until the pusher has lost patience.
    Hang { takes: bool },
    /// Closes the connection before it reads anything.
    CloseBeforeReading,
    /// Reads the request, takes it or does not, and closes the connection.
    CloseAfterReading { takes: bool },
    /// Takes the request, and answers without an end.
    EndlessAnswer,
}

/// A request as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Arrived {
    /// `POST /v1/metrics HTTP/1.1`
    pub(crate) line: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Whether the receiver took it.
    pub(crate) is_taken: bool,
}

impl Arrived {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(other, _)| other == name).map(|(_, value)| value.as_str())
    }
}

/// A receiver that listens, or could.
#[derive(Clone)]
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    script: Arc<Mutex<Script>>,
    tls: Option<TlsAcceptor>,
}

struct Script {
    next: VecDeque<Behaviour>,
    then: Behaviour,
    arrived: Vec<Arrived>,
}

impl Receiver {
    /// Listens on a free port of loopback: does what is in `next`, one for each connection, and `then` for ever.
    pub(crate) async fn start(next: impl IntoIterator<Item = Behaviour>, then: Behaviour) -> Self {
        let (receiver, socket) = Self::deaf(next, then);
        receiver.listen(socket);
        receiver
    }

    /// The same by TLS.
    pub(crate) async fn start_tls(tls: TlsAcceptor, then: Behaviour) -> Self {
        let (mut receiver, socket) = Self::deaf([], then);
        receiver.tls = Some(tls);
        receiver.listen(socket);
        receiver
    }

    /// A receiver that has a port and does not listen: connections are refused.
    pub(crate) fn deaf(next: impl IntoIterator<Item = Behaviour>, then: Behaviour) -> (Self, TcpSocket) {
        let socket = TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let script = Script { next: next.into_iter().collect(), then, arrived: Vec::new() };
        let address = socket.local_addr().unwrap();
        (Self { address, script: Arc::new(Mutex::new(script)), tls: None }, socket)
    }

    pub(crate) fn listen(&self, socket: TcpSocket) {
        let listener = socket.listen(64).unwrap();
        tokio::spawn(self.clone().serve(listener));
    }

    /// Everything that arrived so far.
    pub(crate) fn arrived(&self) -> Vec<Arrived> {
        self.script.lock().unwrap().arrived.clone()
    }

    pub(crate) fn url(&self, path: &str) -> String {
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}{path}", self.address)
    }

    async fn serve(self, listener: TcpListener) {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let receiver = self.clone();
            tokio::spawn(async move {
                match &receiver.tls {
                    // A pusher that does not trust the receiver ends the handshake.
                    Some(tls) => match tls.accept(stream).await {
                        Ok(stream) => receiver.behave(stream).await,
                        Err(_) => Ok(()),
                    },
                    None => receiver.behave(stream).await,
                }
            });
        }
    }

    /// The pusher may go away at any time: that is no concern of the receiver's.
    async fn behave(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> std::io::Result<()> {
        let behaviour = {
            let mut script = self.script.lock().unwrap();
            let then = script.then.clone();
            script.next.pop_front().unwrap_or(then)
        };
        if matches!(behaviour, Behaviour::CloseBeforeReading) {
            return Ok(());
        }
        let mut arrived = read(&mut stream).await?;
        arrived.is_taken = match &behaviour {
            Behaviour::Answer { takes, .. }
            | Behaviour::Hang { takes }
            | Behaviour::CloseAfterReading { takes } => *takes,
            Behaviour::EndlessAnswer => true,
            Behaviour::CloseBeforeReading => false,
        };
        self.script.lock().unwrap().arrived.push(arrived);
        match behaviour {
            Behaviour::Answer { bytes, .. } => stream.write_all(&bytes).await?,
            Behaviour::Hang { .. } => _ = stream.read(&mut [0]).await?,
            Behaviour::CloseBeforeReading | Behaviour::CloseAfterReading { .. } => {}
            Behaviour::EndlessAnswer => {
                stream.write_all(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").await?;
                // Ends by an error when the pusher has read enough.
                loop {
                    stream.write_all(b"4\r\nmore\r\n").await?;
                }
            }
        }
        stream.shutdown().await
    }
}

/// Reads a request with a length.
async fn read(stream: &mut (impl AsyncRead + Unpin)) -> std::io::Result<Arrived> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8(head).unwrap();
    let mut lines = head.trim_end().lines();
    let line = lines.next().unwrap().to_owned();
    let headers: Vec<_> = lines
        .map(|line| line.split_once(": ").unwrap())
        .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
        .collect();
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let mut body = vec![0; length.map_or(0, |(_, length)| length.parse().unwrap())];
    stream.read_exact(&mut body).await?;
    Ok(Arrived { line, headers, body, is_taken: false })
}

/// An answer with a length.
pub(crate) fn answer(status: &str, headers: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}content-length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

/// Takes the request and says so.
pub(crate) fn acknowledge() -> Behaviour {
    Behaviour::Answer { takes: true, bytes: answer("200 OK", "", b"") }
}

/// Does not take the request, and says this.
pub(crate) fn refuse(status: &str) -> Behaviour {
    Behaviour::Answer { takes: false, bytes: answer(status, "", b"") }
}

/// How long any of these tests waits for something that must come.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);
