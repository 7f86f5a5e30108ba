//! The requests of a document.

use runtime_metrics::RequestMetricsSnapshot;
use serde::Serialize;

use crate::document::Room;
use crate::request::RequestLabel;
use crate::series;

#[derive(Debug, Serialize)]
pub(super) struct Requests<'a> {
    total: u64,
    series: Vec<Series<'a>>,
    overflow: Overflow<'a>,
    occupancy: Room,
}

/// One path, or one route.
#[derive(Debug, Serialize)]
struct Series<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    route: Option<&'a str>,
    count: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Overflow<'a> {
    count: u64,
    records: u64,
    rejected_labels: Vec<&'a str>,
}

impl<'a> Requests<'a> {
    pub(super) fn of(label: RequestLabel, requests: &'a RequestMetricsSnapshot) -> Self {
        let shown = series::requests(requests.table(), requests.request_counts());
        let series = shown.series.into_iter().map(|(text, count)| {
            let (path, route) = match label {
                RequestLabel::Path => (Some(text), None),
                RequestLabel::Route => (None, Some(text)),
            };
            Series { path, route, count }
        });
        let overflow = requests.overflow();
        Self {
            total: requests.total_requests(),
            series: series.collect(),
            overflow: Overflow {
                count: shown.overflow,
                records: overflow.records(),
                rejected_labels: overflow.rejected_labels().collect(),
            },
            occupancy: requests.occupancy().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_is_an_integer_to_the_last_digit() {
        let series = |count| Series { path: Some("/"), route: None, count };
        for count in [(1 << 53) + 1, u64::MAX] {
            let json = serde_json::to_string(&series(count)).unwrap();
            assert_eq!(json, format!(r#"{{"path":"/","count":{count}}}"#));
        }
    }
}
