//! What a pusher to a Pushgateway is told.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use http::HeaderMap;

use super::grouping;
use super::receiver::GatewayReceiver;
use crate::Exposition;
use crate::push::ProcessMetrics;
use crate::push::client::{Client, Version};
use crate::push::endpoint::Endpoint;
use crate::push::error::PushConfigError;
use crate::push::header;
use crate::push::receiver::Receiver;
use crate::push::schedule::PushSchedule;
use crate::push::tls::{Named, TlsFiles};

const EXAMPLE: &str = "http://localhost:9091";

/// Where a Pushgateway is, and which group is pushed to.
#[derive(Debug, Clone)]
pub struct PushgatewayConfig {
    pub(super) endpoint: Endpoint,
    pub(super) job: String,
    pub(super) labels: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    tls: TlsFiles,
    pub(super) deletes: bool,
    pub(super) process_metrics: ProcessMetrics,
    schedule: PushSchedule,
}

impl PushgatewayConfig {
    /// Options with their defaults: a push each 15 s, the group left behind at the end. `url` is that of the gateway, without `/metrics`; `job` is what the
    /// gateway shows as the label `job`: the service's name.
    pub fn builder(url: impl Into<String>, job: impl Into<String>) -> PushgatewayConfigBuilder {
        PushgatewayConfigBuilder {
            endpoint: Named { origin: "the Pushgateway's URL", value: url.into() },
            job: job.into(),
            labels: Vec::new(),
            headers: Vec::new(),
            tls: TlsFiles::default(),
            deletes: false,
            process_metrics: ProcessMetrics::default(),
            schedule: PushSchedule {
                interval: Duration::from_secs(15),
                push_timeout: Duration::from_secs(15),
                ..PushSchedule::default()
            },
        }
    }

    /// The gateway's address.
    #[must_use]
    pub fn endpoint(&self) -> String {
        self.endpoint.uri().to_string()
    }

    /// When pushes happen, and how long they may take.
    #[must_use]
    pub fn schedule(&self) -> PushSchedule {
        self.schedule
    }

    pub(crate) fn client(&self) -> Result<Client, PushConfigError> {
        let tls = self.tls.client_config(self.endpoint.is_encrypted())?;
        Ok(Client::new(tls, Version::One, self.schedule.attempt_timeout))
    }

    pub(crate) fn receiver(self, exposition: Exposition) -> Box<dyn Receiver> {
        Box::new(GatewayReceiver::new(exposition, self))
    }
}

/// Collects the options of a [`PushgatewayConfig`].
#[derive(Clone)]
#[must_use = "options do nothing until they are built"]
pub struct PushgatewayConfigBuilder {
    endpoint: Named<String>,
    job: String,
    labels: Vec<(String, String)>,
    headers: Vec<Named<(String, String)>>,
    tls: TlsFiles,
    deletes: bool,
    process_metrics: ProcessMetrics,
    schedule: PushSchedule,
}

/// Without what may be secret: headers, and an address that is not checked yet.
impl fmt::Debug for PushgatewayConfigBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PushgatewayConfigBuilder")
            .field("job", &self.job)
            .field("labels", &self.labels)
            .field("schedule", &self.schedule)
            .finish_non_exhaustive()
    }
}

impl PushgatewayConfigBuilder {
    /// What errors call the gateway's URL: the option or the variable that it came from.
    pub fn url_from(mut self, origin: &'static str) -> Self {
        self.endpoint.origin = origin;
        self
    }

    /// A further label of the group, behind `job` and `instance_id`. Its value may be any text.
    pub fn grouping_label(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.labels.push((name.into(), value.into()));
        self
    }

    /// A header to send with every request, such as `authorization`. Its value is taken for a secret, and never shown.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push(Named { origin: "header", value: (name.into(), value.into()) });
        self
    }

    /// A PEM file with the certificates of those who may vouch for the gateway, in place of those whom the machine trusts.
    pub fn certificate_authorities(mut self, path: impl Into<PathBuf>) -> Self {
        self.tls.trust(path.into());
        self
    }

    /// PEM files with the certificate that is shown to the gateway, and its key.
    pub fn client_certificate(mut self, certificate: impl Into<PathBuf>, key: impl Into<PathBuf>) -> Self {
        self.tls.show(certificate.into(), key.into());
        self
    }

    /// Deletes the group after the last push, so that the gateway does not go on showing a process that is gone. What the last push held is then
    /// seen by nobody who did not look in between.
    pub fn delete_on_shutdown(mut self) -> Self {
        self.deletes = true;
        self
    }

    /// Whether the page shows what the process takes from its machine; it does unless told otherwise.
    pub fn process_metrics(mut self, process_metrics: ProcessMetrics) -> Self {
        self.process_metrics = process_metrics;
        self
    }

    /// When pushes happen, and how long they may take.
    pub fn schedule(mut self, schedule: PushSchedule) -> Self {
        self.schedule = schedule;
        self
    }

    /// Checks the options. Files are read by [`Pusher::new`](crate::push::Pusher::new).
    ///
    /// # Errors
    ///
    /// [`PushConfigError`] when the address, the job, a label or a header cannot be used, or a PEM text is given where a file is to be named.
    pub fn build(self) -> Result<PushgatewayConfig, PushConfigError> {
        let Self { endpoint: address, job, labels, tls, deletes, process_metrics, schedule, .. } = self;
        let endpoint = Endpoint::parse(&address, EXAMPLE)?;
        let wrong =
            |problem| Err(PushConfigError::Endpoint { origin: address.origin, problem, example: EXAMPLE });
        if is_of_group(endpoint.path()) {
            return wrong("it has the path of a group, /metrics/job/..., which is put behind it here");
        }
        if endpoint.has_query() {
            return wrong("it has a query, which a Pushgateway has no use for");
        }
        tls.check()?;
        if job.is_empty() {
            let problem = "a group without a job is refused by the gateway";
            return Err(PushConfigError::Grouping { name: grouping::JOB.to_owned(), problem });
        }
        for (place, (name, _)) in labels.iter().enumerate() {
            grouping::check(name, &labels[..place])?;
        }
        let headers = header::all(&self.headers)?;
        let schedule = schedule.usable();
        Ok(PushgatewayConfig { endpoint, job, labels, headers, tls, deletes, process_metrics, schedule })
    }
}

/// Whether a path is that of a group, or of all groups, of a gateway.
fn is_of_group(path: &str) -> bool {
    let path = path.trim_end_matches('/');
    path.ends_with("/metrics") || path.contains("/metrics/job/") || path.contains("/metrics/job@base64/")
}
