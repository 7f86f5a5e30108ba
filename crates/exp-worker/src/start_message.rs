//! What the worker prints when it is ready: where to look, and what is in force.

use std::fmt::{self, Write as _};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use crate::app::App;
use crate::configuration::Source;
use crate::discovery::Announced;
use crate::push::Pushes;
use crate::summary::counted;

/// The start message, several lines, each with its line end. The last one names an address to try.
pub(crate) fn start_message(
    app: &App,
    source: &Source,
    address: SocketAddr,
    announced: Option<&Announced>,
    pushes: &Pushes,
) -> String {
    let base = format!("http://{}", reachable(address));
    let in_force = app.in_force();
    let configuration = in_force.configuration();
    let example = match configuration.targets().next() {
        Some((target, _)) => format!("{base}/api/v1/run-time?for={target}"),
        None => "none: the configuration has no target".to_owned(),
    };
    let mut text = String::new();
    let mut line = |label: &str, value: fmt::Arguments<'_>| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {label:<15}{value}");
    };
    line(
        "configuration",
        format_args!(
            "{source} ({}, {})",
            counted(configuration.targets().len() as u64, "target"),
            counted(configuration.key_count() as u64, "key")
        ),
    );
    if app.local_token().is_some() {
        line("shared token", format_args!("asked for below {base}/api/v1/, in the header X-Exp-Local-Token"));
    }
    if let Some(announced) = announced {
        line("announced", format_args!("{announced}"));
    }
    for receiver in pushes.receivers() {
        line("pushes", format_args!("{receiver}"));
    }
    line("live page", format_args!("{base}/live"));
    line("health", format_args!("{base}/api/health"));
    line("metrics", format_args!("{base}/metrics"));
    line("example", format_args!("{example}"));
    format!("exp-worker {} listens on {address}\n{text}", env!("CARGO_PKG_VERSION"))
}

/// An address that a browser on this machine can open: the unspecified one cannot be opened everywhere.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unspecified_address_is_shown_as_loopback() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()).to_string(), "127.0.0.1:80");
        assert_eq!(reachable("[::]:80".parse().unwrap()).to_string(), "[::1]:80");
        assert_eq!(reachable("192.0.2.1:80".parse().unwrap()).to_string(), "192.0.2.1:80");
    }
}
