//! One metric: its name, its unit, its data points.

use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry_proto::tonic::common::v1::KeyValue;
use opentelemetry_proto::tonic::metrics::v1::metric::Data;
use opentelemetry_proto::tonic::metrics::v1::number_data_point::Value;
use opentelemetry_proto::tonic::metrics::v1::{AggregationTemporality, Gauge, Metric, NumberDataPoint, Sum};

/// What a metric is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Instrument {
    pub(crate) name: &'static str,
    /// UCUM, or what is counted in braces.
    pub(crate) unit: &'static str,
    /// One sentence.
    pub(crate) description: &'static str,
}

impl Instrument {
    fn metric(self, namespace: Option<&str>, data: Data) -> Metric {
        let Self { name, unit, description } = self;
        Metric {
            name: namespace.map_or_else(|| name.to_owned(), |namespace| format!("{namespace}.{name}")),
            unit: unit.to_owned(),
            description: description.to_owned(),
            data: Some(data),
            ..Metric::default()
        }
    }

    /// What goes up and down. It is under no namespace if that is none: a convention that all programs share.
    pub(super) fn gauge(self, namespace: Option<&str>, data_points: Vec<NumberDataPoint>) -> Metric {
        self.metric(namespace, Data::Gauge(Gauge { data_points }))
    }

    /// What only grows. Under no namespace as gauges.
    pub(super) fn counter(
        self,
        namespace: Option<&str>,
        temporality: AggregationTemporality,
        data_points: Vec<NumberDataPoint>,
    ) -> Metric {
        let aggregation_temporality = temporality.into();
        self.metric(namespace, Data::Sum(Sum { data_points, aggregation_temporality, is_monotonic: true }))
    }

    /// An amount that goes up and down, and that adds up over processes. It is cumulative whatever is preferred: so OpenTelemetry has it, and so it can be read without
    /// knowing what was told before.
    pub(super) fn up_down_counter(self, data_points: Vec<NumberDataPoint>) -> Metric {
        let aggregation_temporality = AggregationTemporality::Cumulative.into();
        self.metric(None, Data::Sum(Sum { data_points, aggregation_temporality, is_monotonic: false }))
    }
}

/// The times of a metric's data points, in nanoseconds since 1970.
#[derive(Debug, Clone, Copy)]
pub(super) struct Times {
    /// When the counters were 0.
    start: u64,
    at: u64,
}

impl Times {
    pub(super) fn new(start: SystemTime, at: SystemTime) -> Self {
        Self { start: unix_nanoseconds(start), at: unix_nanoseconds(at) }
    }

    /// A count: above `i64::MAX`, the largest that the protocol has, it stays there.
    pub(super) fn count(self, attributes: Vec<KeyValue>, count: u64) -> NumberDataPoint {
        NumberDataPoint { attributes, ..self.sum(Value::AsInt(i64::try_from(count).unwrap_or(i64::MAX))) }
    }

    /// What was added up since the start.
    pub(super) fn sum(self, value: Value) -> NumberDataPoint {
        NumberDataPoint { start_time_unix_nano: self.start, ..self.point(Vec::new(), value) }
    }

    /// A gauge's integer.
    pub(super) fn integer(self, attributes: Vec<KeyValue>, value: i64) -> NumberDataPoint {
        self.point(attributes, Value::AsInt(value))
    }

    /// A gauge's float.
    pub(super) fn float(self, value: f64) -> NumberDataPoint {
        self.point(Vec::new(), Value::AsDouble(value))
    }

    fn point(self, attributes: Vec<KeyValue>, value: Value) -> NumberDataPoint {
        NumberDataPoint {
            attributes,
            time_unix_nano: self.at,
            value: Some(value),
            ..NumberDataPoint::default()
        }
    }
}

/// 0, which is "not known" to the protocol, for a time that it cannot hold.
fn unix_nanoseconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).ok().and_then(|since| u64::try_from(since.as_nanos()).ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_count_is_exact_up_to_the_largest_that_the_protocol_has_and_stays_there() {
        let times = Times::new(UNIX_EPOCH, UNIX_EPOCH);
        for (count, expected) in [
            ((1 << 53) + 1, (1 << 53) + 1),
            (i64::MAX as u64, i64::MAX),
            (i64::MAX as u64 + 1, i64::MAX),
            (u64::MAX, i64::MAX),
        ] {
            assert_eq!(times.count(Vec::new(), count).value, Some(Value::AsInt(expected)));
        }
    }

    #[test]
    fn times_keep_their_nanoseconds_and_one_that_the_protocol_cannot_hold_is_not_known() {
        let at = Duration::from_nanos(1_763_834_760_123_456_789);
        assert_eq!(unix_nanoseconds(UNIX_EPOCH + at), 1_763_834_760_123_456_789);
        assert_eq!(unix_nanoseconds(UNIX_EPOCH - at), 0);
        assert_eq!(unix_nanoseconds(UNIX_EPOCH + Duration::from_secs(1 << 40)), 0);
    }
}
