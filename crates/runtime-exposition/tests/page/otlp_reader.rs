//! A strict reader of OTLP requests, over the protocol's own messages.
//!
//! It refuses what the data model forbids (a metric or a series twice, a metric without points, a time before its start) and what our
//! requests never have: another resource or scope, exemplars, flags, a sum that is not monotonic.

use std::collections::BTreeMap;

use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value as Number;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, NumberDataPoint};
use prost::Message as _;
use runtime_exposition::otlp::Encoding;

use crate::reader::Labels;

#[derive(Debug, PartialEq)]
pub(crate) struct Request {
    pub(crate) resource: BTreeMap<String, Value>,
    /// Name, version and attributes.
    pub(crate) scope: (String, String, BTreeMap<String, Value>),
    pub(crate) metrics: BTreeMap<String, Metric>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Metric {
    pub(crate) unit: String,
    pub(crate) description: String,
    /// None for a gauge.
    pub(crate) temporality: Option<AggregationTemporality>,
    pub(crate) points: Vec<Point>,
}

#[derive(Debug, PartialEq)]
pub(crate) struct Point {
    /// As a page has them: an underscore for each dot.
    pub(crate) labels: Labels,
    pub(crate) value: Number,
    pub(crate) start: u64,
    pub(crate) time: u64,
}

impl Point {
    pub(crate) fn integer(&self) -> u64 {
        match self.value {
            Number::AsInt(value) => value.try_into().expect("not negative"),
            Number::AsDouble(value) => panic!("{value} is a float"),
        }
    }

    pub(crate) fn float(&self) -> f64 {
        match self.value {
            Number::AsDouble(value) => value,
            Number::AsInt(value) => panic!("{value} is an integer"),
        }
    }
}

impl Request {
    /// Reads a request, or panics with what is wrong.
    pub(crate) fn read(encoding: Encoding, bytes: &[u8]) -> Self {
        let request = match encoding {
            Encoding::Protobuf => ExportMetricsServiceRequest::decode(bytes).expect("a protobuf request"),
            Encoding::Json => serde_json::from_slice(bytes).expect("a JSON request"),
            _ => panic!("{encoding:?}"),
        };
        let [of_resource] = <[_; 1]>::try_from(request.resource_metrics).expect("one resource");
        let [of_scope] = <[_; 1]>::try_from(of_resource.scope_metrics).expect("one scope");
        let scope = of_scope.scope.expect("a scope");
        let mut metrics = BTreeMap::new();
        for metric in of_scope.metrics {
            let (temporality, points) = match metric.data.expect("data") {
                Data::Gauge(gauge) => (None, gauge.data_points),
                Data::Sum(sum) => {
                    assert!(sum.is_monotonic, "{}", metric.name);
                    (Some(sum.aggregation_temporality()), sum.data_points)
                }
                other => panic!("{other:?}"),
            };
            let points: Vec<Point> = points.into_iter().map(point).collect();
            assert!(!points.is_empty(), "{} has no points", metric.name);
            assert!(
                points.iter().all(|point| temporality.is_none() == (point.start == 0)),
                "{}",
                metric.name
            );
            let (unit, description) = (metric.unit, metric.description);
            let read = Metric { unit, description, temporality, points };
            read.series();
            assert!(metrics.insert(metric.name, read).is_none(), "a metric twice");
        }
        let resource = attributes(of_resource.resource.expect("a resource").attributes);
        Self { resource, scope: (scope.name, scope.version, attributes(scope.attributes)), metrics }
    }

    /// The series of a counter; none if the request does not have it.
    pub(crate) fn series(&self, name: &str) -> BTreeMap<Labels, u64> {
        self.metrics.get(name).map(Metric::series).unwrap_or_default()
    }

    /// The only point of a metric.
    pub(crate) fn only(&self, name: &str) -> &Point {
        match &*self.metrics[name].points {
            [point] => point,
            points => panic!("{name} has {} points", points.len()),
        }
    }
}

impl Metric {
    fn series(&self) -> BTreeMap<Labels, u64> {
        let mut series = BTreeMap::new();
        for point in &self.points {
            let value = if self.temporality.is_some() { point.integer() } else { 0 };
            assert!(series.insert(point.labels.clone(), value).is_none(), "{:?} twice", point.labels);
        }
        series
    }
}

fn point(point: NumberDataPoint) -> Point {
    assert!(point.exemplars.is_empty() && point.flags == 0);
    assert!(point.start_time_unix_nano <= point.time_unix_nano);
    let labels = attributes(point.attributes).into_iter().map(|(name, value)| {
        let value = match value {
            Value::StringValue(text) => text,
            Value::BoolValue(value) => value.to_string(),
            other => panic!("{other:?}"),
        };
        (name.replace('.', "_"), value)
    });
    Point {
        labels: labels.collect(),
        value: point.value.expect("a value"),
        start: point.start_time_unix_nano,
        time: point.time_unix_nano,
    }
}

fn attributes(attributes: Vec<KeyValue>) -> BTreeMap<String, Value> {
    let count = attributes.len();
    let attributes: BTreeMap<_, _> = attributes
        .into_iter()
        .map(|KeyValue { key, value, .. }| {
            (key, value.and_then(|AnyValue { value }| value).expect("a value"))
        })
        .collect();
    assert_eq!(attributes.len(), count, "an attribute twice");
    attributes
}
