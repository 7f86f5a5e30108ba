//! Connections: accepting them, capping them, ending them.

mod connection;
mod places;
mod rare_warning;
mod terms;

use std::future::poll_fn;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use runtime_http::Routes;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::unconstrained;
use tokio::time::{sleep, timeout};

use crate::app::App;
use crate::limits::Limits;
use crate::router::{Service, service};
use crate::stop::{Phase, Stop};

pub use connection::serve_connection;
use rare_warning::RareWarning;
pub use terms::Terms;

/// Connections that may wait to be accepted; the operating system may allow fewer (`net.core.somaxconn`).
const LISTEN_BACKLOG: u32 = 1_024;
/// How long accepting rests after an error such as too many open files, which no retry at once would mend.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// How many connections are asked for their places then: each has a file.
const ASKED_FOR_FILES: usize = 16;
/// How long connections that were told to end get to notice.
const CUT_TIME: Duration = Duration::from_secs(1);

/// A worker that listens, and is not serving yet: connections already queue.
#[derive(Debug)]
pub struct Server {
    listener: TcpListener,
    local_address: SocketAddr,
    service: Service,
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
        Ok(Self { listener, local_address, service: service(app, &limits), routes, limits })
    }

    /// The address that it listens on, with the real port.
    pub fn local_address(&self) -> SocketAddr {
        self.local_address
    }

    /// Serves until `stop` says otherwise: at [`Phase::Draining`] those connections are accepted that are waiting (where every place is taken, those that get one
    /// within [`Limits::stop_idle_timeout`]), then no more; all finish what they answer, for at most the drain time; at [`Phase::Cut`] they are cut.
    ///
    /// A connection beyond the cap waits until another ends, and meanwhile others are asked for their places, one after the other: an idle one ends at once,
    /// one in use after its answer, or once that [takes too long](Limits::crowded_answer_timeout), one without any request once it had
    /// [its time](Limits::crowded_first_request_timeout). Further ones wait in the queue of the operating
    /// system, which is bounded too. Whatever a connection does ends that connection at most.
    pub async fn run(self, stop: Stop) -> Ending {
        let Self { listener, service, routes, limits, .. } = self;
        let terms = Arc::new(Terms::new(limits, stop.clone()));
        let (mut full, mut failing) = (RareWarning::default(), RareWarning::default());
        let serve = |stream, place| {
            let (service, terms) = (service.clone(), Arc::clone(&terms));
            tokio::spawn(async move {
                serve_connection(stream, service, &terms).await;
                drop(place);
            });
        };

        // Accepted, and without a place when a stop began.
        let mut left_over = None;
        loop {
            let accepted = tokio::select! {
                biased;
                () = stop.reached(Phase::Draining) => break,
                accepted = accept(&listener) => accepted,
            };
            let stream = match accepted {
                Ok(stream) => stream,
                Err(error) => {
                    if let Some(times) = failing.due(Instant::now()) {
                        tracing::warn!(
                            %error,
                            times,
                            "connections could not be accepted; it is tried again; remedy: if there are too many open files, raise their \
                             limit (ulimit -n)"
                        );
                    }
                    for _ in 0..ASKED_FOR_FILES {
                        terms.places.ask_one();
                    }
                    tokio::select! {
                        () = stop.reached(Phase::Draining) => break,
                        () = sleep(ACCEPT_PAUSE) => continue,
                    }
                }
            };
            if let Some(place) = terms.places.take_free() {
                serve(stream, place);
                continue;
            }
            if full.due(Instant::now()).is_some() {
                tracing::warn!(
                    connections = terms.places.count,
                    "every place is taken, further connections wait; remedy: find out who keeps so many, or run more workers"
                );
            }
            let place = tokio::select! {
                place = terms.places.take() => place,
                () = stop.reached(Phase::Draining) => {
                    left_over = Some(stream);
                    break;
                }
            };
            serve(stream, place);
        }
        let mut over = pin!(sleep(terms.limits.stop_idle_timeout));
        // Those that are in the queue, which can hold so many, and not whoever goes on coming.
        for _ in 0..=LISTEN_BACKLOG {
            let stream = match left_over.take() {
                Some(stream) => Some(stream),
                None => waiting(&listener).await,
            };
            let Some(stream) = stream else { break };
            let place = tokio::select! {
                biased;
                () = stop.reached(Phase::Cut) => break,
                place = terms.places.take() => place,
                () = &mut over => break,
            };
            serve(stream, place);
        }
        drop(listener);
        routes.close();
        drain(&terms).await
    }
}

fn listen(address: SocketAddr) -> std::io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4() } else { TcpSocket::new_v6() }?;
    // So that a worker can be started again while connections of the one before are still fading.
    socket.set_reuseaddr(true)?;
    socket.bind(address)?;
    socket.listen(LISTEN_BACKLOG)
}

/// The next connection.
async fn accept(listener: &TcpListener) -> std::io::Result<TcpStream> {
    poll_fn(|cx| poll_accept(listener, cx)).await
}

/// The next connection, if one is waiting.
async fn waiting(listener: &TcpListener) -> Option<TcpStream> {
    // Unconstrained: to a task that has done much without a pause, Tokio says that none is waiting.
    match unconstrained(poll_fn(|cx| Poll::Ready(poll_accept(listener, cx)))).await {
        Poll::Ready(accepted) => accepted.ok(),
        Poll::Pending => None,
    }
}

fn poll_accept(listener: &TcpListener, cx: &mut Context<'_>) -> Poll<std::io::Result<TcpStream>> {
    loop {
        match ready!(listener.poll_accept(cx)) {
            Ok((stream, _peer)) => {
                // Answers are written whole; waiting for more to send would only delay them.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "no TCP_NODELAY");
                }
                return Poll::Ready(Ok(stream));
            }
            // The peer left while it waited: not our trouble, and the next one may be there.
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionAborted => {}
            Err(error) => return Poll::Ready(Err(error)),
        }
    }
}

async fn drain(Terms { limits, stop, places }: &Terms) -> Ending {
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
