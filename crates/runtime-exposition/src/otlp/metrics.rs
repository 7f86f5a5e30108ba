//! Every metric that a request has.

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::{Metric, NumberDataPoint};
use runtime_metrics::Occupancy;

use crate::catalogue;
use crate::exposition::Exposition;
use crate::number::{seconds, unix_seconds};
use crate::otlp::attribute;
use crate::otlp::metric::{Instrument, Times};
use crate::otlp::reading::Reading;
use crate::otlp::usage::{self, Usage};
use crate::series::{self, Shown};

const fn instrument(name: &'static str, unit: &'static str, description: &'static str) -> Instrument {
    Instrument { name, unit, description }
}

const HTTP_REQUESTS: Instrument = instrument("http.requests", "{request}", catalogue::HTTP_REQUESTS.help);
const CONFIG_DELIVERIES: Instrument =
    instrument("config.deliveries", "{response}", catalogue::CONFIG_DELIVERIES.help);
const CONFIG_VALUES_SERVED: Instrument =
    instrument("config.values_served", "{value}", catalogue::CONFIG_VALUES_SERVED.help);
const CONFIG_LAST_DELIVERY: Instrument =
    instrument("config.last_delivery.timestamp", "s", catalogue::CONFIG_LAST_DELIVERY.help);
const PROCESS_UPTIME: Instrument =
    instrument("process.uptime", "s", "The time the process has been running.");
const UPTIME: Instrument = instrument("uptime", "s", catalogue::UPTIME.help);
const SNAPSHOT_DURATION: Instrument = instrument("snapshot.duration", "s", catalogue::SNAPSHOT_DURATION.help);
const SNAPSHOTS: Instrument = instrument("snapshots", "{snapshot}", catalogue::SNAPSHOTS.help);
const SERIES: Instrument = instrument("series", "{series}", catalogue::SERIES.help);
const SERIES_LIMIT: Instrument = instrument("series_limit", "{series}", catalogue::SERIES_LIMIT.help);
const SERIES_OVERFLOW: Instrument =
    instrument("series_overflow", "{record}", catalogue::SERIES_OVERFLOW.help);

/// What the numbers of a metric are.
#[cfg(feature = "opentelemetry")]
#[derive(Debug, Clone, Copy)]
pub(crate) enum Numbers {
    /// Integers that only grow.
    Counter,
    /// Integers that go up and down.
    Integer,
    /// Floats that go up and down.
    Float,
}

/// The metrics below the namespace.
#[cfg(feature = "opentelemetry")]
pub(crate) const BRIDGED: [(Instrument, Numbers); 10] = [
    (UPTIME, Numbers::Float),
    (HTTP_REQUESTS, Numbers::Counter),
    (CONFIG_DELIVERIES, Numbers::Counter),
    (CONFIG_VALUES_SERVED, Numbers::Counter),
    (CONFIG_LAST_DELIVERY, Numbers::Float),
    (SNAPSHOT_DURATION, Numbers::Float),
    (SNAPSHOTS, Numbers::Counter),
    (SERIES, Numbers::Integer),
    (SERIES_LIMIT, Numbers::Integer),
    (SERIES_OVERFLOW, Numbers::Counter),
];

/// The metrics of a reading, in their order. One without data points is left out.
pub(super) fn metrics(exposition: &Exposition, reading: &Reading<'_>, usage: &Usage) -> Vec<Metric> {
    let list =
        List { namespace: exposition.namespace.as_str(), reading, metrics: usage::metrics(reading, usage) };
    list.process().requests(exposition).served_config(exposition).snapshot().occupancy().metrics
}

/// The metrics so far.
struct List<'l> {
    namespace: &'l str,
    reading: &'l Reading<'l>,
    metrics: Vec<Metric>,
}

impl List<'_> {
    fn process(self) -> Self {
        let process = self.reading.snapshot.process();
        let (process, window) = (seconds(process.process_uptime()), process.uptime_seconds());
        let (process, window) = (self.times().float(process), self.times().float(window));
        let process = PROCESS_UPTIME.gauge(None, vec![process]);
        self.with(process).gauge(UPTIME, vec![window])
    }

    fn requests(self, exposition: &Exposition) -> Self {
        let key = exposition.request_label.attribute();
        let shown = series::requests(self.reading.snapshot.requests().table(), &self.reading.requests());
        self.family(HTTP_REQUESTS, shown, |path| vec![attribute::text(key, path)])
    }

    fn served_config(self, exposition: &Exposition) -> Self {
        let served = self.reading.snapshot.served_config();
        let (callers, table) = (exposition.caller_labels, served.table());
        let deliveries = series::deliveries(callers, table, &self.reading.deliveries());
        let values = series::values(callers, table, &self.reading.values());
        let last = served.last_served_instant().map(|at| self.times().float(unix_seconds(at)));
        self.family(CONFIG_DELIVERIES, deliveries, attribute::joint)
            .family(CONFIG_VALUES_SERVED, values, attribute::joint)
            .gauge(CONFIG_LAST_DELIVERY, last.into_iter().collect())
    }

    fn snapshot(self) -> Self {
        let snapshot = self.reading.snapshot;
        let duration = self.times().float(seconds(snapshot.duration()));
        let (count, since) = self.reading.snapshots();
        let times = Times::new(since, snapshot.taken_at());
        let snapshots = self.reading.tells(count).then(|| times.count(Vec::new(), count));
        self.gauge(SNAPSHOT_DURATION, vec![duration]).counter(SNAPSHOTS, snapshots.into_iter().collect())
    }

    fn occupancy(self) -> Self {
        let (reading, times) = (self.reading, self.times());
        let family = |name: &str| vec![attribute::text("family", name)];
        let (requests, served) = (reading.snapshot.requests(), reading.snapshot.served_config());
        let [deliveries, requests] = [("deliveries", served.occupancy()), ("requests", requests.occupancy())];
        let gauge = |value: fn(&Occupancy) -> u32| {
            [&deliveries, &requests]
                .map(|(name, occupancy)| times.integer(family(name), value(occupancy).into()))
                .to_vec()
        };
        let (series, limits) = (gauge(|occupancy| occupancy.series()), gauge(|occupancy| occupancy.limit()));
        let overflow = [
            ("deliveries", reading.overflowed(|snapshot| snapshot.served_config().overflow())),
            ("requests", reading.overflowed(|snapshot| snapshot.requests().overflow())),
        ];
        let overflow = overflow.into_iter().filter(|(_, records)| reading.tells(*records));
        let overflow = overflow.map(|(name, records)| times.count(family(name), records)).collect();
        self.gauge(SERIES, series).gauge(SERIES_LIMIT, limits).counter(SERIES_OVERFLOW, overflow)
    }

    /// A counter for each series that is shown, and one for those that overflowed.
    fn family<L>(
        self,
        instrument: Instrument,
        shown: Shown<L>,
        attributes: impl Fn(L) -> Vec<KeyValue>,
    ) -> Self {
        let times = self.times();
        let points = shown.series.into_iter().map(|(labels, count)| times.count(attributes(labels), count));
        let overflow = (shown.overflow > 0).then(|| times.count(attribute::overflow(), shown.overflow));
        self.counter(instrument, points.chain(overflow).collect())
    }

    fn times(&self) -> Times {
        Times::new(self.reading.started_at(), self.reading.snapshot.taken_at())
    }

    fn gauge(self, instrument: Instrument, points: Vec<NumberDataPoint>) -> Self {
        if points.is_empty() {
            return self;
        }
        let metric = instrument.gauge(Some(self.namespace), points);
        self.with(metric)
    }

    fn counter(self, instrument: Instrument, points: Vec<NumberDataPoint>) -> Self {
        if points.is_empty() {
            return self;
        }
        let metric = instrument.counter(Some(self.namespace), self.reading.temporality, points);
        self.with(metric)
    }

    fn with(mut self, metric: Metric) -> Self {
        self.metrics.push(metric);
        self
    }
}
