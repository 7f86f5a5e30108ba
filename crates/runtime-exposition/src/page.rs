//! A page of text: the families in their order, alike in all text formats.

use runtime_metrics::{Occupancy, RequestMetricsSnapshot, ServedConfigMetricsSnapshot, Snapshot};

use crate::exposition::Exposition;
use crate::family::{Family, Samples};
use crate::format::TextFormat;
use crate::number::{push_integer, seconds, unix_seconds};
use crate::process_usage::ProcessUsage;
#[cfg(feature = "push")]
use crate::push::{Abandonment, FailureReason, PushStatistics};

/// A page that is not written yet: a snapshot, and what is shown beside it.
///
/// Made by [`Exposition::page`].
#[derive(Debug, Clone, Copy)]
#[must_use = "a page shows nothing until it is written"]
pub struct TextPage<'a> {
    exposition: &'a Exposition,
    snapshot: &'a Snapshot,
    usage: ProcessUsage,
    #[cfg(feature = "push")]
    pushes: &'a [(&'a str, PushStatistics)],
}

impl<'a> TextPage<'a> {
    pub(crate) fn new(exposition: &'a Exposition, snapshot: &'a Snapshot) -> Self {
        Self {
            exposition,
            snapshot,
            usage: ProcessUsage::default(),
            #[cfg(feature = "push")]
            pushes: &[],
        }
    }

    /// Shows what the process takes from its machine, too.
    pub fn process_usage(self, usage: &ProcessUsage) -> Self {
        Self { usage: *usage, ..self }
    }

    /// Shows how pushes fare, too: of each pusher its name, which becomes the label `push_receiver`, and its statistics. Names are such as `otlp`; they differ.
    #[cfg(feature = "push")]
    pub fn pushes(self, pushes: &'a [(&'a str, PushStatistics)]) -> Self {
        Self { pushes, ..self }
    }

    /// Appends the page in the given format; send it as its [content type](TextFormat::content_type).
    ///
    /// *Cost:* as [`Exposition::prometheus_text`].
    pub fn write(self, format: TextFormat, out: &mut String) {
        let Self { exposition, snapshot, usage, .. } = self;
        let window_started = unix_seconds(snapshot.window_started_at());
        let process_started = unix_seconds(snapshot.process().process_started_at());
        let mut page = Page { exposition, format, window_started, process_started, out };
        page.identity(snapshot);
        page.process_usage(&usage);
        page.requests(snapshot.requests());
        page.served_config(snapshot.served_config());
        page.snapshot(snapshot);
        page.occupancy(snapshot);
        #[cfg(feature = "push")]
        page.pushes(self.pushes);
        if format == TextFormat::OpenMetrics {
            page.out.push_str("# EOF\n");
        }
    }
}

/// A page being written.
struct Page<'p> {
    exposition: &'p Exposition,
    format: TextFormat,
    /// When the counters of the window were 0.
    window_started: f64,
    /// When those of the process were.
    process_started: f64,
    out: &'p mut String,
}

impl<'p> Page<'p> {
    fn begin(&mut self, family: &'p Family) -> Samples<'_> {
        family.begin(self.format, self.out)
    }

    fn identity(&mut self, snapshot: &Snapshot) {
        let Self { exposition: Exposition { catalogue, service, .. }, process_started, .. } = *self;
        let process = snapshot.process();
        self.begin(&catalogue.target)
            .sample()
            .optional_label("service_name", service.name.as_deref())
            .optional_label("service_namespace", service.namespace.as_deref())
            .optional_label("service_version", service.version.as_deref())
            .label("service_instance_id", process.instance_id().hyphenated().encode_lower(&mut [0; 36]))
            .label("host_name", service.host_name(process.hostname()))
            .write_label("process_pid", |out| push_integer(out, u64::from(process.process_id())))
            .each_label(&service.labels)
            .integer(1);
        self.begin(&catalogue.build)
            .sample()
            .optional_label("version", service.build_version.as_deref())
            .optional_label("revision", service.revision.as_deref())
            .integer(1);
        self.begin(&catalogue.process_start_time).sample().float(process_started);
        self.begin(&catalogue.uptime).sample().float(process.uptime_seconds());
    }

    fn process_usage(&mut self, usage: &ProcessUsage) {
        let Self { exposition: Exposition { catalogue, .. }, process_started, .. } = *self;
        if let Some(cpu_time) = usage.cpu_time {
            self.begin(&catalogue.process_cpu).float_counter(seconds(cpu_time), process_started);
        }
        for (family, value) in [
            (&catalogue.process_resident_memory, usage.resident_memory_bytes),
            (&catalogue.process_virtual_memory, usage.virtual_memory_bytes),
            (&catalogue.process_open_fds, usage.open_fds),
            (&catalogue.process_max_fds, usage.max_fds),
            (&catalogue.process_threads, usage.threads),
        ] {
            if let Some(value) = value {
                self.begin(family).sample().integer(value);
            }
        }
    }

    fn requests(&mut self, requests: &RequestMetricsSnapshot) {
        let Self { exposition, window_started, .. } = *self;
        let lines = exposition.request_lines(requests.table());
        self.begin(&exposition.catalogue.http_requests).lines(
            &lines,
            requests.request_counts(),
            window_started,
        );
    }

    fn served_config(&mut self, served: &ServedConfigMetricsSnapshot) {
        let Self { exposition, window_started, .. } = *self;
        let catalogue = &exposition.catalogue;
        let lines = exposition.delivery_lines(served.table());
        self.begin(&catalogue.config_deliveries).lines(&lines, served.response_counts(), window_started);
        let lines = exposition.value_lines(served.table());
        self.begin(&catalogue.config_values_served).lines(&lines, served.value_counts(), window_started);
        if let Some(last_served_at) = served.last_served_instant() {
            self.begin(&catalogue.config_last_delivery).sample().float(unix_seconds(last_served_at));
        }
    }

    fn snapshot(&mut self, snapshot: &Snapshot) {
        let Self { exposition: Exposition { catalogue, .. }, process_started, .. } = *self;
        self.begin(&catalogue.snapshot_duration).sample().float(seconds(snapshot.duration()));
        self.begin(&catalogue.snapshots).counter([], snapshot.sequence(), process_started);
    }

    fn occupancy(&mut self, snapshot: &Snapshot) {
        const FAMILY: &str = "family";
        let Self { exposition, window_started, .. } = *self;
        let catalogue = &exposition.catalogue;
        let (requests, served) = (snapshot.requests(), snapshot.served_config());
        let [deliveries, requests] = [
            ("deliveries", served.occupancy(), served.overflow()),
            ("requests", requests.occupancy(), requests.overflow()),
        ];
        for (family, value) in [
            (&catalogue.series, Occupancy::series as fn(&Occupancy) -> u32),
            (&catalogue.series_limit, Occupancy::limit),
        ] {
            let mut samples = self.begin(family);
            for (name, occupancy, _) in [&deliveries, &requests] {
                samples.sample().label(FAMILY, name).integer(value(occupancy).into());
            }
        }
        let mut samples = self.begin(&catalogue.series_overflow);
        for (name, _, overflow) in [deliveries, requests] {
            samples.counter([(FAMILY, name)], overflow.records(), window_started);
        }
    }

    #[cfg(feature = "push")]
    fn pushes(&mut self, pushes: &[(&str, PushStatistics)]) {
        const RECEIVER: &str = "push_receiver";
        if pushes.is_empty() {
            return;
        }
        let Self { exposition, process_started, .. } = *self;
        let catalogue = &exposition.catalogue.push;
        let mut samples = self.begin(&catalogue.pushes);
        for (receiver, statistics) in pushes {
            for (outcome, count) in
                [("acknowledged", statistics.acknowledged()), ("failed", statistics.failed())]
            {
                samples.counter([(RECEIVER, *receiver), ("outcome", outcome)], count, process_started);
            }
        }
        let mut samples = self.begin(&catalogue.failed_attempts);
        for (receiver, statistics) in pushes {
            for reason in FailureReason::ALL {
                let labels = [(RECEIVER, *receiver), ("error_type", reason.name())];
                samples.counter(labels, statistics.failed_attempts(reason), process_started);
            }
        }
        let mut samples = self.begin(&catalogue.abandoned_records);
        for (receiver, statistics) in pushes {
            for how in Abandonment::ALL {
                let labels = [(RECEIVER, *receiver), ("outcome", how.name())];
                samples.counter(labels, statistics.abandoned_records(how), process_started);
            }
        }
        for (family, value) in [
            (&catalogue.attempts, PushStatistics::attempts as fn(&PushStatistics) -> u64),
            (&catalogue.rejected_points, PushStatistics::rejected_points),
            (&catalogue.lost_windows, PushStatistics::lost_windows),
            (&catalogue.sent_bytes, PushStatistics::sent_bytes),
        ] {
            let mut samples = self.begin(family);
            for (receiver, statistics) in pushes {
                samples.counter([(RECEIVER, *receiver)], value(statistics), process_started);
            }
        }
        let successes = pushes.iter().map(|(receiver, statistics)| (*receiver, statistics.last_success()));
        let mut successes = successes.filter_map(|(receiver, at)| Some((receiver, at?))).peekable();
        if successes.peek().is_some() {
            let mut samples = self.begin(&catalogue.last_success);
            for (receiver, at) in successes {
                samples.sample().label(RECEIVER, receiver).float(unix_seconds(at));
            }
        }
    }
}
