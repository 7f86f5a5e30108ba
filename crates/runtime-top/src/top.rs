//! The public face.

use std::io::{self, IsTerminal as _, Write};
use std::time::Duration;

use crate::address::Address;
use crate::client::{Client, ClientError};
use crate::clock::Moment;
use crate::errands::environment;
use crate::report::write;
use crate::snapshot::Snapshot;
use crate::stream::LONGEST_DOCUMENT;
use crate::token::Token;
use crate::watch::watch;

/// What the services take, in seconds.
const INTERVALS: std::ops::RangeInclusive<u64> = 1..=60;
/// How long a report waits for its snapshot.
const PATIENCE: Duration = Duration::from_secs(10);

/// The view of one service.
#[derive(Debug)]
pub struct Top {
    address: Address,
    token: Option<Token>,
    interval: Duration,
}

/// How a view ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// Whoever watched has quit, or the report is written.
    Quit,
    /// By the signal of this number.
    Signal(i32),
}

/// Why there is no view, or none any more.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TopError {
    /// Nothing can be asked.
    #[error(transparent)]
    Client(#[from] ClientError),
    /// There is no snapshot to report.
    #[error("no snapshot of {address}: {reason}{}", if reason.contains("remedy:") { "" } else { ANSWERING })]
    NoSnapshot {
        /// Who was asked.
        address: String,
        /// What came instead.
        reason: String,
    },
    /// The report cannot be written.
    #[error("the report cannot be written ({0}); remedy: look at what standard output is")]
    Output(#[source] io::Error),
    /// The terminal cannot be drawn on, or is gone.
    #[error(
        "the terminal cannot be used ({0}); remedy: use another one, or pipe the output for a plain report"
    )]
    Terminal(#[source] io::Error),
    /// Threads or signal handlers could not be set up.
    #[error(
        "the operating system refuses threads or signals ({0}); remedy: raise the limits of this process"
    )]
    Start(#[source] io::Error),
    /// The task that follows the service has ended.
    #[error("the view has a defect; remedy: report it with what stands above")]
    Defect,
}

const ANSWERING: &str = "; remedy: check the address and the token, and that the service runs";

impl Top {
    /// The view of the service at an address, of a snapshot each second, without a token.
    #[must_use]
    pub fn new(address: Address) -> Self {
        Self { address, token: None, interval: Duration::from_secs(*INTERVALS.start()) }
    }

    /// The token that the service asks for.
    #[must_use]
    pub fn token(mut self, token: Token) -> Self {
        self.token = Some(token);
        self
    }

    /// A snapshot each so many seconds. Services take 1 to 60: less or more than that becomes the nearest of these.
    #[must_use]
    pub fn interval(mut self, seconds: u64) -> Self {
        self.interval = Duration::from_secs(seconds.clamp(*INTERVALS.start(), *INTERVALS.end()));
        self
    }

    /// Watches the service if standard output is a terminal that can be drawn on, and else writes a report of one snapshot there.
    ///
    /// Without colours if `NO_COLOR` is set to anything; `TERM=dumb` is no terminal that can be drawn on, nor is one without a size. Must be called outside of any asynchronous runtime: it has
    /// one of its own.
    ///
    /// *Cost:* blocks until somebody quits or a signal comes (SIGTERM, SIGINT, SIGHUP), and for a report some 20 s at most. A thread for the network, and one for the keyboard.
    ///
    /// # Errors
    ///
    /// [`TopError`]: while watching, only of this machine. A service that does not answer is shown as such, and asked again.
    pub fn run(self) -> Result<Ending, TopError> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .enable_all()
            .build()
            .map_err(TopError::Start)?;
        let is_drawable = io::stdout().is_terminal()
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb")
            // A line to a console may have no size.
            && crossterm::terminal::size().is_ok_and(|(width, height)| width > 0 && height > 0);
        let outcome = if is_drawable {
            Client::new(self.address, self.token)
                .map_err(TopError::from)
                .and_then(|client| runtime.block_on(watch(client, self.interval)))
        } else {
            runtime.block_on(self.report(&mut io::stdout().lock())).map(|()| Ending::Quit)
        };
        // A look-up of a name may hang in a thread of its own.
        runtime.shutdown_background();
        outcome
    }

    /// Writes a report of one snapshot, as plain text. Whoever reads only its beginning is no error.
    ///
    /// *Cost:* two questions of the service; the whole text in memory; blocks while it is written.
    ///
    /// # Errors
    ///
    /// [`TopError`] if the service does not answer within 10 seconds, answers something else, or the report cannot be written.
    pub async fn report(self, output: &mut impl Write) -> Result<(), TopError> {
        let address = self.address.to_string();
        let client = Client::new(self.address, self.token)?;
        let no_snapshot = |reason: String| TopError::NoSnapshot { address: address.clone(), reason };
        let text = client.document("/snapshot", LONGEST_DOCUMENT, PATIENCE).await;
        let text = text.map_err(|trouble| no_snapshot(trouble.reason))?;
        let snapshot =
            Snapshot::parse(&text, Moment::now()).map_err(|error| no_snapshot(error.to_string()))?;
        let environment = environment(&client).await;
        let mut report = String::new();
        // Writing to a text cannot fail.
        let _ = write(&mut report, &snapshot, environment.as_deref());
        match output.write_all(report.as_bytes()).and_then(|()| output.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(TopError::Output(error)),
            _ => Ok(()),
        }
    }
}
