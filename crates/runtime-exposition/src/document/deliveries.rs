//! The deliveries of a document.

use std::borrow::Cow;

use runtime_metrics::Snapshot;
use serde::Serialize;

use crate::caller::CallerLabels;
use crate::document::Room;
use crate::growth;
use crate::series;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Deliveries<'a> {
    responses_total: u64,
    values_total: u64,
    callers: &'static str,
    series: Vec<Series<'a>>,
    values: Vec<Value<'a>>,
    last_served_at: Option<&'a str>,
    overflow: Overflow<'a>,
    occupancy: Room,
}

#[derive(Debug, Serialize)]
struct Series<'a> {
    endpoint: &'a str,
    target: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<Cow<'a, str>>,
    responses: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Value<'a> {
    endpoint: &'a str,
    target: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<Cow<'a, str>>,
    config_name: &'a str,
    count: u64,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Overflow<'a> {
    responses: u64,
    values: u64,
    records: u64,
    /// None if they may be callers that are not shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    rejected_labels: Option<Vec<&'a str>>,
}

impl<'a> Deliveries<'a> {
    /// Those counted since an earlier snapshot of the window, or in the window.
    pub(super) fn of(callers: CallerLabels, since: Option<&Snapshot>, until: &'a Snapshot) -> Self {
        let served = until.served_config();
        let deliveries = series::deliveries(callers, served.table(), &growth::responses(since, until));
        let values = series::values(callers, served.table(), &growth::values(since, until));
        Self {
            responses_total: growth::count(since, until, |snapshot| {
                snapshot.served_config().responses_total()
            }),
            values_total: growth::count(since, until, |snapshot| snapshot.served_config().values_total()),
            callers: match callers {
                CallerLabels::Shown => "shown",
                CallerLabels::Hashed => "hashed",
                CallerLabels::Dropped => "dropped",
            },
            series: deliveries
                .series
                .into_iter()
                .map(|(joint, responses)| Series {
                    endpoint: joint.endpoint,
                    target: joint.target,
                    caller: joint.caller.text(),
                    responses,
                })
                .collect(),
            values: values
                .series
                .into_iter()
                .map(|(joint, count)| Value {
                    endpoint: joint.endpoint,
                    target: joint.target,
                    caller: joint.caller.text(),
                    config_name: joint.config_name.unwrap_or_default(), // every value has one
                    count,
                })
                .collect(),
            last_served_at: served.last_served_at(),
            overflow: Overflow {
                responses: deliveries.overflow,
                values: values.overflow,
                records: growth::overflowed(since, until, |snapshot| snapshot.served_config().overflow()),
                rejected_labels: (callers == CallerLabels::Shown)
                    .then(|| served.overflow().rejected_labels().collect()),
            },
            occupancy: served.occupancy().into(),
        }
    }
}
