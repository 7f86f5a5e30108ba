//! What a receiver holds after all that it took.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, metric, number_data_point};
use prost::Message as _;
use runtime_metrics::{Metrics, Snapshot};

use crate::receiver::Arrived;

/// A metric's name and its attributes.
type Series = (String, BTreeMap<String, String>);

/// Counts by series, as a receiver keeps them that knows which intervals it has already taken.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Ledger(BTreeMap<Series, u64>);

impl Ledger {
    /// Takes all that arrived and was taken: of cumulative counts the last, of deltas the sum. A delta whose interval was
    /// taken already is discarded; it must be the same to the last byte.
    pub(crate) fn of(arrived: &[Arrived]) -> Self {
        let (ledger, intervals) = Self::read(arrived);
        for ((start, end), (next, _)) in intervals.iter().zip(intervals.iter().skip(1)) {
            assert!(end <= next, "the interval from {start} overlaps the next one: {end} {next}");
        }
        ledger
    }

    /// The same of several windows. Each reads the wall clock anew, so the begin of one may be a little before the end of the other.
    pub(crate) fn of_windows(arrived: &[Arrived]) -> Self {
        Self::read(arrived).0
    }

    /// The counts, and the intervals that they came in.
    fn read(arrived: &[Arrived]) -> (Self, BTreeSet<(u64, u64)>) {
        let mut ledger = Self::default();
        let mut intervals: HashMap<(u64, u64), Vec<u8>> = HashMap::new();
        for arrived in arrived.iter().filter(|arrived| arrived.is_taken) {
            let request = request(arrived);
            let points = points(&request);
            let spans: BTreeSet<_> =
                points.iter().filter(|point| point.is_delta).map(|point| (point.start, point.end)).collect();
            assert!(spans.len() <= 1, "one interval for all deltas of a request: {spans:?}");
            if let Some(span) = spans.first() {
                if let Some(earlier) = intervals.get(span) {
                    assert_eq!(*earlier, arrived.body, "an interval that is sent again is sent as it was");
                    continue;
                }
                intervals.insert(*span, arrived.body.clone());
            }
            for point in points {
                let count = ledger.0.entry(point.series).or_default();
                *count = if point.is_delta { *count + point.count } else { point.count };
            }
        }
        (ledger, intervals.into_keys().collect())
    }

    /// The counts of requests, deliveries and values.
    pub(crate) fn counts(&self) -> BTreeMap<Series, u64> {
        let names = ["exp.http.requests", "exp.config.deliveries", "exp.config.values_served"];
        let counts = self.0.iter().filter(|((name, _), count)| names.contains(&name.as_str()) && **count > 0);
        counts.map(|(series, count)| (series.clone(), *count)).collect()
    }
}

/// What a receiver should hold of a registry.
pub(crate) fn expected(metrics: &Metrics) -> BTreeMap<Series, u64> {
    counts_of(&metrics.snapshot())
}

/// The requests and deliveries among counts.
pub(crate) fn records(counts: &BTreeMap<Series, u64>) -> u64 {
    let names = ["exp.http.requests", "exp.config.deliveries"];
    counts.iter().filter(|((name, _), _)| names.contains(&name.as_str())).map(|(_, count)| count).sum()
}

/// What a receiver should hold of a window.
pub(crate) fn counts_of(snapshot: &Snapshot) -> BTreeMap<Series, u64> {
    let series = |name: &str, attributes: &[(&str, &str)]| {
        let attributes = attributes.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        (format!("exp.{name}"), attributes.collect())
    };
    let mut counts = BTreeMap::new();
    for (path, count) in snapshot.requests().requests_by_path() {
        counts.insert(series("http.requests", &[("url.path", path)]), count);
    }
    for delivery in snapshot.served_config().deliveries() {
        let labels = [
            ("config.endpoint", delivery.endpoint()),
            ("config.target", delivery.target()),
            ("caller", delivery.caller()),
        ];
        counts.insert(series("config.deliveries", &labels), delivery.responses());
    }
    for value in snapshot.served_config().values() {
        let labels = [
            ("config.endpoint", value.endpoint()),
            ("config.target", value.target()),
            ("caller", value.caller()),
            ("config.name", value.config_name()),
        ];
        counts.insert(series("config.values_served", &labels), value.count());
    }
    counts
}

/// Decodes what arrived, by what it says that it is.
pub(crate) fn request(arrived: &Arrived) -> ExportMetricsServiceRequest {
    let mut body = arrived.body.clone();
    if arrived.header("content-encoding") == Some("gzip") {
        let mut read = Vec::new();
        std::io::Read::read_to_end(&mut flate2::read::GzDecoder::new(&*body), &mut read).unwrap();
        body = read;
    }
    match arrived.header("content-type") {
        Some("application/json") => serde_json::from_slice(&body).unwrap(),
        Some("application/x-protobuf") => ExportMetricsServiceRequest::decode(&*body).unwrap(),
        other => panic!("{other:?}"),
    }
}

/// An attribute of the resource, as text.
pub(crate) fn resource_attribute(request: &ExportMetricsServiceRequest, name: &str) -> Vec<String> {
    let attributes = &request.resource_metrics[0].resource.as_ref().unwrap().attributes;
    let found = attributes.iter().filter(|attribute| attribute.key == name);
    found.map(|attribute| text(attribute.value.as_ref().and_then(|value| value.value.as_ref()))).collect()
}

struct Point {
    series: Series,
    start: u64,
    end: u64,
    is_delta: bool,
    count: u64,
}

/// The data points of all sums of counts.
fn points(request: &ExportMetricsServiceRequest) -> Vec<Point> {
    let metrics = request.resource_metrics.iter().flat_map(|metrics| &metrics.scope_metrics);
    let mut points = Vec::new();
    for metric in metrics.flat_map(|scope| &scope.metrics) {
        let Some(metric::Data::Sum(sum)) = &metric.data else { continue };
        // What the process takes is no count, and is told for other times.
        if metric.name.starts_with("process.") {
            continue;
        }
        for point in &sum.data_points {
            let attributes = point.attributes.iter();
            let attributes = attributes.map(|attribute| {
                let value = attribute.value.as_ref().and_then(|value| value.value.as_ref());
                (attribute.key.clone(), text(value))
            });
            let Some(number_data_point::Value::AsInt(count)) = point.value else { panic!("{point:?}") };
            points.push(Point {
                series: (metric.name.clone(), attributes.collect()),
                start: point.start_time_unix_nano,
                end: point.time_unix_nano,
                is_delta: sum.aggregation_temporality == AggregationTemporality::Delta as i32,
                count: count.try_into().unwrap(),
            });
        }
    }
    points
}

fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::StringValue(text)) => text.clone(),
        Some(other) => format!("{other:?}"),
        None => String::new(),
    }
}
