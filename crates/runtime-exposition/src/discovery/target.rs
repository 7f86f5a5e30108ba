//! Where a process is scraped.

use std::fmt;
use std::net::{Ipv6Addr, SocketAddr};
use std::str::FromStr;

use serde::Serialize;

use super::error::TargetError;

/// A host and a port, as a server writes them: `worker-7.example.com:8080`, `192.0.2.1:8080`, `[2001:db8::1]:8080`.
///
/// Nothing is looked up: the host is what the server asks its own resolver for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Target(Box<str>);

impl Target {
    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Target {
    type Err = TargetError;

    fn from_str(text: &str) -> Result<Self, TargetError> {
        let is_target = text.rsplit_once(':').is_some_and(|(host, port)| is_host(host) && is_port(port));
        if is_target { Ok(Self(text.into())) } else { Err(TargetError { text: text.to_owned() }) }
    }
}

impl From<SocketAddr> for Target {
    fn from(address: SocketAddr) -> Self {
        Self(address.to_string().into())
    }
}

impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A name or an IPv4 address, of letters, digits, `.`, `-` and `_`; or an IPv6 address in brackets.
fn is_host(text: &str) -> bool {
    match text.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(address) => address.parse::<Ipv6Addr>().is_ok(),
        None => {
            !text.is_empty()
                && text
                    .chars()
                    .all(|character| character.is_ascii_alphanumeric() || "._-".contains(character))
        }
    }
}

fn is_port(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit()) && text.parse::<u16>().is_ok_and(|port| port > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_and_a_port_are_a_target_and_nothing_else_is() {
        for good in ["localhost:1", "worker-7.example.com:8080", "192.0.2.1:65535", "[::1]:80", "a_b:1"] {
            assert_eq!(good.parse::<Target>().unwrap().as_str(), good);
        }
        for bad in [
            "",
            ":",
            "host",
            "host:",
            ":80",
            "host:0",
            "host:65536",
            "host:+80",
            "host: 80",
            "ho st:80",
            "::1:80",
            "[::1]",
            "[::1:80",
            "[host]:80",
            "http://host:80",
            "host:80/metrics",
            "user@host:80",
            "hôst:80",
            "h\n:1",
        ] {
            assert_eq!(bad.parse::<Target>(), Err(TargetError { text: bad.to_owned() }), "{bad}");
        }
    }

    #[test]
    fn an_address_is_written_as_a_target_is() {
        for address in ["192.0.2.1:80", "[2001:db8::1]:80"] {
            let target = Target::from(address.parse::<SocketAddr>().unwrap());
            assert_eq!(address.parse(), Ok(target));
        }
    }
}
