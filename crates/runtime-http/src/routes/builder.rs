//! The options of routes.

use std::fmt;
use std::time::Duration;

use runtime_exposition::Exposition;
use runtime_exposition::health::{Readiness, WorkerState};
#[cfg(feature = "push")]
use runtime_exposition::push::PushStatistics;
use runtime_metrics::{Metrics, Snapshot};

use super::base_path::BasePath;
use super::desk::Desk;
use super::error::RoutesError;
use super::events::Events;
use super::facts::Facts;
use super::guard::{Guard, Peers};
use super::router::Routes;
use super::source::Source;
use super::token::BearerToken;

const DEFAULT_VIEWERS: usize = 64;
const DEFAULT_RECENT: usize = 120;

/// Collects the options of [`Routes`].
#[must_use = "options do nothing until they are built"]
pub struct RoutesBuilder {
    source: Source,
    maximum_age: Duration,
    base_path: String,
    bearer_token: Option<String>,
    peers: Peers,
    max_viewers: usize,
    recent_snapshots: usize,
}

impl RoutesBuilder {
    pub(super) fn new(metrics: Metrics, exposition: Exposition) -> Self {
        let source = Source {
            metrics,
            exposition,
            facts: Facts::default(),
            on_snapshot: None,
            #[cfg(feature = "push")]
            pushes: None,
        };
        Self {
            source,
            maximum_age: Duration::ZERO,
            base_path: String::new(),
            bearer_token: None,
            peers: Peers::default(),
            max_viewers: DEFAULT_VIEWERS,
            recent_snapshots: DEFAULT_RECENT,
        }
    }

    /// How old the snapshot of an answer may be; none by default, so that it holds whatever was recorded before it was asked for.
    ///
    /// With an age, an answer that was made before is given again while it is young enough, and one that is made is of a published snapshot if there is a
    /// young one ([`Metrics::snapshot_within`]): whoever asks waits less, and the request that asks may not be counted in it. Health and ready documents have no age.
    pub fn maximum_age(mut self, age: Duration) -> Self {
        self.maximum_age = age;
        self
    }

    /// What the paths of all routes begin with, such as `/internal`; nothing by default.
    pub fn base_path(mut self, path: impl Into<String>) -> Self {
        self.base_path = path.into();
        self
    }

    /// Whoever asks must send `Authorization: Bearer TOKEN`, else the answer is 401. Compared in constant time. Source: RFC 6750.
    ///
    /// It guards every route, health included. A token is a secret in the clear unless something encrypts the connection.
    pub fn bearer_token(mut self, token: impl Into<String>) -> Self {
        self.bearer_token = Some(token.into());
        self
    }

    /// Only peers with a loopback address are answered, others get 403.
    ///
    /// The server must tell who the peer is: serve the router with
    /// [`into_make_service_with_connect_info::<SocketAddr>()`](axum::Router::into_make_service_with_connect_info); otherwise everybody gets 403, with an
    /// error that says so. Behind a proxy on the same machine every peer is the proxy.
    ///
    /// The request must be for a loopback address or `localhost`, too, by its `Host`: otherwise a page from elsewhere, under a name that it has lead to this
    /// machine ("DNS rebinding"), could have a browser here ask, and read the answer.
    pub fn loopback_only(mut self) -> Self {
        self.peers = Peers::Loopback;
        self
    }

    /// How many may watch `/events` at once; 64 by default. Further ones get 503, unless one of those has taken nothing for a minute, with every buffer on the way to it
    /// full: its place is given to who comes, and its stream ends.
    pub fn max_viewers(mut self, most: usize) -> Self {
        self.max_viewers = most;
        self
    }

    /// How many snapshots that were handed out are kept for differences; 120 by default.
    ///
    /// They are kept for a quarter as many seconds at least, half a minute by default, however many ask: a fifth of them may be handed out at once, then two a second, which those who ask at the
    /// same time share, and one a second to whoever watches `/events`. Each takes some 8 bytes a series of requests and some 30 a series of deliveries and a value of it. Once a window is
    /// over, nothing of it is kept.
    pub fn recent_snapshots(mut self, most: usize) -> Self {
        self.recent_snapshots = most;
        self
    }

    /// Asked for each ready document whether the service is ready. Without it, or a [worker state](Self::worker_state), a service that answers is.
    ///
    /// It is called on a thread where it may block. The later of this and [`worker_state`](Self::worker_state) counts.
    pub fn readiness(mut self, readiness: impl Fn() -> Readiness + Send + Sync + 'static) -> Self {
        self.source.facts = Facts::Service(Box::new(readiness));
        self
    }

    /// Asked for each health and ready document what the service knows of its configuration: the documents are those of the exp worker, which is ready once a
    /// configuration was loaded.
    ///
    /// It is called on a thread where it may block, after the cut was taken.
    pub fn worker_state(mut self, state: impl Fn() -> WorkerState + Send + Sync + 'static) -> Self {
        self.source.facts = Facts::Worker(Box::new(state));
        self
    }

    /// Shown every snapshot that an answer or a sample is made of, about to be used: to log overflow, say. It is called on a thread where it may block, and delays the answer.
    pub fn on_snapshot(mut self, look: impl Fn(&Snapshot) + Send + Sync + 'static) -> Self {
        self.source.on_snapshot = Some(Box::new(look));
        self
    }

    /// Asked for each page of `/metrics` how pushes fare, which it then shows: see [`TextPage::pushes`](runtime_exposition::TextPage::pushes).
    #[cfg(feature = "push")]
    pub fn pushes(
        mut self,
        pushes: impl Fn() -> Vec<(&'static str, PushStatistics)> + Send + Sync + 'static,
    ) -> Self {
        self.source.pushes = Some(Box::new(pushes));
        self
    }

    /// Builds the routes. If a Tokio runtime is there, the history begins.
    ///
    /// # Errors
    ///
    /// [`RoutesError`] names the option that makes no sense, and what to do.
    pub fn build(self) -> Result<Routes, RoutesError> {
        let options = [("max_viewers", self.max_viewers), ("recent_snapshots", self.recent_snapshots)];
        if let Some((option, _)) = options.into_iter().find(|(_, value)| *value == 0) {
            return Err(RoutesError::Zero { option });
        }
        let base_path = BasePath::parse(self.base_path)?;
        let token = self.bearer_token.map(|text| BearerToken::parse(&text)).transpose()?;
        let guard = Guard { peers: self.peers, token };
        let events = Events::new(self.max_viewers);
        let desk = Desk::new(self.source, guard, events, self.recent_snapshots, self.maximum_age);
        Ok(Routes::new(desk, base_path))
    }
}

/// Never shows the token.
impl fmt::Debug for RoutesBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RoutesBuilder")
            .field("maximum_age", &self.maximum_age)
            .field("base_path", &self.base_path)
            .field("peers", &self.peers)
            .field("max_viewers", &self.max_viewers)
            .field("recent_snapshots", &self.recent_snapshots)
            .finish_non_exhaustive()
    }
}
