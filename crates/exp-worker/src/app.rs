//! What every request shares.

use std::sync::Arc;

use runtime_exposition::push::PushMonitor;
use runtime_exposition::{CallerLabels, Exposition, ResourceVariables};
use runtime_http::{Routes, RoutesError};
use runtime_metrics::{Metrics, Snapshot};

use crate::configuration::Configuration;
use crate::hosts::Hosts;
use crate::state::State;
use crate::store::InForce;
use crate::token::SharedToken;

/// What the worker is called, if the environment calls it nothing else.
pub(crate) const SERVICE: &str = "exp-worker";
/// OpenTelemetry's name for the environment. Source: semantic conventions, "Deployment".
const ENVIRONMENT_ATTRIBUTE: &str = "deployment.environment.name";

/// Whether the worker stands behind a front door that sets the principal header itself, and strips the
/// caller's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FrontDoor {
    /// The principal header is ignored: anybody could have sent it.
    #[default]
    Untrusted,
    /// The principal header names the caller.
    Trusted,
}

/// The worker's state: its registry, the configuration in force, whom it trusts. Clones share it.
#[derive(Debug, Clone)]
pub struct App(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    state: Arc<State>,
    routes: Routes,
    front_door: FrontDoor,
    local_token: Option<SharedToken>,
    hosts: Hosts,
}

/// Why an [`App`] could not be built.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AppError {
    /// The exposition refused its options. They are constants, so this is a defect of the worker.
    #[error("the exposition cannot be set up ({0}); remedy: report this as a defect of exp-worker")]
    Exposition(#[from] runtime_exposition::ExpositionError),
    /// The routes for observers refused theirs, which are constants, too.
    #[error("the routes cannot be set up ({0}); remedy: report this as a defect of exp-worker")]
    Routes(#[from] RoutesError),
}

/// Builds an [`App`].
#[derive(Debug)]
pub struct AppBuilder {
    metrics: Metrics,
    environment: String,
    front_door: FrontDoor,
    local_token: Option<SharedToken>,
    hosts: Hosts,
    caller_labels: CallerLabels,
    resource: ResourceVariables,
}

impl App {
    /// Starts an app over this registry: environment `development`, front door untrusted, no shared token,
    /// any host, callers shown, and no configuration until one is [installed](App::install).
    pub fn builder(metrics: Metrics) -> AppBuilder {
        AppBuilder {
            metrics,
            environment: "development".to_owned(),
            front_door: FrontDoor::Untrusted,
            local_token: None,
            hosts: Hosts::Any,
            caller_labels: CallerLabels::Shown,
            resource: ResourceVariables::default(),
        }
    }

    /// Puts a configuration in force; requests that are being answered keep the one they began with.
    pub fn install(&self, configuration: Configuration) -> Arc<InForce> {
        self.0.state.store.install(self.metrics(), configuration)
    }

    /// The configuration in force.
    pub fn in_force(&self) -> Arc<InForce> {
        self.0.state.store.in_force()
    }

    /// The registry that counts.
    pub fn metrics(&self) -> &Metrics {
        &self.0.state.metrics
    }

    /// The routes for those who observe the worker.
    pub(crate) fn routes(&self) -> &Routes {
        &self.0.routes
    }

    /// A new cut for somebody who observes the worker. Overflow that it shows is logged, once for each window
    /// and family.
    pub(crate) fn cut(&self) -> Snapshot {
        self.0.state.cut()
    }

    pub(crate) fn environment(&self) -> &str {
        &self.0.state.environment
    }

    pub(crate) fn exposition(&self) -> &Exposition {
        &self.0.state.exposition
    }

    /// Has the metrics page show how these pushes fare. The first call counts.
    pub(crate) fn show_pushes(&self, monitors: Vec<(&'static str, PushMonitor)>) {
        self.0.state.show_pushes(monitors);
    }

    pub(crate) fn front_door(&self) -> FrontDoor {
        self.0.front_door
    }

    pub(crate) fn local_token(&self) -> Option<&SharedToken> {
        self.0.local_token.as_ref()
    }

    pub(crate) fn hosts(&self) -> &Hosts {
        &self.0.hosts
    }
}

/// What the worker is called, where it says who it is.
pub(crate) fn service_name(exposition: &Exposition) -> &str {
    exposition.service_name().unwrap_or(SERVICE)
}

impl AppBuilder {
    /// The name of the environment, shown by both health documents, and on every way out of the counts as `deployment.environment.name`.
    pub fn environment(mut self, name: impl Into<String>) -> Self {
        self.environment = name.into();
        self
    }

    /// Whether the principal header is believed.
    pub fn front_door(mut self, front_door: FrontDoor) -> Self {
        self.front_door = front_door;
        self
    }

    /// How callers are shown, by the metrics page and both health documents.
    pub fn caller_labels(mut self, callers: CallerLabels) -> Self {
        self.caller_labels = callers;
        self
    }

    /// What the environment says about the service, in place of what the worker says of itself.
    pub fn resource(mut self, variables: ResourceVariables) -> Self {
        self.resource = variables;
        self
    }

    /// The token that callers of the configuration routes must send.
    pub fn local_token(mut self, token: SharedToken) -> Self {
        self.local_token = Some(token);
        self
    }

    /// The hosts that requests may be for, whatever they ask.
    pub fn hosts(mut self, hosts: Hosts) -> Self {
        self.hosts = hosts;
        self
    }

    /// Builds the app. In a Tokio runtime the history of its routes begins.
    ///
    /// # Errors
    ///
    /// [`AppError`] when the exposition cannot be set up.
    pub fn build(self) -> Result<App, AppError> {
        let exposition = Exposition::builder()
            .namespace("exp")
            .service_name(SERVICE)
            .service_version(env!("CARGO_PKG_VERSION"))
            .resource_attribute(ENVIRONMENT_ATTRIBUTE, self.environment.as_str())
            .caller_labels(self.caller_labels)
            .resource_variables(self.resource)
            .build()?;
        let state = Arc::new(State::new(self.metrics, exposition, self.environment));
        let routes = state.routes()?;
        let Self { front_door, local_token, hosts, .. } = self;
        Ok(App(Arc::new(Inner { state, routes, front_door, local_token, hosts })))
    }
}
