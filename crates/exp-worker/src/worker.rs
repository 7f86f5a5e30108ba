//! One process life: from the command line to the final summary.

use std::future::pending;
use std::io::Write as _;
use std::time::Duration;

use runtime_exposition::push::PushConfigError;
use runtime_exposition::{PairsError, ResourceVariables};
use runtime_metrics::{BuildError, Metrics};

use crate::app::{App, AppError, FrontDoor};
use crate::cli::Cli;
use crate::configuration::{SAMPLE, Source};
use crate::discovery::{Announced, DiscoveryError};
use crate::limits::Limits;
use crate::push::{Pushes, Running};
use crate::reload::{load, warn_of_incomplete_documents};
use crate::seconds::Seconds;
use crate::server::{BindError, Ending, Server};
use crate::signals::Signals;
use crate::start_message::start_message;
use crate::stop::{Phase, Stop};
use crate::summary::summary;
use crate::token::{SharedToken, TokenError};
use crate::{configuration, logging};

/// Threads for cuts, file reads, and look-ups of the receivers of pushes. The last may hang for minutes, one for each receiver: there are
/// threads left for the others then.
const MAX_BLOCKING_THREADS: usize = 8;
/// How long the last push may take once connections were cut, or a second signal has come.
const LAST_PUSH_AFTER_CUT: Duration = Duration::from_secs(1);
/// How long the end of the process waits for a file read that hangs.
const RUNTIME_SHUTDOWN: Duration = Duration::from_millis(500);

/// Why the worker did not run, or not to a proper end.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum WorkerError {
    /// The configuration could not be loaded at the start.
    #[error(transparent)]
    Configuration(#[from] configuration::LoadError),
    /// The shared token could not be taken.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The address could not be had.
    #[error(transparent)]
    Bind(#[from] BindError),
    /// The worker could not be announced to a server.
    #[error(transparent)]
    Discovery(#[from] DiscoveryError),
    /// A variable that describes the service cannot be read.
    #[error(transparent)]
    Resource(#[from] PairsError),
    /// The pushes that are asked for could not be set up.
    #[error(transparent)]
    Push(#[from] PushConfigError),
    /// The registry could not be built: the environment asks for fences that there are not.
    #[error(transparent)]
    Metrics(#[from] BuildError),
    /// The app could not be set up.
    #[error(transparent)]
    App(#[from] AppError),
    /// Threads or signal handlers could not be set up.
    #[error(
        "the operating system refuses threads or signal handlers ({0}); remedy: raise the limits of this process"
    )]
    Start(#[from] std::io::Error),
}

impl WorkerError {
    /// 2 when whoever started the worker must change something it was told, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Configuration(_)
            | Self::Token(_)
            | Self::Discovery(_)
            | Self::Resource(_)
            | Self::Push(_)
            | Self::Metrics(_) => 2,
            Self::Bind(_) | Self::App(_) | Self::Start(_) => 1,
        }
    }
}

/// Runs the worker over a registry of its own until a signal stops it; prints the start message and the
/// final summary on standard output. Asked for the sample, it prints that and nothing else.
///
/// # Errors
///
/// [`WorkerError`] when it could not begin to serve.
pub fn run(cli: Cli) -> Result<(), WorkerError> {
    if cli.print_sample {
        say(SAMPLE);
        return Ok(());
    }
    logging::install();
    let token = SharedToken::from_file_or_environment(cli.local_token_file.as_deref())?;
    // The measurement window of the process begins here: before there are other threads, with which it takes longer.
    let metrics = Metrics::builder().build()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .max_blocking_threads(MAX_BLOCKING_THREADS)
        .build()?;
    let outcome = runtime.block_on(serve(cli, token, metrics));
    runtime.shutdown_timeout(RUNTIME_SHUTDOWN);
    outcome
}

async fn serve(cli: Cli, token: Option<SharedToken>, metrics: Metrics) -> Result<(), WorkerError> {
    // First of all, so that a signal that comes early is not deadly.
    let mut signals = Signals::install()?;
    let hosts = cli.hosts();
    let source = Source::from_option(cli.config);
    let configuration = tokio::select! {
        loaded = load(&source) => loaded?,
        () = signals.asked_to_stop() => return Ok(()),
    };
    let is_guarded = token.is_some();
    let front_door = if cli.trust_front_door { FrontDoor::Trusted } else { FrontDoor::Untrusted };
    let mut app = App::builder(metrics)
        .environment(cli.environment)
        .front_door(front_door)
        .hosts(hosts)
        .caller_labels(cli.caller_labels.into())
        .resource(ResourceVariables::from_env()?);
    if let Some(token) = token {
        app = app.local_token(token);
    }
    let app = app.build()?;
    app.install(configuration);
    let pushes = Pushes::set_up(cli.otlp, cli.pushgateway, app.exposition())?;
    app.show_pushes(pushes.monitors());

    let limits = Limits::default();
    let drain_timeout = limits.drain_timeout;
    let server = Server::bind(cli.listen, app.clone(), limits).await?;
    let address = server.local_address();
    if !address.ip().is_loopback() && !is_guarded {
        tracing::warn!(
            "whoever can reach {address} can read the configuration values; remedy: set EXP_LOCAL_TOKEN, or listen on a loopback address"
        );
    }
    warn_of_incomplete_documents(&app.in_force());
    let announced = match &cli.discovery_dir {
        Some(folder) => Some(Announced::new(&app, folder, cli.discovery_target, address)?),
        None => None,
    };
    say(&start_message(&app, &source, address, announced.as_ref(), &pushes));

    let stop = Stop::new();
    tokio::spawn(signals.obey(app.clone(), source, stop.clone(), drain_timeout));
    let pushes = pushes.start(&app);
    let (ending, ()) = tokio::join!(server.run(stop.clone()), stay(announced, stop.clone()));
    if let Ending::Cut { connections } = ending {
        tracing::warn!(connections, "connections were cut before their answers were finished");
    }
    finish(pushes, ending, &stop).await;
    say(&format!("{}\n", summary(&app.metrics().snapshot())));
    Ok(())
}

/// Stays announced, if it is, until a stop begins.
async fn stay(announced: Option<Announced>, stop: Stop) {
    if let Some(announced) = announced {
        announced.stay(stop).await;
    }
}

/// Has the last pushes made, which show every answer. A signal that comes meanwhile ends them at once; where there was a second one before, or connections had to
/// be cut, they have little time.
async fn finish(pushes: Running, ending: Ending, stop: &Stop) {
    if pushes.is_empty() {
        return;
    }
    if ending == Ending::Drained && stop.phase() < Phase::Cut {
        let limit = pushes.patience();
        tracing::info!(
            "all answers are finished; the last push has up to {}; a second signal drops it",
            Seconds(limit)
        );
        pushes.finish(limit, stop.reached(Phase::Cut)).await;
    } else {
        tracing::info!("the last push has up to {}", Seconds(LAST_PUSH_AFTER_CUT));
        pushes.finish(LAST_PUSH_AFTER_CUT, pending()).await;
    }
}

/// Prints on standard output. Nobody may be reading there; that must not stop the worker.
fn say(text: &str) {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
}
