//! The requests of a document.

use runtime_metrics::Snapshot;
use serde::Serialize;

use crate::document::Room;
use crate::growth;
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
    /// Those counted since an earlier snapshot of the window, or in the window.
    pub(super) fn of(label: RequestLabel, since: Option<&Snapshot>, until: &'a Snapshot) -> Self {
        let requests = until.requests();
        let shown = series::requests(requests.table(), &growth::requests(since, until));
        let series = shown.series.into_iter().map(|(text, count)| {
            let (path, route) = match label {
                RequestLabel::Path => (Some(text), None),
                RequestLabel::Route => (None, Some(text)),
            };
            Series { path, route, count }
        });
        Self {
            total: growth::count(since, until, |snapshot| snapshot.requests().total_requests()),
            series: series.collect(),
            overflow: Overflow {
                count: shown.overflow,
                records: growth::overflowed(since, until, |snapshot| snapshot.requests().overflow()),
                rejected_labels: requests.overflow().rejected_labels().collect(),
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
