//! A history as JSON.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use runtime_exposition::{CallerLabels, RequestLabel};
use runtime_metrics::{Snapshot, iso_8601};
use serde::Serialize;

use super::busiest::Busiest;
use super::label::Label;
use super::point::{Counted, Point};
use super::span::Span;
use super::{BUSIEST, History};

const SCHEMA_VERSION: u32 = 1;

/// A history, for any serialiser.
///
/// | key | holds |
/// |---|---|
/// | `schemaVersion` | 1 |
/// | `instanceId`, `sequence`, `takenAt` | whose counts they are, and the last snapshot; null while there is none |
/// | `callers` | `shown`, `hashed` or `dropped` |
/// | `busiest` | how many series an interval lists at most |
/// | `spans` | the last minute, hour and day, each with the keys below |
/// | `intervalSeconds`, `capacity` | how long its intervals are meant to be, and how many are kept |
/// | `intervals` | the oldest first: `endedAt`, `seconds` (its own length), `requests`, `responses`, `values`, `resets` (those that were [noticed](super#exactness)) |
/// | `requests` | every series that an interval lists, the one of the largest sum first: `path` or `route`, and `counts`, by interval |
/// | `deliveries` | the same: `endpoint`, `target`, `caller` (unless dropped), and `responses`, by interval |
///
/// A count is null where its interval does not list the series, and may have counted some: no more than the least busy one that it
/// lists. The overflow series stands under its label. The JSON Schema (draft 2020-12) is `docs/history.schema.json` in the repository; fields may be added
/// without another version.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct HistoryDocument<'a> {
    schema_version: u32,
    instance_id: Option<String>,
    sequence: Option<u64>,
    taken_at: Option<String>,
    callers: &'static str,
    busiest: usize,
    spans: Vec<SpanDocument<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct SpanDocument<'a> {
    interval_seconds: u64,
    capacity: usize,
    intervals: Vec<IntervalDocument>,
    requests: Vec<RequestSeries<'a>>,
    deliveries: Vec<DeliverySeries<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct IntervalDocument {
    ended_at: String,
    seconds: f64,
    requests: u64,
    responses: u64,
    values: u64,
    resets: u32,
}

#[derive(Debug, Serialize)]
struct RequestSeries<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<&'a str>,
    counts: Vec<Option<u64>>,
}

#[derive(Debug, Serialize)]
struct DeliverySeries<'a> {
    endpoint: &'a str,
    target: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<&'a str>,
    responses: Vec<Option<u64>>,
}

impl History {
    /// The whole of it, callers shown as was said when it was made.
    ///
    /// *Cost:* one pass over the intervals; borrows every label.
    #[must_use]
    pub fn document(&self, label: RequestLabel) -> HistoryDocument<'_> {
        let last = self.last.as_ref();
        HistoryDocument {
            schema_version: SCHEMA_VERSION,
            instance_id: last.map(|last| last.process().instance_id().to_string()),
            sequence: last.map(Snapshot::sequence),
            taken_at: last.map(|last| iso_8601(last.taken_at())),
            callers: match self.callers {
                CallerLabels::Shown => "shown",
                CallerLabels::Hashed => "hashed",
                CallerLabels::Dropped => "dropped",
            },
            busiest: BUSIEST,
            spans: self.spans.iter().map(|span| SpanDocument::of(span, label, self.callers)).collect(),
        }
    }
}

impl<'a> SpanDocument<'a> {
    fn of(span: &'a Span, label: RequestLabel, callers: CallerLabels) -> Self {
        let requests = columns(span, |counted| &counted.requests, |[path]| &**path);
        let requests = requests.into_iter().map(|(text, counts)| {
            let (path, route) = match label {
                RequestLabel::Path => (Some(text), None),
                RequestLabel::Route => (None, Some(text)),
            };
            RequestSeries { path, route, counts }
        });
        let deliveries = columns(
            span,
            |counted| &counted.deliveries,
            |[endpoint, target, caller]| {
                (&**endpoint, &**target, (callers != CallerLabels::Dropped).then_some(&**caller))
            },
        );
        let deliveries = deliveries.into_iter().map(|((endpoint, target, caller), responses)| {
            DeliverySeries { endpoint, target, caller, responses }
        });
        Self {
            interval_seconds: span.width.as_secs(),
            capacity: span.most,
            intervals: span.points.iter().map(IntervalDocument::of).collect(),
            requests: requests.collect(),
            deliveries: deliveries.collect(),
        }
    }
}

impl IntervalDocument {
    fn of(point: &Point) -> Self {
        let Counted { totals, resets, .. } = &point.counted;
        Self {
            ended_at: iso_8601(point.ended_at),
            seconds: (point.length.as_secs_f64() * 1e6).round() / 1e6,
            requests: totals.requests,
            responses: totals.responses,
            values: totals.values,
            resets: *resets,
        }
    }
}

/// Every series that an interval lists, by the name that `shown` gives it, with its counts by interval; the one of the largest sum first.
fn columns<'a, const N: usize, L: Ord>(
    span: &'a Span,
    list: impl Fn(&'a Counted) -> &'a Busiest<N>,
    shown: impl Fn(&'a [Label; N]) -> L,
) -> Vec<(L, Vec<Option<u64>>)> {
    let lists: Vec<&Busiest<N>> = span.points.iter().map(|point| list(&point.counted)).collect();
    let unlisted: Vec<Option<u64>> = lists.iter().map(|list| list.is_all().then_some(0)).collect();
    let mut columns = BTreeMap::<L, Vec<Option<u64>>>::new();
    for (place, list) in lists.into_iter().enumerate() {
        for (labels, count) in list.iter() {
            let column = columns.entry(shown(labels)).or_insert_with(|| unlisted.clone());
            column[place] = Some(column[place].unwrap_or(0).saturating_add(*count));
        }
    }
    let mut columns: Vec<_> = columns.into_iter().collect();
    let sum = |counts: &[Option<u64>]| {
        counts.iter().flatten().fold(0, |sum: u64, count| sum.saturating_add(*count))
    };
    columns.sort_by_key(|(_, counts)| Reverse(sum(counts)));
    columns
}
