//! Labels and counts go out and come back.

use opentelemetry_proto::tonic::metrics::v1::AggregationTemporality;
use proptest::prelude::*;
use runtime_exposition::RequestLabel;

use super::{ENCODINGS, cumulative, nanoseconds};
use crate::expected::{expected_deliveries, expected_requests, expected_values};
use crate::history::{caller_labels, exposition, history, request_label};

const COUNTERS: [&str; 3] = ["exp.http.requests", "exp.config.deliveries", "exp.config.values_served"];

proptest! {
    #[test]
    fn any_label_and_count_comes_back_the_same(
        history in history(),
        label in request_label(),
        callers in caller_labels(),
    ) {
        let snapshot = history.snapshot();
        let request = cumulative(&exposition(label, callers), &snapshot);
        let [requests, deliveries, values] = COUNTERS.map(|name| request.series(name));
        prop_assert_eq!(&requests, &expected_requests(label, &snapshot));
        prop_assert_eq!(&deliveries, &expected_deliveries(callers, &snapshot));
        prop_assert_eq!(&values, &expected_values(callers, &snapshot));
        let served = snapshot.served_config();
        prop_assert_eq!(requests.values().sum::<u64>(), snapshot.requests().total_requests());
        prop_assert_eq!(deliveries.values().sum::<u64>(), served.responses_total());
        prop_assert_eq!(values.values().sum::<u64>(), served.values_total());
    }

    #[test]
    fn counters_are_cumulative_since_the_windows_start_and_all_points_are_of_the_cut(
        history in history(),
        callers in caller_labels(),
    ) {
        let snapshot = history.snapshot();
        let request = cumulative(&exposition(RequestLabel::Path, callers), &snapshot);
        for (name, metric) in &request.metrics {
            let start = match (metric.temporality, name.as_str()) {
                (None, _) => 0,
                (_, "exp.snapshots") => nanoseconds(snapshot.process().process_started_at()),
                _ => nanoseconds(snapshot.window_started_at()),
            };
            prop_assert!(metric.temporality.is_none_or(|is| is == AggregationTemporality::Cumulative), "{name}");
            for point in &metric.points {
                prop_assert_eq!((point.start, point.time), (start, nanoseconds(snapshot.taken_at())), "{}", name);
            }
        }
    }

    #[test]
    fn series_are_sorted_and_the_overflow_is_last(history in history(), callers in caller_labels()) {
        let request = cumulative(&exposition(RequestLabel::Path, callers), &history.snapshot());
        for (name, metric) in &request.metrics {
            let keys: Vec<_> = metric
                .points
                .iter()
                .map(|point| {
                    let values = ["url_path", "config_endpoint", "config_target", "caller", "config_name", "family"]
                        .map(|name| point.labels.get(name));
                    (point.labels.get("otel_metric_overflow"), values)
                })
                .collect();
            prop_assert!(keys.is_sorted_by(|a, b| a < b), "{name}: {keys:?}");
        }
    }

    #[test]
    fn the_same_snapshot_gives_the_same_bytes(history in history(), callers in caller_labels()) {
        let (exposition, snapshot) = (exposition(RequestLabel::Path, callers), history.snapshot());
        for encoding in ENCODINGS {
            let [one, other] = [snapshot.clone(), snapshot.clone()].map(|snapshot| {
                let mut bytes = Vec::new();
                exposition.otlp(encoding, &snapshot, &mut bytes);
                bytes
            });
            prop_assert_eq!(one, other);
        }
    }
}
