//! How a Prometheus server finds the worker.

use std::net::SocketAddr;
use std::path::Path;

use runtime_exposition::discovery::{Announcement, RegisterError, Registration, Target, TargetError};

use crate::app::{App, SERVICE};

/// Why the worker could not be announced.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DiscoveryError {
    /// The host's name cannot be told to a server.
    #[error("the name of this host is of no use to a server ({0}); remedy: give --discovery-target")]
    HostName(#[from] TargetError),
    /// The file could not be written.
    #[error(transparent)]
    Register(#[from] RegisterError),
}

/// Announces the worker in a folder, at `target` if that is given, else at the address that it listens on.
pub(crate) fn announce(
    app: &App,
    folder: &Path,
    target: Option<Target>,
    address: SocketAddr,
) -> Result<Registration, DiscoveryError> {
    let target = match target {
        Some(target) => target,
        None => reachable(address, app.metrics().latest().process().hostname())?,
    };
    let announcement = Announcement::new(SERVICE, target).label("environment", app.environment());
    let registration = announcement.register(folder)?;
    for path in registration.swept() {
        tracing::info!(?path, "a worker that ended without a word is no longer announced");
    }
    Ok(registration)
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
