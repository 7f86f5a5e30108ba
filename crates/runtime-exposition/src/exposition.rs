//! The options that all encoders share.

use std::sync::Arc;

use runtime_metrics::{DeliveryTable, RequestTable, Snapshot};

use crate::caller::CallerLabels;
use crate::catalogue::Catalogue;
use crate::document::SnapshotDocument;
use crate::error::ExpositionError;
use crate::format::TextFormat;
use crate::health::{HealthDocument, Readiness, ReadyDocument, WorkerState};
use crate::interval::Interval;
use crate::line_cache::LineCache;
use crate::lines::Lines;
use crate::namespace::Namespace;
#[cfg(feature = "otlp")]
use crate::otlp;
use crate::page::TextPage;
use crate::request::RequestLabel;
use crate::resource_variables::ResourceVariables;
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

    /// What the service is called, on every way out: what was configured, or what the environment said in its place. None if nobody named it.
    #[must_use]
    pub fn service_name(&self) -> Option<&str> {
        self.service.name.as_deref()
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

    /// Appends the [document](crate::document) of what was counted between two cuts; otherwise as [`snapshot_json`](Self::snapshot_json). Series that did not grow
    /// are left out.
    ///
    /// ```
    /// # use runtime_exposition::{Exposition, Interval};
    /// # let (exposition, metrics) = (Exposition::builder().build()?, runtime_metrics::Metrics::new());
    /// let since = metrics.snapshot();
    /// metrics.record_request("/");
    /// let interval = Interval::between(since, metrics.snapshot()).expect("nobody resets here");
    /// let mut out = Vec::new();
    /// exposition.difference_json(&interval, &mut out);
    /// let document: serde_json::Value = serde_json::from_slice(&out).unwrap();
    /// assert_eq!((&document["since"]["sequence"], &document["requests"]["total"]), (&1.into(), &1.into()));
    /// # Ok::<(), runtime_exposition::ExpositionError>(())
    /// ```
    ///
    /// Cost: as [`snapshot_json`](Self::snapshot_json), and one pass over the series of both snapshots.
    pub fn difference_json(&self, interval: &Interval, out: &mut Vec<u8>) {
        // As above.
        let written = serde_json::to_writer(out, &SnapshotDocument::of_interval(self, interval));
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
    pub fn otlp_delta(&self, encoding: otlp::Encoding, interval: &Interval, out: &mut Vec<u8>) {
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

    /// The health document of a service without a [`WorkerState`], callers shown as the options say.
    ///
    /// Cost: see [`HealthDocument::new`].
    pub fn service_health_document<'a>(&self, snapshot: &'a Snapshot) -> HealthDocument<'a> {
        HealthDocument::of_service(snapshot).caller_labels(self.caller_labels)
    }

    /// The ready document of a service without a [`WorkerState`], callers shown as the options say.
    ///
    /// Cost: see [`HealthDocument::new`].
    pub fn service_ready_document<'a>(
        &self,
        snapshot: &'a Snapshot,
        readiness: Readiness,
    ) -> ReadyDocument<'a> {
        ReadyDocument::of_service(snapshot, readiness).caller_labels(self.caller_labels)
    }

    /// How callers are shown.
    #[must_use]
    pub fn caller_labels(&self) -> CallerLabels {
        self.caller_labels
    }

    /// What the recorded request labels are.
    #[must_use]
    pub fn request_label(&self) -> RequestLabel {
        self.request_label
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
    resource_attributes: Vec<(Box<str>, Box<str>)>,
    resource_variables: ResourceVariables,
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

    /// The service's version: `service_version` of `target_info`, `version` of `<ns>_build_info` and of OTLP's scope. Attributes of the resource change
    /// the first of these, and never which build the others say is running.
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

    /// An attribute of the service's resource, such as `deployment.environment.name`: of OTLP's resource, and in Prometheus spelling
    /// (`deployment_environment_name`) a label of `target_info`. The later of two with one key wins.
    ///
    /// Which one wins where it meets what is known otherwise:
    ///
    /// - What the [environment says](Self::resource_variables) wins over everything that is given here: it is for who runs the service.
    /// - `service.name`, `service.namespace` and `service.version` as given to the other methods win over those given here.
    /// - `service.instance.id`, `process.pid` and `process.creation.time` are always those of the snapshot: they tell whose counts
    ///   these are, and a forked child has the environment of its parent.
    /// - Any other, `host.name` among them, is as given here.
    ///
    /// Source: OpenTelemetry specification, "Resource SDK"; semantic conventions, "Service" and "Process"; for the spelling "Prometheus and OpenMetrics Compatibility".
    pub fn resource_attribute(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.resource_attributes.extend(configured(key.into()).zip(configured(value.into())));
        self
    }

    /// What OpenTelemetry's variables say about the service, in place of what is given otherwise. Every page and every push then names the
    /// same service. (To the specification code goes before the environment; what a program says of itself is taken for its default here, so that who runs it needs
    /// no new build.)
    pub fn resource_variables(mut self, variables: ResourceVariables) -> Self {
        self.resource_variables = variables;
        self
    }

    /// Checks the options and renders the constant text of every family.
    ///
    /// # Errors
    ///
    /// [`ExpositionError::Namespace`] if the namespace cannot start the name of a metric.
    pub fn build(self) -> Result<Exposition, ExpositionError> {
        let namespace = self.namespace.map(Namespace::parse).transpose()?.unwrap_or_default();
        let given = self.service;
        let mut service = Service { build_version: given.version.clone(), ..Service::default() };
        service.take(self.resource_attributes);
        service.name = given.name.or(service.name);
        service.namespace = given.namespace.or(service.namespace);
        service.version = given.version.or(service.version);
        service.revision = given.revision;
        service.take(self.resource_variables.into_attributes());
        Ok(Exposition {
            catalogue: Catalogue::new(&namespace),
            service,
            request_label: self.request_label,
            caller_labels: self.caller_labels,
            namespace,
            rendered: Arc::default(),
        })
    }
}
