//! HTTP: asks the routes of a service.
//!
//! The client is that of `hyper-util` with `hyper-rustls`. Redirects are not followed, proxies of the environment are not asked, and each
//! question has a connection of its own.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_ENCODING, CONTENT_TYPE, LOCATION, RETRY_AFTER};
use http::{HeaderMap, HeaderName, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Empty};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::Client as HyperClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use rustls::{ClientConfig, RootCertStore};
use serde::Deserialize;

use crate::address::Address;
use crate::label;
use crate::token::Token;
use crate::trouble::{Trouble, TroubleKind};

/// How long a TCP connection may take to come about.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);
/// Bytes of an answer that says why there is no other.
const LONGEST_REASON: usize = 64 * 1024;
/// Columns of where a service points to.
const LONGEST_PLACE: usize = 120;
/// Columns of what a service or a library has to say.
const LONGEST_REMARK: usize = 240;

/// Why no question can be asked at all.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ClientError {
    /// https is asked for, and this machine says of nobody that they are to be trusted.
    #[error(
        "this machine names nobody who may vouch for a service's certificate ({problem}); remedy: install its certificates \
         (Debian: ca-certificates), or name a file of them by SSL_CERT_FILE"
    )]
    NoAuthorities {
        /// What the search for them ended with.
        problem: String,
    },
    /// TLS cannot be set up.
    #[error("TLS cannot be set up ({0}); remedy: report this as a defect of runtime-top")]
    Tls(#[from] rustls::Error),
}

/// Asks one service.
#[derive(Debug)]
pub(crate) struct Client {
    http: HyperClient<HttpsConnector<HttpConnector>, Empty<Bytes>>,
    address: Address,
    token: Option<Token>,
}

impl Client {
    pub(crate) fn new(address: Address, token: Option<Token>) -> Result<Self, ClientError> {
        // A service that is spoken to in plain text needs none of the machine's certificates.
        let roots = if address.is_encrypted() { trusted()? } else { RootCertStore::empty() };
        Self::trusting(roots, address, token)
    }

    fn trusting(roots: RootCertStore, address: Address, token: Option<Token>) -> Result<Self, ClientError> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some(CONNECT_TIMEOUT));
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let tls = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions()?;
        let tls = tls.with_root_certificates(roots).with_no_client_auth();
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http().enable_http1();
        let http = HyperClient::builder(TokioExecutor::new())
            .pool_max_idle_per_host(0)
            .build(connector.wrap_connector(tcp));
        Ok(Self { http, address, token })
    }

    pub(crate) fn address(&self) -> &Address {
        &self.address
    }

    /// The answer to a question, if it is 200 and of the given type. Waits for its head without a limit.
    pub(crate) async fn ask(
        &self,
        route: &str,
        media_type: &'static str,
    ) -> Result<Response<Incoming>, Trouble> {
        let Some(uri) = self.address.route(route) else {
            return Err(Trouble::new(TroubleKind::Refused, "the address holds what no URL may hold"));
        };
        let mut request = Request::new(Empty::new());
        *request.uri_mut() = uri;
        request.headers_mut().insert(ACCEPT, http::HeaderValue::from_static(media_type));
        if let Some(token) = &self.token {
            request.headers_mut().insert(AUTHORIZATION, token.header().clone());
        }
        let response = self.http.request(request).await.map_err(|error| self.no_answer(&error))?;
        match response.status() {
            StatusCode::OK if response.headers().contains_key(CONTENT_ENCODING) => {
                let found = label::quoted(text(response.headers(), CONTENT_ENCODING), LONGEST_REMARK);
                let reason = format!(
                    "its answer is compressed ({found}), which was not asked for; remedy: ask the service itself, not what stands before it"
                );
                Err(Trouble::new(TroubleKind::Refused, reason))
            }
            StatusCode::OK if text(response.headers(), CONTENT_TYPE).starts_with(media_type) => Ok(response),
            StatusCode::OK => {
                let found = label::quoted(text(response.headers(), CONTENT_TYPE), LONGEST_REMARK);
                let reason = format!(
                    "its answer is of the type {found}, not {media_type}; remedy: give the address of a service with the routes of \
                     runtime-http"
                );
                Err(Trouble::new(TroubleKind::Refused, reason))
            }
            _ => Err(self.refusal(response).await),
        }
    }

    /// A whole document, of so many bytes at most.
    pub(crate) async fn document(
        &self,
        route: &str,
        most: usize,
        patience: Duration,
    ) -> Result<Vec<u8>, Trouble> {
        let answer = async {
            let response = self.ask(route, "application/json").await?;
            match body(response.into_body(), most).await {
                Ok(Some(bytes)) => Ok(bytes),
                Ok(None) => Err(Trouble::new(
                    TroubleKind::Refused,
                    format!("its answer is longer than {most} bytes, which is the most that is read"),
                )),
                Err(error) => {
                    Err(Trouble::new(TroubleKind::Gone, format!("the answer broke off: {}", cause(&error))))
                }
            }
        };
        tokio::time::timeout(patience, answer).await.unwrap_or_else(|_| {
            let reason = format!("{} has not answered in {} s", self.address, patience.as_secs());
            Err(Trouble::new(TroubleKind::Silent, reason))
        })
    }

    fn no_answer(&self, error: &hyper_util::client::legacy::Error) -> Trouble {
        let cause = cause(error);
        let reason = if error.is_connect() {
            format!("no connection to {} ({cause})", self.address)
        } else {
            format!("no answer of HTTP from {} ({cause})", self.address)
        };
        Trouble::new(TroubleKind::Gone, reason)
    }

    async fn refusal(&self, response: Response<Incoming>) -> Trouble {
        let (head, incoming) = response.into_parts();
        let status = head.status;
        if status == StatusCode::UNAUTHORIZED {
            let reason = match self.token {
                None => "it asks for its bearer token; remedy: quit, and give it",
                Some(_) => {
                    "it does not take the bearer token that was given; remedy: look at which one it takes"
                }
            };
            return Trouble::new(TroubleKind::Unauthorised, reason);
        }
        let said = tokio::time::timeout(CONNECT_TIMEOUT, body(incoming, LONGEST_REASON)).await;
        let said = match said {
            Ok(Ok(Some(bytes))) => serde_json::from_slice::<Refusal>(&bytes).ok(),
            _ => None,
        };
        let said = match said {
            Some(Refusal { error }) => format!(": {error}"),
            None if status.is_redirection() => {
                let place = label::quoted(text(&head.headers, LOCATION), LONGEST_PLACE);
                format!(
                    ", which is not followed; remedy: give the address that its routes are at (it points to {place})"
                )
            }
            None if status == StatusCode::NOT_FOUND => {
                "; remedy: give the path that its routes are below, if there is one".to_owned()
            }
            None => String::new(),
        };
        let reason = label::quoted(&format!("it answers {}{said}", status.as_u16()), LONGEST_REMARK);
        let wait = text(&head.headers, RETRY_AFTER).parse().map_or(Duration::ZERO, Duration::from_secs);
        Trouble::new(TroubleKind::Refused, reason).after(wait)
    }
}

/// Errors of the routes.
#[derive(Debug, Deserialize)]
struct Refusal {
    error: String,
}

/// What an error was caused by in the end, in words that act on no terminal. Those that stand before it say where it came up.
pub(crate) fn cause(error: &(dyn Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error: &&'_ (dyn Error + 'static)| (*error).source());
    causes.last().map_or(String::new(), |cause| label::quoted(&cause.to_string(), LONGEST_REMARK))
}

/// None: it is too long.
async fn body(mut incoming: Incoming, most: usize) -> Result<Option<Vec<u8>>, hyper::Error> {
    let mut bytes = Vec::new();
    while let Some(frame) = incoming.frame().await {
        let Ok(data) = frame?.into_data() else { continue };
        if data.len() > most - bytes.len() {
            return Ok(None);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(Some(bytes))
}

fn text(headers: &HeaderMap, name: HeaderName) -> &str {
    headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Whom this machine trusts.
fn trusted() -> Result<RootCertStore, ClientError> {
    let found = rustls_native_certs::load_native_certs();
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(found.certs);
    if roots.is_empty() {
        let problems: Vec<_> = found.errors.iter().map(ToString::to_string).collect();
        return Err(ClientError::NoAuthorities {
            problem: label::quoted(&problems.join("; "), LONGEST_REMARK),
        });
    }
    Ok(roots)
}

#[cfg(test)]
mod tests;
