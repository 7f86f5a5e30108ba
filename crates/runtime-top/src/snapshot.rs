//! One snapshot of the service: the document that it sent, and the sums over it that are shown.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::clock::Moment;
use crate::document::{
    Callers, DeliveryOverflow, DeliverySeries, Document, DocumentError, Occupancy, Process, RequestLabel,
    RequestOverflow, Service, ValueSeries, Window,
};
use crate::family::{Counts, Family, Key};
use crate::numbers;

/// Said of a family whose labels the service hides.
pub(crate) const DROPPED: &str = "These labels are not shown: the service drops them.";

/// The families, in the order of their tabs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FamilyName {
    Paths,
    Endpoints,
    Targets,
    Callers,
    Names,
}

impl FamilyName {
    pub(crate) const ALL: [Self; 5] =
        [Self::Paths, Self::Endpoints, Self::Targets, Self::Callers, Self::Names];

    /// What its rows are parts of.
    pub(crate) fn measure(self) -> Measure {
        match self {
            Self::Paths => Measure::Requests,
            Self::Endpoints | Self::Targets | Self::Callers => Measure::Responses,
            Self::Names => Measure::Values,
        }
    }
}

/// What is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Measure {
    Requests,
    Responses,
    Values,
}

impl Measure {
    pub(crate) const ALL: [Self; 3] = [Self::Requests, Self::Responses, Self::Values];
}

/// What requests are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RequestsBy {
    Path,
    Route,
}

/// Endpoint, target and caller of deliveries; without a caller where callers are dropped.
pub(crate) type Tuple = [Option<Arc<str>>; 3];

/// All counts of one cut.
#[derive(Debug)]
pub(crate) struct Snapshot {
    pub(crate) received: Moment,
    pub(crate) service: Service,
    /// The first part of the names of metrics; none if the service does not tell it, or tells one that is none.
    pub(crate) metrics_namespace: Option<String>,
    pub(crate) process: Process,
    pub(crate) sequence: u64,
    pub(crate) taken_at: Timestamp,
    pub(crate) duration_seconds: f64,
    pub(crate) window: Window,
    pub(crate) callers: Callers,
    /// None as long as no request was seen in the window.
    pub(crate) requests_by: Option<RequestsBy>,
    pub(crate) last_served_at: Option<Timestamp>,
    pub(crate) requests: Limited,
    pub(crate) deliveries: Limited,
    totals: [u64; 3],
    families: [Family; 5],
    tuples: HashMap<Tuple, Counts>,
}

/// What the limits did to one half of the counts.
#[derive(Debug)]
pub(crate) struct Limited {
    pub(crate) occupancy: Occupancy,
    /// Records that had a label over a limit.
    pub(crate) records: u64,
    /// None: they are not shown, for they may be callers.
    pub(crate) rejected_labels: Option<Vec<String>>,
}

impl Snapshot {
    /// *Cost:* one pass over the document.
    pub(crate) fn parse(text: &[u8], received: Moment) -> Result<Self, DocumentError> {
        let Document {
            service,
            metrics_namespace,
            process,
            sequence,
            taken_at,
            duration_seconds,
            window,
            requests,
            deliveries,
            ..
        } = Document::parse(text)?;
        let RequestOverflow { count, records, rejected_labels } = requests.overflow;
        let mut paths = Family::default();
        let mut requests_by = None;
        for series in requests.series {
            let (by, label) = match series.label {
                RequestLabel::Path(path) => (RequestsBy::Path, path),
                RequestLabel::Route(route) => (RequestsBy::Route, route),
            };
            requests_by = Some(by);
            paths.add(Key::Label(label.into()), series.count, 0);
        }
        paths.add_overflow(count, 0);
        let limited_requests =
            Limited { occupancy: requests.occupancy, records, rejected_labels: Some(rejected_labels) };

        let DeliveryOverflow { responses, values, records, rejected_labels } = deliveries.overflow;
        let tuples = tuples(&deliveries.series, &deliveries.values);
        let mut families =
            [paths, Family::default(), Family::default(), Family::default(), Family::default()];
        let [_, by_dimension @ .., names] = &mut families;
        for (tuple, counts) in &tuples {
            for (family, label) in by_dimension.iter_mut().zip(tuple) {
                if let Some(label) = label {
                    family.add(Key::Label(Arc::clone(label)), counts.count, counts.values);
                }
            }
        }
        for family in by_dimension {
            family.add_overflow(responses, values);
        }
        for series in deliveries.values {
            names.add(Key::Label(series.config_name.into()), series.count, 0);
        }
        names.add_overflow(values, 0);
        Ok(Self {
            received,
            service,
            metrics_namespace: metrics_namespace.filter(|name| is_metric_name(name)),
            process,
            sequence,
            taken_at,
            duration_seconds,
            window,
            callers: deliveries.callers,
            requests_by,
            last_served_at: deliveries.last_served_at,
            requests: limited_requests,
            deliveries: Limited { occupancy: deliveries.occupancy, records, rejected_labels },
            totals: [requests.total, deliveries.responses_total, deliveries.values_total],
            families,
            tuples,
        })
    }

    pub(crate) fn total(&self, measure: Measure) -> u64 {
        self.totals[measure as usize]
    }

    pub(crate) fn family(&self, name: FamilyName) -> &Family {
        &self.families[name as usize]
    }

    /// A part of the total that a family is about; none if that is nothing. (Its rows lack what is not shown, such as callers that are dropped.)
    pub(crate) fn share(&self, name: FamilyName, count: u64) -> Option<f64> {
        numbers::ratio(count, self.total(name.measure()))
    }

    /// Whether the service hides the labels of a family.
    pub(crate) fn drops(&self, name: FamilyName) -> bool {
        name == FamilyName::Callers && self.callers == Callers::Dropped
    }

    /// Deliveries by endpoint, target and caller, without what overflowed.
    pub(crate) fn tuples(&self) -> &HashMap<Tuple, Counts> {
        &self.tuples
    }

    pub(crate) fn is_of_same_life(&self, other: &Self) -> bool {
        self.process.instance_id == other.process.instance_id
    }

    /// Counts of two snapshots can be compared, and only then: they are of one window.
    pub(crate) fn shares_window_with(&self, other: &Self) -> bool {
        self.is_of_same_life(other) && self.window.id == other.window.id
    }

    /// By the process's monotonic clock.
    pub(crate) fn seconds_since(&self, earlier: &Self) -> f64 {
        self.process.uptime_seconds - earlier.process.uptime_seconds
    }
}

/// Whether a name of a metric may begin with it: it goes into questions as it is.
fn is_metric_name(text: &str) -> bool {
    text.starts_with(|first: char| first == '_' || first.is_ascii_alphabetic())
        && text.chars().all(|character| character == '_' || character.is_ascii_alphanumeric())
}

fn tuples(series: &[DeliverySeries], values: &[ValueSeries]) -> HashMap<Tuple, Counts> {
    let mut labels = HashMap::<&str, Arc<str>>::new();
    let mut tuples = HashMap::<Tuple, Counts>::new();
    let responses = series.iter().map(|one| (&one.endpoint, &one.target, &one.caller, one.responses, 0));
    let values = values.iter().map(|one| (&one.endpoint, &one.target, &one.caller, 0, one.count));
    for (endpoint, target, caller, responses, values) in responses.chain(values) {
        let tuple = [Some(endpoint), Some(target), caller.as_ref()].map(|text| {
            text.map(|text| Arc::clone(labels.entry(text).or_insert_with(|| text.as_str().into())))
        });
        let counts = tuples.entry(tuple).or_default();
        counts.count = counts.count.saturating_add(responses);
        counts.values = counts.values.saturating_add(values);
    }
    tuples
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn sum(snapshot: &Snapshot, name: FamilyName) -> u64 {
        snapshot.family(name).rows().map(|(_, counts)| counts.count).sum()
    }

    #[test]
    fn every_family_sums_up_to_its_total_overflow_included() {
        let snapshot = sample::snapshot();
        for name in FamilyName::ALL {
            assert_eq!(sum(&snapshot, name), snapshot.total(name.measure()), "{name:?}");
        }
        assert_eq!(
            snapshot.family(FamilyName::Callers).counts(&Key::Overflow),
            Counts { count: 1, values: 2 }
        );
        let api = snapshot.family(FamilyName::Targets).counts(&Key::label("api"));
        assert_eq!(api, Counts { count: 5, values: 15 });
    }

    #[test]
    fn dropped_callers_leave_no_row_but_that_of_what_overflowed() {
        let text = sample::document()
            .replace(r#""callers":"shown""#, r#""callers":"dropped""#)
            .replace(r#","caller":"local:api""#, "")
            .replace(r#","caller":"local:web""#, "");
        let snapshot = Snapshot::parse(text.as_bytes(), Moment::now()).unwrap();
        assert_eq!(snapshot.family(FamilyName::Callers).len(), 1);
        assert_eq!(sum(&snapshot, FamilyName::Targets), snapshot.total(Measure::Responses));
        // One of six responses, not all of the responses whose callers are known.
        assert_eq!(snapshot.share(FamilyName::Callers, 1), Some(1.0 / 6.0));
        assert!(snapshot.drops(FamilyName::Callers) && !snapshot.drops(FamilyName::Targets));
    }

    #[test]
    fn counts_are_exact_to_64_bits_and_a_sum_never_wraps() {
        let text = sample::document().replace(r#""total":12"#, r#""total":18446744073709551615"#).replace(
            r#"{"path":"/metrics","count":2}"#,
            r#"{"path":"/metrics","count":18446744073709551615},{"path":"/metrics","count":1}"#,
        );
        let snapshot = Snapshot::parse(text.as_bytes(), Moment::now()).unwrap();
        assert_eq!(snapshot.total(Measure::Requests), u64::MAX);
        assert_eq!(snapshot.family(FamilyName::Paths).counts(&Key::label("/metrics")).count, u64::MAX);
    }
}
