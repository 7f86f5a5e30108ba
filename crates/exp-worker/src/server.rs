//! Connections: accepting them, capping them, ending them.

mod connection;
mod rare_warning;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use runtime_http::Routes;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::limits::Limits;
use crate::router::router;
use crate::stop::{Phase, Stop};

pub use connection::serve_connection;
use rare_warning::RareWarning;

/// Connections that may wait to be accepted; the operating system may allow fewer (`net.core.somaxconn`).
const LISTEN_BACKLOG: u32 = 1_024;
/// How long accepting rests after an error such as too many open files, which no retry at once would mend.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How long connections that were told to end get to notice.
const CUT_TIME: Duration = Duration::from_secs(1);

/// A worker that listens, and is not serving yet: connections already queue.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    local_address: SocketAddr,
    router: Router,
    /// For observers; they are told when the end begins.
    routes: Routes,
    limits: Limits,
}

/// The server could not listen.
#[derive(Debug, thiserror::Error)]
#[error(
    "cannot listen on {address} ({source}); remedy: give --listen a free port (or port 0) of an address of this machine"
)]
pub struct BindError {
    /// The address that was asked for.
    pub address: SocketAddr,
    /// What the operating system said.
    pub source: std::io::Error,
}

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Every connection ended by itself: all answers in flight were finished.
    Drained,
    /// Some connections were cut, because the drain time was over or a second signal came.
    Cut {
        /// How many.
        connections: u32,
    },
}

impl Server {
    /// Listens on `address` and prepares the routes.
    ///
    /// # Errors
    ///
    /// [`BindError`] when the address cannot be had.
    pub async fn bind(address: SocketAddr, app: App, limits: Limits) -> Result<Self, BindError> {
        let fail = |source| BindError { address, source };
        let listener = listen(address).map_err(fail)?;
        let local_address = listener.local_addr().map_err(fail)?;
        let routes = app.routes().clone();
        Ok(Self { listener, local_address, router: router(app, &limits), routes, limits })
    }

    /// The address that it listens on, with the real port.
    pub fn local_address(&self) -> SocketAddr {
        self.local_address
    }

    /// Serves until `stop` says otherwise: at [`Phase::Draining`] no more connections are accepted and those
    /// that are open finish what they answer, for at most the drain time; at [`Phase::Cut`] they are cut.
    ///
    /// A connection beyond the cap is not accepted until another ends; it waits in the queue of the operating
    /// system, which is bounded too. Whatever a connection does ends that connection at most.
    pub async fn run(self, stop: Stop) -> Ending {
        let Self { listener, router, routes, limits, .. } = self;
        let limits = Arc::new(limits);
        let places = Places::new(limits.max_connections);
        let (mut full, mut failing) = (RareWarning::default(), RareWarning::default());

        loop {
            if places.are_taken() && full.due(Instant::now()).is_some() {
                tracing::warn!(
                    connections = places.count,
                    "every place is taken, further connections wait; remedy: find out who keeps so many, or run more workers"
                );
            }
            let accepted = tokio::select! {
                biased;
                () = stop.reached(Phase::Draining) => break,
                accepted = accept(&listener, &places) => accepted,
            };
            match accepted {
                Ok((stream, place)) => {
                    // Answers are written whole; waiting for more to send would only delay them.
                    if let Err(error) = stream.set_nodelay(true) {
                        tracing::debug!(%error, "no TCP_NODELAY");
                    }
                    let (router, limits, stop) = (router.clone(), Arc::clone(&limits), stop.clone());
                    tokio::spawn(async move {
                        serve_connection(stream, router, &limits, &stop).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    if let Some(times) = failing.due(Instant::now()) {
                        tracing::warn!(
                            %error,
                            times,
                            "connections could not be accepted; it is tried again; remedy: if there are too many open files, raise their \
                             limit (ulimit -n)"
                        );
                    }
                    tokio::select! {
                        () = stop.reached(Phase::Draining) => break,
                        () = sleep(ACCEPT_PAUSE) => {}
                    }
                }
            }
        }
        drop(listener);
        routes.close();
        drain(&places, &limits, &stop).await
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // So that a worker can be started again while connections of the one before are still fading.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(LISTEN_BACKLOG)
}

/// The places of the connections that are served at once.
struct Places {
    free: Arc<Semaphore>,
    count: u32,
}

impl Places {
    fn new(count: u32) -> Self {
        let permits = usize::try_from(count.max(1)).unwrap_or(usize::MAX).min(Semaphore::MAX_PERMITS);
        Self { free: Arc::new(Semaphore::new(permits)), count: u32::try_from(permits).unwrap_or(u32::MAX) }
    }

    fn are_taken(&self) -> bool {
        self.free.available_permits() == 0
    }

    fn taken(&self) -> u32 {
        self.count.saturating_sub(u32::try_from(self.free.available_permits()).unwrap_or(u32::MAX))
    }

    /// Waits until every place is free: no connection is left.
    async fn all_free(&self) {
        let _ = self.free.acquire_many(self.count).await;
    }
}

/// Takes a place first, so that a connection beyond the cap stays unaccepted.
async fn accept(
    listener: &TcpListener,
    places: &Places,
) -> std::io::Result<(TcpStream, OwnedSemaphorePermit)> {
    let place = Arc::clone(&places.free).acquire_owned().await.map_err(std::io::Error::other)?;
    loop {
        match listener.accept().await {
            Ok((stream, _peer)) => return Ok((stream, place)),
            // The peer left while it waited: not our trouble, and the next one may be there.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => {}
            Err(error) => return Err(error),
        }
    }
}

async fn drain(places: &Places, limits: &Limits, stop: &Stop) -> Ending {
    tokio::select! {
        () = places.all_free() => return Ending::Drained,
        () = stop.reached(Phase::Cut) => {}
        () = sleep(limits.drain_timeout) => {}
    }
    let connections = places.taken();
    stop.cut();
    let _ = timeout(CUT_TIME, places.all_free()).await;
    if connections == 0 { Ending::Drained } else { Ending::Cut { connections } }
}
