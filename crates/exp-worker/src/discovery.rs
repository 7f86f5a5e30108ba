//! How a Prometheus server finds the worker.

use std::fmt;
use std::net::SocketAddr;
use std::path::Path;
use std::time::Duration;

use runtime_exposition::discovery::{
    Announcement, RegisterError, Registration, Renewal, Target, TargetError,
};
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use crate::app::{App, SERVICE};
use crate::one_line::OneLine;
use crate::seconds::Seconds;
use crate::stop::{Phase, Stop};

/// How often it is looked whether the file is still there.
const LOOK_INTERVAL: Duration = Duration::from_secs(5);

/// Why the worker could not be announced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// The worker listens on every address, and the host's name cannot be told to a server.
    #[error(
        "this host is named {hostname:?}, which no server can look up; remedy: say where the worker is scraped, by \
         --discovery-target HOST:PORT"
    )]
    HostName {
        /// The name.
        hostname: String,
    },
    /// The file could not be written.
    #[error("--discovery-dir: {0}")]
    Register(#[from] RegisterError),
}

/// A worker that has a file in the folder of a server.
#[derive(Debug)]
pub(crate) struct Announced {
    target: Target,
    registration: Registration,
}

/// Where it is scraped, and which file says so.
impl fmt::Display for Announced {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "as {} by {}", self.target, OneLine(self.registration.path()))
    }
}

impl Announced {
    /// Announces the worker in a folder, at `target` if that is given, else at the address that it listens on.
    pub(crate) fn new(
        app: &App,
        folder: &Path,
        target: Option<Target>,
        address: SocketAddr,
    ) -> Result<Self, DiscoveryError> {
        let hostname = app.metrics().latest().process().hostname().to_owned();
        let target = match target {
            Some(target) => target,
            None => reachable(address, &hostname).map_err(|_| DiscoveryError::HostName { hostname })?,
        };
        // A file's name, by which those of dead workers are found: not what the environment may call the service.
        let announcement = Announcement::new(SERVICE, target.clone()).label("environment", app.environment());
        let registration = announcement.register(folder)?;
        for path in registration.swept() {
            tracing::info!(file = %OneLine(path), "a worker that ended without a word is no longer announced");
        }
        Ok(Self { target, registration })
    }

    /// Sees to it that the file is there until `stop` begins; then lets the server forget the worker, which answers no scrape from then on.
    pub(crate) async fn stay(self, stop: Stop) {
        let Self { mut registration, .. } = self;
        let mut is_lost = false;
        loop {
            tokio::select! {
                () = stop.reached(Phase::Draining) => break,
                () = sleep(LOOK_INTERVAL) => {}
            }
            let look = spawn_blocking(move || {
                let found = registration.renew();
                (registration, found)
            });
            let looked = tokio::select! {
                looked = look => looked,
                // Whoever looks drops the registration when it has looked: that withdraws the worker, too.
                () = stop.reached(Phase::Draining) => return,
            };
            // An error is the end of the runtime, by which everything is dropped.
            let Ok((same, found)) = looked else { return };
            registration = same;
            is_lost = tell(&registration, found, is_lost);
        }
        if let Err(error) = registration.withdraw() {
            tracing::warn!("{error}");
        }
    }
}

/// Tells the log of a file that was lost, once for each time; whether it still is.
fn tell(registration: &Registration, found: Result<Renewal, RegisterError>, was_lost: bool) -> bool {
    let file = OneLine(registration.path());
    match found {
        Ok(Renewal::Untouched) if !was_lost => false,
        Ok(_) if was_lost => {
            tracing::info!(%file, "the worker is announced again");
            false
        }
        Ok(_) => {
            tracing::warn!(
                %file,
                "somebody else removed or changed the file that announces the worker, and it was written again; remedy: keep cleaners of \
                 temporary files off the folder"
            );
            false
        }
        Err(error) => {
            if !was_lost {
                tracing::warn!(
                    "no server finds the worker any more: {error}; it is tried again every {}",
                    Seconds(LOOK_INTERVAL)
                );
            }
            true
        }
    }
}

/// Where others reach a worker that listens on `address` of the host of this name.
fn reachable(address: SocketAddr, hostname: &str) -> Result<Target, TargetError> {
    if address.ip().is_unspecified() {
        format!("{hostname}:{}", address.port()).parse()
    } else {
        Ok(address.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_listens_everywhere_is_reached_by_the_name_of_the_host() {
        for (address, target) in [
            ("0.0.0.0:80", "worker-7:80"),
            ("[::]:80", "worker-7:80"),
            ("127.0.0.1:80", "127.0.0.1:80"),
            ("[2001:db8::1]:80", "[2001:db8::1]:80"),
        ] {
            assert_eq!(reachable(address.parse().unwrap(), "worker-7").unwrap().as_str(), target);
        }
        assert!(reachable("0.0.0.0:80".parse().unwrap(), "kitchen sink").is_err());
    }
}
