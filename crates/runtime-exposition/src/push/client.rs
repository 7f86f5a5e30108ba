//! One request, one answer: a connection is opened for each and closed after it.
//!
//! The client is that of `hyper-util` with `hyper-rustls`: what higher-level clients are built from, without what must not happen
//! here. Redirects are not followed, proxies of the environment are not asked, nothing is sent again behind our back, and no
//! connection is kept that may be dead by the time it is used: that a request was not taken is then known more often.

use std::time::Duration;

use bytes::{Bytes, BytesMut};
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{Client as HyperClient, Error as HyperError};
use hyper_util::rt::TokioExecutor;
use rustls::ClientConfig;

use super::cause;
use super::lookup::Lookup;
use super::outcome::{Again, Failure, FailureReason, Taken};

/// The longest answer that is read, in bytes. What receivers have to say is short.
const LONGEST_ANSWER: usize = 64 * 1024;
/// How much more of a body is read and thrown away where the answer stands behind it, in bytes.
const LONGEST_SKIPPED: usize = 4 * 1024 * 1024;
/// Bytes of an answer's headers, where the protocol has a limit for them.
#[cfg(feature = "push-otlp")]
const LONGEST_HEADERS: u32 = 16 * 1024;
/// How long a TCP connection may take to come about, at most. It is less than an attempt may take, so that a receiver that cannot be reached is told
/// from one that does not answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(5);

/// How long a receiver may take no byte before the system ends the connection. Whoever waits for an answer gives up after an attempt's time; this is for
/// what is left of the connection then, which would go on offering it the rest.
#[cfg(target_os = "linux")]
const LONGEST_STALL: Duration = Duration::from_secs(30);

/// The version of HTTP that a receiver is spoken to in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Version {
    One,
    /// Known to be spoken: gRPC.
    #[cfg(feature = "push-otlp")]
    Two,
}

#[derive(Debug)]
pub(crate) struct Client {
    http: HyperClient<HttpsConnector<HttpConnector<Lookup>>, Full<Bytes>>,
    version: Version,
}

/// An answer that came to its end, or got too long.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    /// None when it was longer than is read.
    pub(crate) body: Option<Bytes>,
    #[cfg_attr(not(feature = "push-otlp"), expect(dead_code, reason = "gRPC alone has trailers"))]
    pub(crate) trailers: HeaderMap,
}

impl Client {
    pub(crate) fn new(tls: ClientConfig, version: Version, attempt_timeout: Duration) -> Self {
        let mut tcp = HttpConnector::new_with_resolver(Lookup::new());
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_connect_timeout(Some((attempt_timeout / 2).min(CONNECT_TIMEOUT)));
        #[cfg(target_os = "linux")]
        tcp.set_tcp_user_timeout(Some(attempt_timeout.min(LONGEST_STALL)));
        let connector = HttpsConnectorBuilder::new().with_tls_config(tls).https_or_http();
        let mut client = HyperClient::builder(TokioExecutor::new());
        client.pool_max_idle_per_host(0).retry_canceled_requests(false);
        let http = match version {
            Version::One => client.build(connector.enable_http1().wrap_connector(tcp)),
            #[cfg(feature = "push-otlp")]
            Version::Two => client
                .http2_only(true)
                .http2_max_header_list_size(LONGEST_HEADERS)
                .build(connector.enable_http2().wrap_connector(tcp)),
        };
        Self { http, version }
    }

    /// Sends a request and reads the answer to its end.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Answer, Failure> {
        let version = self.version;
        let response = self.http.request(request).await.map_err(|error| no_answer(&error, version))?;
        let (head, body) = response.into_parts();
        let (body, trailers) = read(body, version).await.map_err(|error| broken(&error, version))?;
        Ok(Answer { status: head.status, headers: head.headers, body, trailers })
    }
}

/// The body up to its end and the trailers behind it, or no body when it gets too long. What is too long is read on, up to a limit, if the answer's status
/// may be in the trailers.
async fn read(mut body: Incoming, version: Version) -> Result<(Option<Bytes>, HeaderMap), hyper::Error> {
    let longest_skipped = if version == Version::One { 0 } else { LONGEST_SKIPPED };
    let (mut bytes, mut skipped, mut trailers) = (BytesMut::new(), 0, HeaderMap::new());
    while let Some(frame) = body.frame().await {
        match frame?.into_data() {
            Ok(data) if skipped == 0 && bytes.len() + data.len() <= LONGEST_ANSWER => {
                bytes.extend_from_slice(&data)
            }
            Ok(data) => {
                skipped += data.len();
                if skipped > longest_skipped {
                    break;
                }
            }
            Err(frame) => trailers.extend(frame.into_trailers().unwrap_or_default()),
        }
    }
    Ok(((skipped == 0).then(|| bytes.freeze()), trailers))
}

/// No answer came. Without a connection nothing was sent; else it may have arrived.
fn no_answer(error: &HyperError, version: Version) -> Failure {
    if error.is_connect() {
        Failure {
            reason: FailureReason::Connect,
            taken: Taken::NotThisTime,
            again: Again::Later,
            text: format!("no connection: {}", cause::plain(error, version)),
        }
    } else {
        broken(error, version)
    }
}

fn broken(error: &(dyn std::error::Error + 'static), version: Version) -> Failure {
    Failure {
        reason: FailureReason::Connection,
        taken: Taken::Unknown,
        again: Again::Later,
        text: format!("the connection broke: {}", cause::plain(error, version)),
    }
}
