//! A page of text: the families in their order, alike in all text formats.

use runtime_metrics::{Occupancy, RequestMetricsSnapshot, ServedConfigMetricsSnapshot, Snapshot};

use crate::exposition::Exposition;
use crate::family::{Family, Samples};
use crate::format::TextFormat;
use crate::number::{push_integer, seconds, unix_seconds};

/// A page being written.
pub(crate) struct Page<'p> {
    exposition: &'p Exposition,
    format: TextFormat,
    /// When the counters of the window were 0.
    window_started: f64,
    out: &'p mut String,
}

impl<'p> Page<'p> {
    /// Appends the page of `snapshot` to `out`.
    pub(crate) fn write(
        exposition: &'p Exposition,
        format: TextFormat,
        snapshot: &Snapshot,
        out: &'p mut String,
    ) {
        let window_started = unix_seconds(snapshot.window_started_at());
        let mut page = Self { exposition, format, window_started, out };
        page.identity(snapshot);
        page.requests(snapshot.requests());
        page.served_config(snapshot.served_config());
        page.snapshot(snapshot);
        page.occupancy(snapshot);
        if format == TextFormat::OpenMetrics {
            page.out.push_str("# EOF\n");
        }
    }

    fn begin(&mut self, family: &'p Family) -> Samples<'_> {
        family.begin(self.format, self.out)
    }

    fn identity(&mut self, snapshot: &Snapshot) {
        let Exposition { catalogue, service, .. } = self.exposition;
        let process = snapshot.process();
        self.begin(&catalogue.target)
            .sample()
            .optional_label("service_name", service.name.as_deref())
            .optional_label("service_namespace", service.namespace.as_deref())
            .optional_label("service_version", service.version.as_deref())
            .label("service_instance_id", process.instance_id().hyphenated().encode_lower(&mut [0; 36]))
            .label("host_name", process.hostname())
            .write_label("process_pid", |out| push_integer(out, u64::from(process.process_id())))
            .integer(1);
        self.begin(&catalogue.build)
            .sample()
            .optional_label("version", service.version.as_deref())
            .optional_label("revision", service.revision.as_deref())
            .integer(1);
        self.begin(&catalogue.process_start_time).sample().float(unix_seconds(process.process_started_at()));
        self.begin(&catalogue.uptime).sample().float(process.uptime_seconds());
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
        let catalogue = &self.exposition.catalogue;
        self.begin(&catalogue.snapshot_duration).sample().float(seconds(snapshot.duration()));
        let process_started = unix_seconds(snapshot.process().process_started_at());
        self.begin(&catalogue.snapshots).counter(None, snapshot.sequence(), process_started);
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
            samples.counter(Some((FAMILY, name)), overflow.records(), window_started);
        }
    }
}
