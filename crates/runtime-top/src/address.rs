//! Where a service is.

use std::fmt;
use std::str::FromStr;

use http::Uri;
use http::uri::{PathAndQuery, Scheme};

/// The path of the live page, which is beside the routes that are asked.
const LIVE_PAGE: &str = "/live";

/// Where the routes of a service are: `http` or `https`, a host, and the path that they are below.
///
/// ```
/// use runtime_top::Address;
///
/// let address: Address = "https://shop.example.com/internal/".parse()?;
/// assert_eq!(address.to_string(), "https://shop.example.com/internal");
/// // The address of the live page is one, too.
/// assert_eq!("http://127.0.0.1:8080/live".parse::<Address>()?.to_string(), "http://127.0.0.1:8080");
/// # Ok::<(), runtime_top::AddressError>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    scheme: Scheme,
    authority: http::uri::Authority,
    /// Without a slash at its end.
    base: String,
}

/// Why a text is no [`Address`]. The text is not quoted: it may hold a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{problem}; remedy: give a URL such as http://127.0.0.1:8080 or https://shop.example.com/base/path")]
pub struct AddressError {
    problem: &'static str,
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, AddressError> {
        let wrong = |problem| AddressError { problem };
        let uri: Uri = text.parse().map_err(|_| wrong("it is no URL"))?;
        let parts = uri.into_parts();
        let scheme = parts.scheme.filter(|scheme| [Scheme::HTTP, Scheme::HTTPS].contains(scheme));
        let scheme = scheme.ok_or(wrong("it begins with neither http:// nor https://"))?;
        let authority = parts.authority.filter(|authority| !authority.host().is_empty());
        let authority = authority.ok_or(wrong("it names no host"))?;
        if authority.as_str().contains('@') {
            return Err(wrong("it holds a user name or a password, and a token is what the routes ask for"));
        }
        // What is no port is none to the parser, and the port would be that of the scheme.
        let rest = authority.as_str().strip_prefix(authority.host()).unwrap_or_default();
        if !rest.is_empty() {
            let port = rest.strip_prefix(':').filter(|port| port.bytes().all(|byte| byte.is_ascii_digit()));
            if port.and_then(|port| port.parse::<u16>().ok()).is_none_or(|port| port == 0) {
                return Err(wrong("its port is not one from 1 to 65535"));
            }
        }
        if parts.path_and_query.as_ref().is_some_and(|path| path.query().is_some()) {
            return Err(wrong("it holds a query"));
        }
        let path = parts.path_and_query.as_ref().map_or("", PathAndQuery::path).trim_end_matches('/');
        let base = path.strip_suffix(LIVE_PAGE).unwrap_or(path).trim_end_matches('/').to_owned();
        Ok(Self { scheme, authority, base })
    }
}

impl Address {
    pub(crate) fn is_encrypted(&self) -> bool {
        self.scheme == Scheme::HTTPS
    }

    /// Of a route, such as `/snapshot`. None: the route is not one that a URL can hold.
    pub(crate) fn route(&self, route: &str) -> Option<Uri> {
        let path = format!("{}{route}", self.base);
        Uri::builder()
            .scheme(self.scheme.clone())
            .authority(self.authority.clone())
            .path_and_query(path)
            .build()
            .ok()
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://{}{}", self.scheme, self.authority, self.base)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_below_the_path_of_the_address() {
        for (text, route) in [
            ("http://h", "http://h/snapshot"),
            ("http://h:81/", "http://h:81/snapshot"),
            ("https://h/a/b//", "https://h/a/b/snapshot"),
            ("http://[::1]:8080/live", "http://[::1]:8080/snapshot"),
            ("http://h/a/live/", "http://h/a/snapshot"),
            ("http://h/alive", "http://h/alive/snapshot"),
        ] {
            let address: Address = text.parse().unwrap();
            assert_eq!(address.route("/snapshot").unwrap().to_string(), route);
        }
        assert!("https://h".parse::<Address>().unwrap().is_encrypted());
    }

    #[test]
    fn what_is_no_address_is_refused_with_a_remedy_and_without_being_quoted() {
        for text in [
            "",
            "h",
            "h:1",
            "/a",
            "ftp://h",
            "http://",
            "http://:80",
            "http://me:s3cret@h",
            "http://h h",
            "http://h:",
            "http://h:0",
            "http://h:+80",
            "http://h:65536/",
            "http://h/?token=s3cret",
        ] {
            let message = text.parse::<Address>().unwrap_err().to_string();
            assert!(message.contains("remedy:") && !message.contains("s3cret"), "{text}: {message}");
        }
    }
}
