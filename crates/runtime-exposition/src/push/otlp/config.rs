//! What a pusher to an OpenTelemetry receiver is told.

use std::fmt;
use std::path::PathBuf;

use http::HeaderMap;

use super::protocol::Temporality;
use super::protocol::{OtlpCompression, OtlpProtocol};
use super::receiver::OtlpReceiver;
use super::variables;
use crate::Exposition;
use crate::push::ProcessMetrics;
use crate::push::client::{Client, Version};
use crate::push::endpoint::Endpoint;
use crate::push::error::PushConfigError;
use crate::push::header;
use crate::push::receiver::Receiver;
use crate::push::schedule::PushSchedule;
use crate::push::tls::{Named, TlsFiles};

/// Behind an address that serves all signals.
const METRICS_PATH: &str = "/v1/metrics";
/// The method that metrics are sent to by gRPC.
const GRPC_PATH: &str = "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export";
const HTTP_DEFAULT: &str = "http://localhost:4318";
const GRPC_DEFAULT: &str = "http://localhost:4317";

/// Where an OpenTelemetry receiver is, and how it is spoken to.
#[derive(Debug, Clone)]
pub struct OtlpConfig {
    endpoint: Endpoint,
    /// Where requests go.
    target: Endpoint,
    protocol: OtlpProtocol,
    compression: OtlpCompression,
    temporality: Temporality,
    headers: HeaderMap,
    tls: TlsFiles,
    process_metrics: ProcessMetrics,
    schedule: PushSchedule,
}

impl OtlpConfig {
    /// Options with OpenTelemetry's defaults: `http/protobuf` to `http://localhost:4318/v1/metrics` each minute, cumulative, not compressed.
    pub fn builder() -> OtlpConfigBuilder {
        OtlpConfigBuilder::default()
    }

    /// The configuration that the standard variables of this process describe, none if they say that nothing is to be sent. See
    /// [`from_variables`](Self::from_variables).
    ///
    /// # Errors
    ///
    /// [`PushConfigError`] when one of them cannot be used; it names the variable.
    pub fn from_env() -> Result<Option<Self>, PushConfigError> {
        Self::from_variables(&|name| std::env::var_os(name).map(|text| text.to_string_lossy().into_owned()))
    }

    /// The configuration that the standard variables describe, looked up by a function; none if they say that nothing is to be sent
    /// (`OTEL_SDK_DISABLED=true`, or an `OTEL_METRICS_EXPORTER` without `otlp`).
    ///
    /// Without any variable this is the configuration with all defaults: whether there should be pushes at all is for the caller to decide.
    ///
    /// # Errors
    ///
    /// [`PushConfigError`] when one of them cannot be used; it names the variable.
    pub fn from_variables(lookup: &dyn Fn(&str) -> Option<String>) -> Result<Option<Self>, PushConfigError> {
        if variables::are_off(lookup)? {
            return Ok(None);
        }
        Self::builder().variables(lookup)?.build().map(Some)
    }

    /// Where metrics are sent to. It may hold a secret in its query; [`Pusher::address`](crate::push::Pusher::address) does not.
    #[must_use]
    pub fn endpoint(&self) -> String {
        self.target.uri().to_string()
    }

    /// The protocol that is spoken.
    #[must_use]
    pub fn protocol(&self) -> OtlpProtocol {
        self.protocol
    }

    /// Whether counts are sent since the window's start, or since the last push.
    #[must_use]
    pub fn temporality(&self) -> Temporality {
        self.temporality
    }

    /// When pushes happen, and how long they may take.
    #[must_use]
    pub fn schedule(&self) -> PushSchedule {
        self.schedule
    }

    pub(crate) fn client(&self) -> Result<Client, PushConfigError> {
        let tls = self.tls.client_config(self.endpoint.is_encrypted())?;
        let version = if self.protocol == OtlpProtocol::Grpc { Version::Two } else { Version::One };
        Ok(Client::new(tls, version, self.schedule.attempt_timeout))
    }

    pub(crate) fn receiver(self, exposition: Exposition) -> Box<dyn Receiver> {
        let Self { target, protocol, compression, temporality, headers, process_metrics, schedule, .. } =
            self;
        let limit = schedule.attempt_timeout;
        let form = super::request::Form { target, protocol, compression, headers, limit };
        Box::new(OtlpReceiver::new(exposition, form, process_metrics, temporality))
    }
}

/// Collects the options of an [`OtlpConfig`].
#[derive(Clone, Default)]
#[must_use = "options do nothing until they are built"]
pub struct OtlpConfigBuilder {
    pub(super) endpoint: Option<(Named<String>, Scope)>,
    pub(super) protocol: OtlpProtocol,
    pub(super) compression: OtlpCompression,
    pub(super) temporality: Temporality,
    pub(super) headers: Vec<Named<(String, String)>>,
    pub(super) tls: TlsFiles,
    pub(super) insecure: bool,
    pub(super) process_metrics: ProcessMetrics,
    pub(super) schedule: PushSchedule,
}

/// Without what may be secret: headers, and an address that is not checked yet.
impl fmt::Debug for OtlpConfigBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OtlpConfigBuilder")
            .field("protocol", &self.protocol)
            .field("compression", &self.compression)
            .field("temporality", &self.temporality)
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

/// What an address is the address of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// All signals: by HTTP, a path is added for metrics.
    Signals,
    /// Metrics alone.
    Metrics,
}

impl OtlpConfigBuilder {
    /// The URL that metrics are sent to, used as it is, its query included; by gRPC, the URL of the server without path and query, or `host:port`.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.endpoint = Some((Named { origin: "endpoint", value: url.into() }, Scope::Metrics));
        self
    }

    /// How the receiver is spoken to.
    pub fn protocol(mut self, protocol: OtlpProtocol) -> Self {
        self.protocol = protocol;
        self
    }

    /// How requests are compressed.
    pub fn compression(mut self, compression: OtlpCompression) -> Self {
        self.compression = compression;
        self
    }

    /// Whether counts are sent since the window's start, or since the last push.
    pub fn temporality(mut self, temporality: Temporality) -> Self {
        self.temporality = temporality;
        self
    }

    /// A header to send with every request, such as a key. Its value is taken for a secret, and never shown.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(Named { origin: "header", value: (name.into(), value.into()) });
        self
    }

    /// A PEM file with the certificates of those who may vouch for the receiver, in place of those whom the machine trusts.
    pub fn certificate_authorities(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.trust(path.into());
        self
    }

    /// PEM files with the certificate that is shown to the receiver, and its key.
    pub fn client_certificate(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls.show(certificate.into(), key.into());
        self
    }

    /// Whether pushes show what the process takes from its machine; they do unless told otherwise.
    pub fn process_metrics(mut self, process_metrics: ProcessMetrics) -> Self {
        self.process_metrics = process_metrics;
        self
    }

    /// When pushes happen, and how long they may take.
    pub fn schedule(mut self, schedule: PushSchedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Takes over what the standard variables say, looked up by a function. What they do not say stays as it is.
    ///
    /// # Errors
    ///
    /// [`PushConfigError`] when one of them cannot be used; it names the variable.
    pub fn variables(mut self, lookup: &dyn Fn(&str) -> Option<String>) -> Result<Self, PushConfigError> {
        variables::apply(&mut self, lookup)?;
        Ok(self)
    }

    /// Checks the options. Files are read by [`Pusher::new`](crate::push::Pusher::new).
    ///
    /// # Errors
    ///
    /// [`PushConfigError`] when the address or a header cannot be used, or a PEM text is given where a file is to be named.
    pub fn build(self) -> Result<OtlpConfig, PushConfigError> {
        let Self { protocol, compression, temporality, tls, process_metrics, schedule, .. } = self;
        tls.check()?;
        let (endpoint, target) = match protocol {
            OtlpProtocol::Grpc => grpc_endpoint(self.endpoint, self.insecure)?,
            _ => http_endpoint(self.endpoint)?,
        };
        let headers = header::all(&self.headers)?;
        let schedule = schedule.usable();
        Ok(OtlpConfig {
            endpoint,
            target,
            protocol,
            compression,
            temporality,
            headers,
            tls,
            process_metrics,
            schedule,
        })
    }
}

fn http_endpoint(given: Option<(Named<String>, Scope)>) -> Result<(Endpoint, Endpoint), PushConfigError> {
    let default = || (Named { origin: "the default", value: HTTP_DEFAULT.to_owned() }, Scope::Signals);
    let (address, scope) = given.unwrap_or_else(default);
    let endpoint = Endpoint::parse(&address, HTTP_DEFAULT)?;
    let target = if scope == Scope::Signals { endpoint.below(METRICS_PATH) } else { endpoint.clone() };
    Ok((endpoint, target))
}

/// Without a scheme the address is that of a server that is spoken to by TLS, unless it is said not to be.
fn grpc_endpoint(
    given: Option<(Named<String>, Scope)>,
    is_insecure: bool,
) -> Result<(Endpoint, Endpoint), PushConfigError> {
    let default = Named { origin: "the default", value: GRPC_DEFAULT.to_owned() };
    let mut address = given.map_or(default, |(address, _)| address);
    if !address.value.contains("://") {
        let scheme = if is_insecure { "http" } else { "https" };
        address.value = format!("{scheme}://{}", address.value);
    }
    let endpoint = Endpoint::parse(&address, GRPC_DEFAULT)?;
    let wrong =
        |problem| Err(PushConfigError::Endpoint { origin: address.origin, problem, example: GRPC_DEFAULT });
    if endpoint.path() != "/" {
        return wrong("it has a path, and gRPC has one of its own: is it meant for http/protobuf?");
    }
    if endpoint.has_query() {
        return wrong("it has a query, which gRPC has no place for: send a header instead");
    }
    let target = endpoint.below(GRPC_PATH);
    Ok((endpoint, target))
}
