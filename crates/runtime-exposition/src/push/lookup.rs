//! Look-ups of a receiver's name: one at a time.
//!
//! A look-up is a call of the operating system that blocks a thread, and that nothing can end: an attempt whose time is over leaves it behind. With a
//! resolver that hangs, each further attempt would take another of the runtime's threads. So a look-up that is on its way is waited for, by whichever attempt is made meanwhile,
//! and a pusher occupies one thread at most.

use std::future::Future;
use std::io;
use std::net::{SocketAddr, ToSocketAddrs as _};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::vec;

use hyper_util::client::legacy::connect::dns::Name;
use tokio::sync::Mutex;
use tokio::task::{JoinHandle, spawn_blocking};
use tower_service::Service;

type Addresses = io::Result<Vec<SocketAddr>>;

/// A resolver of one pusher, which knows one name only.
#[derive(Clone)]
pub(crate) struct Lookup {
    ask: Arc<dyn Fn(&str) -> Addresses + Send + Sync>,
    /// The one that is on its way.
    running: Arc<Mutex<Option<JoinHandle<Addresses>>>>,
}

impl Lookup {
    /// Asks the operating system.
    pub(crate) fn new() -> Self {
        // The port is put in later.
        Self::by(|name| Ok((name, 0).to_socket_addrs()?.collect()))
    }

    fn by(ask: impl Fn(&str) -> Addresses + Send + Sync + 'static) -> Self {
        Self { ask: Arc::new(ask), running: Arc::default() }
    }

    async fn addresses(self, name: Name) -> Addresses {
        let mut running = self.running.lock().await;
        let ask = self.ask;
        // What was found after its attempt was over may be of long ago.
        running.take_if(|task| task.is_finished());
        // What is waited for stays there when this future is dropped.
        let task = running.get_or_insert_with(|| spawn_blocking(move || ask(name.as_str())));
        let ended = task.await;
        *running = None;
        ended.unwrap_or_else(|_| Err(io::Error::other("the look-up of the name panicked")))
    }
}

impl Service<Name> for Lookup {
    type Response = vec::IntoIter<SocketAddr>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, name: Name) -> Self::Future {
        let lookup = self.clone();
        Box::pin(async { Ok(lookup.addresses(name).await?.into_iter()) })
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU16, Ordering};
    use std::sync::mpsc;
    use std::time::Duration;

    use super::*;

    async fn port(lookup: &mut Lookup) -> Option<u16> {
        let name = "collector".parse().unwrap();
        Some(lookup.call(name).await.unwrap().next()?.port())
    }

    #[tokio::test]
    async fn a_lookup_that_an_attempt_left_behind_is_waited_for_and_none_is_begun_beside_it() {
        let begun = Arc::new(AtomicU16::new(0));
        let (let_go, gate) = mpsc::channel();
        let gate = std::sync::Mutex::new(gate);
        // A look-up that hangs until it is let go; the port that it finds is its number.
        let mut lookup = Lookup::by({
            let begun = Arc::clone(&begun);
            move |_| {
                let number = 1 + begun.fetch_add(1, Ordering::SeqCst);
                gate.lock().unwrap().recv().unwrap();
                Ok(vec![SocketAddr::from(([127, 0, 0, 1], number))])
            }
        });
        for _ in 0..3 {
            let attempt = tokio::time::timeout(Duration::from_millis(5), port(&mut lookup));
            assert!(attempt.await.is_err());
        }
        let mut another = lookup.clone();
        let another = tokio::spawn(async move { port(&mut another).await });
        // Once it waits: what was found before it asked would not be its.
        while lookup.running.try_lock().is_ok() {
            tokio::task::yield_now().await;
        }
        let_go.send(()).unwrap();
        assert_eq!(another.await.unwrap(), Some(1));
        // What was found is not kept: the next attempt asks anew.
        let_go.send(()).unwrap();
        assert_eq!(port(&mut lookup).await, Some(2));
        assert_eq!(begun.load(Ordering::SeqCst), 2);
        // Nor what is found after its attempt was over.
        assert!(tokio::time::timeout(Duration::from_millis(5), port(&mut lookup)).await.is_err());
        let_go.send(()).unwrap();
        while !lookup.running.lock().await.as_ref().unwrap().is_finished() {
            tokio::task::yield_now().await;
        }
        let_go.send(()).unwrap();
        assert_eq!(port(&mut lookup).await, Some(4));
    }
}
