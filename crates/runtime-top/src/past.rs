//! What was counted before the view was opened, which the service keeps: the last minute, hour and day.

use std::collections::HashMap;

use jiff::Timestamp;
use serde::Deserialize;

use crate::family::Key;
use crate::snapshot::Snapshot;

/// Bytes of the document that holds it.
pub(crate) const LONGEST_DOCUMENT: usize = 16 * 1024 * 1024;
/// Intervals of a span that are kept.
const MOST_POINTS: usize = 1_000;
/// Series of a span that are kept, and shown at most.
const MOST_SERIES: usize = 50;

/// The spans, in the service's order.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Scale {
    #[default]
    Minute,
    Hour,
    Day,
}

impl Scale {
    pub(crate) fn next(self) -> Self {
        match self {
            Self::Minute => Self::Hour,
            Self::Hour => Self::Day,
            Self::Day => Self::Minute,
        }
    }

    pub(crate) fn seconds(self) -> f64 {
        match self {
            Self::Minute => 60.0,
            Self::Hour => 3_600.0,
            Self::Day => 86_400.0,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Minute => "last 60 s",
            Self::Hour => "last 60 min",
            Self::Day => "last 24 h",
        }
    }

    /// After how many seconds the service is asked again.
    pub(crate) fn refresh_seconds(self) -> f64 {
        match self {
            Self::Minute | Self::Hour => 10.0,
            Self::Day => 60.0,
        }
    }
}

/// What the service remembers.
#[derive(Debug, Default, Clone)]
pub(crate) struct Past {
    instance_id: Option<String>,
    /// The instant that its spans end at.
    taken_at: Option<Timestamp>,
    spans: [Span; 3],
}

/// One span.
#[derive(Debug, Default, Clone)]
pub(crate) struct Span {
    /// The oldest first.
    pub(crate) points: Vec<Point>,
    /// The busiest paths, and deliveries, the largest count first. An interval lists its busiest only, so a count is the least that it can be.
    pub(crate) busiest: [Vec<(String, u64)>; 2],
}

/// Rates in one interval, per second; none where they are not known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Point {
    pub(crate) ended_at: Timestamp,
    /// How long it was.
    pub(crate) seconds: f64,
    pub(crate) requests: Option<f64>,
    pub(crate) responses: Option<f64>,
}

/// One of the rates of a point.
pub(crate) type RateOf = fn(&Point) -> Option<f64>;

impl Past {
    /// None: it is no history, or one that cannot be read. Nothing depends on it.
    pub(crate) fn parse(text: &[u8]) -> Option<Self> {
        let document: HistoryDocument = serde_json::from_slice(text).ok()?;
        let HistoryDocument { instance_id, taken_at, spans } = document;
        let mut past = Self { instance_id, taken_at, spans: Default::default() };
        for (span, document) in past.spans.iter_mut().zip(spans) {
            *span = Span::of(document);
        }
        Some(past)
    }

    pub(crate) fn is_of(&self, snapshot: &Snapshot) -> bool {
        self.instance_id.as_ref() == Some(&snapshot.process.instance_id)
    }

    pub(crate) fn taken_at(&self) -> Option<Timestamp> {
        self.taken_at
    }

    pub(crate) fn span(&self, scale: Scale) -> &Span {
        &self.spans[scale as usize]
    }
}

impl Span {
    fn of(document: SpanDocument) -> Self {
        let skipped = document.intervals.len().saturating_sub(MOST_POINTS);
        let points = document.intervals.into_iter().skip(skipped).map(|interval| {
            let rate = |count: u64| (interval.seconds > 0.0).then(|| count as f64 / interval.seconds);
            Point {
                ended_at: interval.ended_at,
                seconds: interval.seconds,
                requests: rate(interval.requests),
                responses: rate(interval.responses),
            }
        });
        let requests =
            document.requests.into_iter().map(|series| (shown(&[Some(series.path)]), sum(&series.counts)));
        let deliveries = document.deliveries.into_iter().map(|series| {
            let labels = [Some(series.endpoint), Some(series.target), series.caller];
            (shown(&labels), sum(&series.responses))
        });
        Self { points: points.collect(), busiest: [busiest(requests), busiest(deliveries)] }
    }
}

fn shown(labels: &[Option<String>]) -> String {
    let labels = labels.iter().flatten().map(|label| Key::label(label).shown().into_owned());
    labels.collect::<Vec<_>>().join(" › ")
}

fn sum(counts: &[Option<u64>]) -> u64 {
    counts.iter().flatten().fold(0, |sum: u64, count| sum.saturating_add(*count))
}

fn busiest(series: impl Iterator<Item = (String, u64)>) -> Vec<(String, u64)> {
    let mut sums = HashMap::<String, u64>::new();
    for (label, count) in series.filter(|(_, count)| *count > 0) {
        let sum = sums.entry(label).or_default();
        *sum = sum.saturating_add(count);
    }
    let mut busiest: Vec<_> = sums.into_iter().collect();
    busiest.sort_by(|one, other| other.1.cmp(&one.1).then_with(|| one.0.cmp(&other.0)));
    busiest.truncate(MOST_SERIES);
    busiest
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct HistoryDocument {
    instance_id: Option<String>,
    taken_at: Option<Timestamp>,
    spans: Vec<SpanDocument>,
}

#[derive(Debug, Deserialize)]
struct SpanDocument {
    intervals: Vec<IntervalDocument>,
    requests: Vec<RequestSeries>,
    deliveries: Vec<DeliverySeries>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct IntervalDocument {
    ended_at: Timestamp,
    seconds: f64,
    requests: u64,
    responses: u64,
}

#[derive(Debug, Deserialize)]
struct RequestSeries {
    #[serde(alias = "route")]
    path: String,
    counts: Vec<Option<u64>>,
}

#[derive(Debug, Deserialize)]
struct DeliverySeries {
    endpoint: String,
    target: String,
    caller: Option<String>,
    responses: Vec<Option<u64>>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_history_is_read_and_its_busiest_series_are_ranked() {
        let span = r#"{"intervals":[{"endedAt":"2026-11-30T12:00:00.000000+00:00","seconds":2.0,"requests":6,"responses":1,"values":3,"resets":0},
            {"endedAt":"2026-11-30T12:00:02.000000+00:00","seconds":0.0,"requests":6,"responses":1,"values":3,"resets":0}],
            "requests":[{"path":"/a","counts":[null,4]},{"path":"/b\u001b","counts":[5,null]},{"path":"/c","counts":[0,null]}],
            "deliveries":[{"endpoint":"run-time","target":"api","caller":"me","responses":[1,1]},{"endpoint":"e","target":"t","responses":[3]}]}"#;
        let text = format!(r#"{{"schemaVersion":1,"spans":[{span},{span},{span},{span}]}}"#);
        let past = Past::parse(text.as_bytes()).unwrap();
        let span = past.span(Scale::Hour);
        assert_eq!(span.points[0].requests, Some(3.0));
        assert_eq!(span.points[1].responses, None);
        assert_eq!(span.busiest[0], [("/b‹U+001B›".to_owned(), 5), ("/a".to_owned(), 4)]);
        assert_eq!(span.busiest[1], [("e › t".to_owned(), 3), ("run-time › api › me".to_owned(), 2)]);
        assert!(Past::parse(b"<html>").is_none());
    }

    #[test]
    fn no_more_of_a_history_is_kept_than_is_shown() {
        let interval =
            r#"{"endedAt":"2026-11-30T12:00:00.000000+00:00","seconds":1.0,"requests":1,"responses":1}"#;
        let intervals = vec![interval; MOST_POINTS + 5].join(",");
        let series: Vec<_> = (0..100).map(|n| format!(r#"{{"route":"/{n}","counts":[{n}]}}"#)).collect();
        let text = format!(
            r#"{{"spans":[{{"intervals":[{intervals}],"requests":[{}],"deliveries":[]}}]}}"#,
            series.join(",")
        );
        let past = Past::parse(text.as_bytes()).unwrap();
        assert_eq!(past.span(Scale::Minute).points.len(), MOST_POINTS);
        assert_eq!(past.span(Scale::Minute).busiest[0].len(), MOST_SERIES);
        assert_eq!(past.span(Scale::Minute).busiest[0][0].0, "/99");
        assert!(past.span(Scale::Day).points.is_empty());
    }
}
