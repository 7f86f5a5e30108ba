//! The hosts that requests may be for.
//!
//! A page from elsewhere can have its own name lead to this machine once it is in a browser here ("DNS rebinding"). To that browser the page and the
//! worker are of one origin then: the page may ask, and read what is answered, configuration values included. What it cannot change is `Host`, which still
//! holds the page's name.

use std::net::IpAddr;
use std::str::FromStr;

use axum::extract::Request;
use http::header::HOST;
use http::uri::Authority;

/// Which hosts requests may be for, by their `Host` header and their target.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Hosts {
    /// Any: who can reach the worker may ask.
    #[default]
    Any,
    /// Those that no page of the web is under, and these names: addresses, `localhost` and names below it, names without a dot. A request that names no host
    /// is of no browser, and is admitted, too.
    LocalAnd(Vec<HostName>),
}

/// A host's name, in any letter case, without a port.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostName(Box<str>);

/// A text is no host's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not the name of a host; remedy: write it without scheme and port, such as exp.example.com, or * for any"
)]
pub struct HostNameError;

impl FromStr for HostName {
    type Err = HostNameError;

    fn from_str(text: &str) -> Result<Self, HostNameError> {
        let is_name = !text.is_empty()
            && text.chars().all(|character| character.is_ascii_alphanumeric() || "._-".contains(character));
        if is_name { Ok(Self(without_final_dot(text).into())) } else { Err(HostNameError) }
    }
}

impl Hosts {
    pub(crate) fn admit(&self, request: &Request) -> bool {
        let Self::LocalAnd(names) = self else { return true };
        let headers = request.headers().get_all(HOST).iter().filter(|host| !host.is_empty());
        let headers = headers.map(|host| Authority::try_from(host.as_bytes()).ok());
        let mut hosts = headers.chain(request.uri().authority().cloned().map(Some));
        hosts.all(|host| host.is_some_and(|host| is_local(host.host()) || is_one_of(host.host(), names)))
    }
}

fn is_local(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    let name = without_final_dot(host);
    let last = name.rsplit('.').next().unwrap_or(name);
    !name.contains('.') || last.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok()
}

fn is_one_of(host: &str, names: &[HostName]) -> bool {
    names.iter().any(|name| name.0.eq_ignore_ascii_case(without_final_dot(host)))
}

/// The dot that ends a name which is whole (RFC 1034, section 3.1) makes no other host.
fn without_final_dot(name: &str) -> &str {
    name.strip_suffix('.').unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn admits(names: &[&str], uri: &str, hosts: &[&str]) -> bool {
        let request = hosts.iter().fold(Request::get(uri), |request, host| request.header(HOST, *host));
        let names = names.iter().map(|name| name.parse().unwrap()).collect();
        Hosts::LocalAnd(names).admit(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn what_no_page_of_the_web_is_under_is_admitted() {
        for host in [
            "127.0.0.1",
            "127.0.0.1:8080",
            "192.0.2.1:80",
            "[::1]",
            "[2001:db8::1]:80",
            "localhost",
            "LocalHost:9",
            "localhost.",
            "exp.localhost:8080",
            "worker",
            "worker_1:8080",
            "",
        ] {
            assert!(admits(&[], "/", &[host]), "{host}");
        }
        assert!(admits(&[], "/", &[]));
        assert!(admits(&[], "http://127.0.0.1:1/", &["localhost"]));
    }

    #[test]
    fn a_name_of_the_web_is_not() {
        for host in [
            "attacker.example",
            "attacker.example:8080",
            "attacker.example.",
            "localhost.attacker.example",
            "127.0.0.1.attacker.example",
            "127.0.0.1@attacker.example",
            "notlocalhost.example",
            "127.1.",
            "local host",
            "a/b",
        ] {
            assert!(!admits(&[], "/", &[host]), "{host}");
        }
        assert!(!admits(&[], "http://attacker.example/", &["localhost"]));
        assert!(!admits(&[], "/", &["localhost", "attacker.example"]));
    }

    #[test]
    fn a_name_that_was_given_is_admitted_and_none_below_it() {
        for host in ["exp.example.com", "EXP.example.com:443", "exp.example.com."] {
            assert!(admits(&["other.example", "exp.Example.com"], "/", &[host]), "{host}");
        }
        assert!(!admits(&["exp.example.com"], "/", &["a.exp.example.com"]));
        for bad in ["", "http://exp", "exp:80", "*", "a b"] {
            assert_eq!(bad.parse::<HostName>(), Err(HostNameError), "{bad}");
        }
    }

    #[test]
    fn any_host_is_any() {
        let request = Request::get("/").header(HOST, "attacker.example").body(Body::empty()).unwrap();
        assert!(Hosts::Any.admit(&request));
    }
}
