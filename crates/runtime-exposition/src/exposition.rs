//! The options that all encoders share.

#[cfg(feature = "otlp")]
use std::collections::BTreeMap;
use std::sync::Arc;

use runtime_metrics::{DeliveryTable, RequestTable, Snapshot};

use crate::caller::CallerLabels;
use crate::catalogue::Catalogue;
use crate::document::SnapshotDocument;
use crate::error::ExpositionError;
use crate::format::TextFormat;
use crate::health::{HealthDocument, ReadyDocument, WorkerState};
use crate::line_cache::LineCache;
use crate::lines::Lines;
use crate::namespace::Namespace;
#[cfg(feature = "otlp")]
use crate::otlp;
use crate::page::TextPage;
use crate::request::RequestLabel;
use crate::service::{Service, configured};

/// How snapshots of one service are shown: options set once, then used for every page.
///
/// It holds no counter and no cut: a page depends on these options and on the snapshot, on nothing else.
///
/// Cost: built once, it holds the constant text of every family (about 3 kB). After the first page it also holds what the last page
/// had before its counts, names and labels, and the [tables](runtime_metrics::RequestTable) of that page's series, until a page of
/// another table is written: past a reset, too. Clones share it. Every method borrows it, so many threads may encode at the
/// same time.
#[derive(Debug, Clone)]
pub struct Exposition {
    pub(crate) catalogue: Catalogue,
    pub(crate) service: Service,
    pub(crate) request_label: RequestLabel,
    pub(crate) caller_labels: CallerLabels,
    pub(crate) namespace: Namespace,
    #[cfg(feature = "otlp")]
    pub(crate) resource_attributes: BTreeMap<Box<str>, Box<str>>,
    rendered: Arc<Rendered>,
}

/// What pages have in common as long as no series is met.
#[derive(Debug, Default)]
struct Rendered {
    requests: LineCache<RequestTable>,
    deliveries: LineCache<DeliveryTable>,
    values: LineCache<DeliveryTable>,
}

impl Exposition {
    /// Options with their defaults: namespace `runtime`, nothing known about the service, [`RequestLabel::Path`],
    /// [`CallerLabels::Shown`].
    pub fn builder() -> ExpositionBuilder {
        ExpositionBuilder::default()
    }

    /// Appends one page in Prometheus text format 0.0.4; send it as [`prometheus::CONTENT_TYPE`](crate::prometheus::CONTENT_TYPE).
    ///
    /// The page ends with a line feed. Samples add up to the totals of the snapshot, no series comes twice, and the same
    /// snapshot gives the same bytes.
    ///
    /// Cost: grows `out` as needed, so a buffer that is cleared and reused stops allocating. What is constant of a series, its
    /// name and labels, is rendered once and then copied: as long as no series is met, a page allocates nothing beside `out` and what
    /// the first reading of a snapshot derives. When one was met, those of its family are rendered anew. Never blocks.
    pub fn prometheus_text(&self, snapshot: &Snapshot, out: &mut String) {
        self.text(TextFormat::Prometheus, snapshot, out);
    }

    /// Appends one page in OpenMetrics 1.0; send it as [`openmetrics::CONTENT_TYPE`](crate::openmetrics::CONTENT_TYPE). The page ends with `# EOF`.
    ///
    /// Otherwise as [`prometheus_text`](Self::prometheus_text).
    pub fn openmetrics_text(&self, snapshot: &Snapshot, out: &mut String) {
        self.text(TextFormat::OpenMetrics, snapshot, out);
    }

    /// Appends one page in the given format; send it as its [content type](TextFormat::content_type).
    ///
    /// *Cost:* as [`prometheus_text`](Self::prometheus_text).
    pub fn text(&self, format: TextFormat, snapshot: &Snapshot, out: &mut String) {
        self.page(snapshot).write(format, out);
    }

    /// The page of a snapshot, to be written once it was given what else it is to show.
    pub fn page<'a>(&'a self, snapshot: &'a Snapshot) -> TextPage<'a> {
        TextPage::new(self, snapshot)
    }

    /// The same with an attribute of the OTLP resource that whoever runs the service has set.
    #[cfg(feature = "push-otlp")]
    pub(crate) fn with_resource_attribute(mut self, (key, value): (String, String)) -> Self {
        let Service { name, namespace, version, .. } = &mut self.service;
        if value.is_empty() {
            return self;
        }
        match key.as_str() {
            "service.name" => *name = configured(value),
            "service.namespace" => *namespace = configured(value),
            "service.version" => *version = configured(value),
            _ => _ = self.resource_attributes.insert(key.into_boxed_str(), value.into_boxed_str()),
        }
        self
    }

    /// The lines of the request series of `table`.
    pub(crate) fn request_lines(&self, table: &RequestTable) -> Arc<Lines> {
        let render =
            |table: &_| Lines::of_requests(self.catalogue.http_requests.name(), self.request_label, table);
        self.rendered.requests.get(table, RequestTable::is_same, render)
    }

    /// The lines of the delivery series of `table`.
    pub(crate) fn delivery_lines(&self, table: &DeliveryTable) -> Arc<Lines> {
        let render = |table: &_| {
            Lines::of_deliveries(self.catalogue.config_deliveries.name(), self.caller_labels, table)
        };
        self.rendered.deliveries.get(table, DeliveryTable::is_same, render)
    }

    /// The lines of the value series of `table`.
    pub(crate) fn value_lines(&self, table: &DeliveryTable) -> Arc<Lines> {
        let render = |table: &_| {
            Lines::of_values(self.catalogue.config_values_served.name(), self.caller_labels, table)
        };
        self.rendered.values.get(table, DeliveryTable::is_same, render)
    }

    /// The namespace: the first part of every metric's name, ASCII letters, digits and underscores.
    pub fn namespace(&self) -> &str {
        self.namespace.as_str()
    }

    /// The document of all that a snapshot holds, callers shown as the options say.
    ///
    /// Cost: see [`SnapshotDocument`].
    pub fn snapshot_document<'a>(&'a self, snapshot: &'a Snapshot) -> SnapshotDocument<'a> {
        SnapshotDocument::new(self, snapshot)
    }

    /// Appends the [document](crate::document) of all that a snapshot holds, as JSON on one line, without a line end; send it as
    /// its [content type](crate::document::CONTENT_TYPE). The same snapshot gives the same bytes.
    ///
    /// Cost: a list of the series, then one pass over them; grows `out` as needed. Never blocks.
    pub fn snapshot_json(&self, snapshot: &Snapshot, out: &mut Vec<u8>) {
        // A vector takes any number of bytes, and every key of the document is a text: nothing can fail.
        let written = serde_json::to_writer(out, &self.snapshot_document(snapshot));
        debug_assert!(written.is_ok(), "a document has a form in JSON: {written:?}");
    }

    /// Appends a request that tells an OTLP collector what was counted in the snapshot's window: cumulative temporality. Send it as its
    /// [content type](otlp::Encoding::content_type).
    ///
    /// Cost: builds the request's data points, a few small allocations for each series, then writes them: see [`otlp`]. Never blocks.
    #[cfg(feature = "otlp")]
    pub fn otlp(&self, encoding: otlp::Encoding, snapshot: &Snapshot, out: &mut Vec<u8>) {
        otlp::request::encode(encoding, &otlp::request::cumulative(self, snapshot), out);
    }

    /// Appends a request that tells an OTLP collector what was counted in an interval: delta temporality. Series that did not change are
    /// left out.
    ///
    /// Cost: as [`otlp`](Self::otlp), and one pass over the series of both snapshots.
    #[cfg(feature = "otlp")]
    pub fn otlp_delta(&self, encoding: otlp::Encoding, interval: &otlp::Interval, out: &mut Vec<u8>) {
        otlp::request::encode(encoding, &otlp::request::delta(self, interval), out);
    }

    /// The health document of a snapshot, callers shown as the options say.
    ///
    /// Cost: see [`HealthDocument::new`].
    pub fn health_document<'a>(&self, snapshot: &'a Snapshot, state: &'a WorkerState) -> HealthDocument<'a> {
        HealthDocument::new(snapshot, state).caller_labels(self.caller_labels)
    }

    /// The ready document of a snapshot, callers shown as the options say.
    ///
    /// Cost: see [`HealthDocument::new`].
    pub fn ready_document<'a>(&self, snapshot: &'a Snapshot, state: &'a WorkerState) -> ReadyDocument<'a> {
        ReadyDocument::new(snapshot, state).caller_labels(self.caller_labels)
    }
}

/// Collects the options of an [`Exposition`]. Texts that are empty count as not configured.
#[derive(Debug, Clone, Default)]
#[must_use = "options do nothing until they are built"]
pub struct ExpositionBuilder {
    namespace: Option<String>,
    service: Service,
    request_label: RequestLabel,
    caller_labels: CallerLabels,
    #[cfg(feature = "otlp")]
    resource_attributes: BTreeMap<Box<str>, Box<str>>,
}

impl ExpositionBuilder {
    /// What our metric names start with, `runtime` unless told: must match `[a-zA-Z_][a-zA-Z0-9_]*`, which
    /// [`build`](Self::build) checks.
    pub fn namespace(mut self, namespace: impl Into<String>) -> Self {
        self.namespace = Some(namespace.into());
        self
    }

    /// The service's name: `service_name` of `target_info`.
    pub fn service_name(mut self, name: impl Into<String>) -> Self {
        self.service.name = configured(name.into());
        self
    }

    /// What the service's name is unique within: `service_namespace` of `target_info`.
    pub fn service_namespace(mut self, namespace: impl Into<String>) -> Self {
        self.service.namespace = configured(namespace.into());
        self
    }

    /// The service's version: `service_version` of `target_info`, `version` of `<ns>_build_info`.
    pub fn service_version(mut self, version: impl Into<String>) -> Self {
        self.service.version = configured(version.into());
        self
    }

    /// The source revision that was built: `revision` of `<ns>_build_info`.
    pub fn revision(mut self, revision: impl Into<String>) -> Self {
        self.service.revision = configured(revision.into());
        self
    }

    /// What the recorded request labels are: routes or paths.
    pub fn request_label(mut self, label: RequestLabel) -> Self {
        self.request_label = label;
        self
    }

    /// How callers are shown.
    pub fn caller_labels(mut self, callers: CallerLabels) -> Self {
        self.caller_labels = callers;
        self
    }

    /// An attribute of the OTLP resource, such as those of the environment variable `OTEL_RESOURCE_ATTRIBUTES`. The later of two with
    /// one key wins.
    ///
    /// Which one wins where it meets what is known otherwise:
    ///
    /// - `service.name`, `service.namespace` and `service.version` as given to the other methods win over those given here, as the
    ///   specification has code win over the environment. (What a pusher is told of its own wins over both: it is for who runs the service, and may name
    ///   it as its receiver knows it.)
    /// - `service.instance.id`, `process.pid` and `process.creation.time` are always those of the snapshot: they tell whose counts
    ///   these are, and a forked child has the environment of its parent.
    /// - Any other, `host.name` among them, is as given here.
    ///
    /// Source: OpenTelemetry specification, "Resource SDK"; semantic conventions, "Service" and "Process".
    #[cfg(feature = "otlp")]
    pub fn resource_attribute(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        if let (Some(key), Some(value)) = (configured(key.into()), configured(value.into())) {
            self.resource_attributes.insert(key, value);
        }
        self
    }

    /// Checks the options and renders the constant text of every family.
    ///
    /// # Errors
    ///
    /// [`ExpositionError::Namespace`] if the namespace cannot start the name of a metric.
    pub fn build(self) -> Result<Exposition, ExpositionError> {
        let namespace = self.namespace.map(Namespace::parse).transpose()?.unwrap_or_default();
        Ok(Exposition {
            catalogue: Catalogue::new(&namespace),
            service: self.service,
            request_label: self.request_label,
            caller_labels: self.caller_labels,
            namespace,
            #[cfg(feature = "otlp")]
            resource_attributes: self.resource_attributes,
            rendered: Arc::default(),
        })
    }
}
