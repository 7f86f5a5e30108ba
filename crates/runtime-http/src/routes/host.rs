//! The host that a request is for.

use std::net::IpAddr;

use axum::extract::Request;
use http::header::HOST;
use http::uri::Authority;

use super::guard::is_loopback;

/// Whether a request is for a loopback address or `localhost`, with any port, by all that it says about it.
///
/// A page from elsewhere can have a name that leads to this machine once the page is there ("DNS rebinding"). What asks then is a browser of this machine, to which page
/// and answer are of one origin; but the host that it names is the page's. A request that names none is for nobody.
pub(super) fn is_for_loopback(request: &Request) -> bool {
    let headers = request.headers().get_all(HOST).iter();
    let hosts = headers.map(|host| Authority::try_from(host.as_bytes()).ok());
    let mut hosts = hosts.chain(request.uri().authority().cloned().map(Some)).peekable();
    hosts.peek().is_some() && hosts.all(|host| host.is_some_and(|host| is_loopback_host(host.host())))
}

fn is_loopback_host(host: &str) -> bool {
    let address = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(is_loopback)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn is_admitted(uri: &str, hosts: &[&str]) -> bool {
        let request = hosts.iter().fold(Request::get(uri), |request, host| request.header(HOST, *host));
        is_for_loopback(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn a_loopback_address_or_localhost_is_meant_with_whatever_port() {
        for host in
            ["127.0.0.1", "127.0.0.1:8080", "127.9.9.9", "[::1]", "[::1]:80", "localhost", "LocalHost:9"]
        {
            assert!(is_admitted("/", &[host]), "{host}");
        }
        for host in [
            "",
            "attacker.example",
            "attacker.example:8080",
            "localhost.attacker.example",
            "127.0.0.1.attacker.example",
            "127.0.0.1@attacker.example",
            "192.0.2.1",
            "0.0.0.0",
            "[::]",
            "[2001:db8::1]:80",
            "local host",
        ] {
            assert!(!is_admitted("/", &[host]), "{host}");
        }
    }

    #[test]
    fn whatever_a_request_says_about_its_host_counts() {
        assert!(is_admitted("http://localhost/", &[]));
        assert!(is_admitted("http://localhost:1/", &["127.0.0.1:1"]));
        assert!(!is_admitted("http://attacker.example/", &["localhost"]));
        assert!(!is_admitted("http://localhost/", &["attacker.example"]));
        assert!(!is_admitted("/", &["localhost", "attacker.example"]));
        assert!(!is_admitted("/", &[]));
    }
}
