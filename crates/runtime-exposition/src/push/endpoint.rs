//! Where a receiver is.

use std::fmt;
use std::sync::Arc;

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};

use super::error::PushConfigError;
use super::tls::Named;

/// A checked address: `http` or `https`, a host, a path that is `/` at least.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Endpoint(Uri);

/// Without its query.
impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", shown(&self.0))
    }
}

impl Endpoint {
    pub(crate) fn parse(address: &Named<String>, example: &'static str) -> Result<Self, PushConfigError> {
        let wrong = |problem| PushConfigError::Endpoint { origin: address.origin, problem, example };
        let uri: Uri = address.value.parse().map_err(|_| wrong("it is no URL"))?;
        let Some(authority) = uri.authority() else { return Err(wrong("it names no host")) };
        if uri.scheme() != Some(&Scheme::HTTP) && uri.scheme() != Some(&Scheme::HTTPS) {
            return Err(wrong("it begins with neither http:// nor https://"));
        }
        if authority.as_str().contains('@') {
            return Err(wrong(
                "it holds a user name, which would be seen by whoever sees the address: send a header instead",
            ));
        }
        if authority.host().is_empty() {
            return Err(wrong("it names no host"));
        }
        // What is no port is none to the parser, and the port would be that of the scheme.
        if let Some(port) = authority.as_str().strip_prefix(authority.host()).filter(|rest| !rest.is_empty())
        {
            let digits = port.strip_prefix(':').filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
            if digits.and_then(|digits| digits.parse::<u16>().ok()).is_none_or(|port| port == 0) {
                return Err(wrong("its port is not one from 1 to 65535"));
            }
        }
        Ok(Self(uri))
    }

    pub(crate) fn is_encrypted(&self) -> bool {
        self.0.scheme() == Some(&Scheme::HTTPS)
    }

    /// The address with more behind its path. `path` begins with a slash, and holds what a path may hold.
    pub(crate) fn below(&self, path: &str) -> Self {
        let mut parts = self.0.clone().into_parts();
        let own = self.0.path().trim_end_matches('/');
        let query = self.0.query().map(|query| format!("?{query}")).unwrap_or_default();
        // Cannot fail: of these two the first was checked, and the second is ours.
        parts.path_and_query = PathAndQuery::try_from(format!("{own}{path}{query}")).ok();
        Self(Uri::from_parts(parts).unwrap_or_else(|_| self.0.clone()))
    }

    pub(crate) fn uri(&self) -> Uri {
        self.0.clone()
    }

    /// Its path; `/` where it names none.
    pub(crate) fn path(&self) -> &str {
        self.0.path()
    }

    pub(crate) fn has_query(&self) -> bool {
        self.0.query().is_some()
    }
}

/// An address for people: without its query, which may hold a secret.
pub(crate) fn shown(uri: &Uri) -> Arc<str> {
    let scheme = uri.scheme_str().unwrap_or_default();
    let authority = uri.authority().map_or("", Authority::as_str);
    format!("{scheme}://{authority}{}", uri.path()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(address: &str) -> Result<Endpoint, PushConfigError> {
        Endpoint::parse(&Named { origin: "V", value: address.to_owned() }, "http://localhost:1")
    }

    #[test]
    fn a_path_is_added_behind_the_one_that_is_there() {
        for (address, below) in [
            ("http://h:1", "http://h:1/v1/metrics"),
            ("http://h:1/", "http://h:1/v1/metrics"),
            ("https://h/a/", "https://h/a/v1/metrics"),
            ("https://h/a?b=c", "https://h/a/v1/metrics?b=c"),
            ("http://[::1]:4318", "http://[::1]:4318/v1/metrics"),
        ] {
            assert_eq!(parsed(address).unwrap().below("/v1/metrics").uri().to_string(), below);
        }
    }

    #[test]
    fn what_is_no_address_of_a_receiver_is_refused_without_being_quoted() {
        for address in [
            "",
            "h",
            "/v1",
            "h:1",
            "ftp://h",
            "http://",
            "http://:80",
            "http://me:s3cret@h",
            "http://h h",
            "http://h:",
            "http://h:0",
            "http://h:+80",
            "http://h:abc",
            "http://h:65536/v1",
            "https://[::1]:99999",
        ] {
            let message = parsed(address).unwrap_err().to_string();
            assert!(message.starts_with("V is no address of a receiver ("), "{message}");
            assert!(message.ends_with("remedy: give it a URL such as http://localhost:1"), "{message}");
            assert!(!message.contains("s3cret"));
        }
    }

    #[test]
    fn an_address_is_shown_without_its_query() {
        let uri = parsed("https://h:1/v1/metrics?key=s3cret").unwrap().uri();
        assert_eq!(&*shown(&uri), "https://h:1/v1/metrics");
    }

    #[test]
    fn only_https_is_encrypted() {
        assert!(parsed("https://h").unwrap().is_encrypted());
        assert!(!parsed("http://h").unwrap().is_encrypted());
    }
}
