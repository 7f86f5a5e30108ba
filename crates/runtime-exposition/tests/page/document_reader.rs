//! A strict reader of snapshot documents, written from their description and sharing nothing with the encoder.
//!
//! It refuses keys that it does not know, lists that are not sorted, and series that come twice or have no count.

use std::collections::BTreeMap;

use runtime_exposition::RequestLabel;
use serde::Deserialize;
use serde_json::Value;

use crate::expected::{labels, overflow};
use crate::reader::Labels;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Document {
    pub(crate) schema_version: u32,
    pub(crate) service: BTreeMap<String, String>,
    pub(crate) metrics_namespace: String,
    pub(crate) process: Value,
    pub(crate) sequence: u64,
    pub(crate) taken_at: String,
    pub(crate) duration_seconds: f64,
    pub(crate) window: Value,
    pub(crate) requests: Requests,
    pub(crate) deliveries: Deliveries,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Requests {
    pub(crate) total: u64,
    series: Vec<Path>,
    pub(crate) overflow: RequestOverflow,
    pub(crate) occupancy: Occupancy,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Path {
    path: Option<String>,
    route: Option<String>,
    count: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct RequestOverflow {
    count: u64,
    pub(crate) records: u64,
    pub(crate) rejected_labels: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct Deliveries {
    pub(crate) responses_total: u64,
    pub(crate) values_total: u64,
    pub(crate) callers: String,
    series: Vec<Delivery>,
    values: Vec<Served>,
    pub(crate) last_served_at: Option<String>,
    pub(crate) overflow: DeliveryOverflow,
    pub(crate) occupancy: Occupancy,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Delivery {
    endpoint: String,
    target: String,
    caller: Option<String>,
    responses: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Served {
    endpoint: String,
    target: String,
    caller: Option<String>,
    config_name: String,
    count: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(crate) struct DeliveryOverflow {
    responses: u64,
    values: u64,
    pub(crate) records: u64,
    pub(crate) rejected_labels: Option<Vec<String>>,
}

#[derive(Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Occupancy {
    pub(crate) series: u32,
    pub(crate) limit: u32,
}

impl Document {
    pub(crate) fn read(json: &[u8]) -> Self {
        serde_json::from_slice(json).expect("a snapshot document")
    }

    /// The series of the requests, under the labels that a page has, the overflow among them.
    pub(crate) fn requests(&self, label: RequestLabel) -> BTreeMap<Labels, u64> {
        let series = self.requests.series.iter().map(|series| match (label, &series.path, &series.route) {
            (RequestLabel::Path, Some(path), None) => (vec![("url_path", path)], series.count),
            (RequestLabel::Route, None, Some(route)) => (vec![("http_route", route)], series.count),
            other => panic!("{other:?}"),
        });
        read(series, self.requests.overflow.count)
    }

    /// Those of the deliveries.
    pub(crate) fn deliveries(&self) -> BTreeMap<Labels, u64> {
        let series = self.deliveries.series.iter().map(|series| {
            let mut labels = vec![("config_endpoint", &series.endpoint), ("config_target", &series.target)];
            labels.extend(series.caller.iter().map(|caller| ("caller", caller)));
            (labels, series.responses)
        });
        read(series, self.deliveries.overflow.responses)
    }

    /// Those of the values.
    pub(crate) fn values(&self) -> BTreeMap<Labels, u64> {
        let values = self.deliveries.values.iter().map(|value| {
            let mut labels = vec![("config_endpoint", &value.endpoint), ("config_target", &value.target)];
            labels.extend(value.caller.iter().map(|caller| ("caller", caller)));
            labels.push(("config_name", &value.config_name));
            (labels, value.count)
        });
        read(values, self.deliveries.overflow.values)
    }
}

fn read<'a>(
    series: impl Iterator<Item = (Vec<(&'static str, &'a String)>, u64)> + Clone,
    overflowed: u64,
) -> BTreeMap<Labels, u64> {
    assert!(series.clone().is_sorted_by(|(a, _), (b, _)| a < b), "a list is sorted by its labels, each once");
    let series = series.map(|(pairs, count)| {
        assert!(count > 0, "{pairs:?} has no count");
        (pairs.into_iter().flat_map(|(name, value)| labels([(name, value)])).collect(), count)
    });
    series.chain((overflowed > 0).then(|| (overflow(), overflowed))).collect()
}
