//! The contract of a registry, line by line: *One delivery*, *The consistency contract*, *Reset*, *Bounded
//! memory*, *Identity*. What holds under concurrency is shown in `stress.rs`, `windows.rs`, `threads.rs` and
//! `fork.rs`.

#![allow(clippy::unwrap_used)] // a test fails by panicking

use std::time::{Duration, SystemTime};

use runtime_metrics::{BuildError, Counts, Metrics, MetricsBuilder, OVERFLOW_LABEL, Snapshot, iso_8601};

const NO_NAMES: [&str; 0] = [];

fn pairs(counts: &Counts) -> Vec<(&str, u64)> {
    counts.iter().collect()
}

/// A registry with room for `limit` series in each family.
fn small(limit: u32) -> Metrics {
    Metrics::builder()
        .request_series_limit(limit)
        .delivery_series_limit(limit)
        .max_label_bytes(8)
        .build()
        .unwrap()
}

mod one_delivery {
    use super::*;

    #[test]
    fn endpoint_target_and_caller_are_stripped_and_lower_cased() {
        let metrics = Metrics::new();
        metrics.record_config_delivery(" Run-Time\n", "\u{1f}API\u{3000}", &["k"], "\tLocal:ÄPI ");
        let snapshot = metrics.snapshot();
        let served = snapshot.served_config();
        assert_eq!(pairs(served.responses_by_endpoint()), [("run-time", 1)]);
        assert_eq!(pairs(served.responses_by_target()), [("api", 1)]);
        assert_eq!(pairs(served.responses_by_caller()), [("local:äpi", 1)]);
    }

    #[test]
    fn spellings_of_one_label_are_one_series() {
        let metrics = Metrics::new();
        for target in ["api", "API", " api ", "aPi\t", "API", "\u{a0}Api"] {
            metrics.record_config_delivery("e", target, &NO_NAMES, "c");
        }
        assert_eq!(pairs(metrics.snapshot().served_config().responses_by_target()), [("api", 6)]);
    }

    #[test]
    fn names_and_paths_are_counted_as_given() {
        let metrics = Metrics::new();
        metrics.record_request(" /Home\t");
        metrics.record_request("");
        metrics.record_config_delivery("e", "t", &[" Key ", "KEY", ""], "c");
        let snapshot = metrics.snapshot();
        assert_eq!(pairs(snapshot.requests().requests_by_path()), [("", 1), (" /Home\t", 1)]);
        assert_eq!(pairs(snapshot.served_config().values_by_name()), [("", 1), (" Key ", 1), ("KEY", 1)]);
    }

    #[test]
    fn a_delivery_counts_one_response_and_each_name_duplicates_included() {
        let metrics = Metrics::new();
        metrics.record_config_delivery("e", "t", &["a", "b", "a"], "c");
        let snapshot = metrics.snapshot();
        let served = snapshot.served_config();
        assert_eq!((served.responses_total(), served.values_total()), (1, 3));
        assert_eq!(pairs(served.values_by_name()), [("a", 2), ("b", 1)]);
        assert_eq!(pairs(served.values_by_target()), [("t", 3)]);
        assert_eq!(pairs(served.values_by_caller()), [("c", 3)]);
    }

    #[test]
    fn a_delivery_without_names_shows_its_target_and_caller_with_no_values() {
        let metrics = Metrics::new();
        metrics.record_config_delivery("e", "t", &NO_NAMES, "c");
        let snapshot = metrics.snapshot();
        let served = snapshot.served_config();
        assert_eq!((served.responses_total(), served.values_total()), (1, 0));
        assert_eq!(pairs(served.values_by_target()), [("t", 0)]);
        assert_eq!(pairs(served.values_by_caller()), [("c", 0)]);
        assert!(served.values_by_name().is_empty());
        assert_eq!(served.values().len(), 0);
    }

    #[test]
    fn the_joint_counts_are_kept() {
        let metrics = Metrics::new();
        metrics.record_config_delivery("e", "t", &["a", "b"], "c");
        metrics.record_config_delivery("e", "t", &["b"], "c");
        metrics.record_config_delivery("e", "u", &["a"], "d");
        let snapshot = metrics.snapshot();
        let served = snapshot.served_config();
        let deliveries: Vec<_> =
            served.deliveries().map(|d| (d.endpoint(), d.target(), d.caller(), d.responses())).collect();
        assert_eq!(deliveries, [("e", "t", "c", 2), ("e", "u", "d", 1)]);
        let values: Vec<_> =
            served.values().map(|v| (v.target(), v.caller(), v.config_name(), v.count())).collect();
        assert_eq!(values, [("t", "c", "a", 1), ("t", "c", "b", 2), ("u", "d", "a", 1)]);
    }

    #[test]
    fn labels_that_run_together_are_different_series() {
        let metrics = Metrics::new();
        metrics.record_config_delivery("ab", "c", &["de", "f"], "g");
        metrics.record_config_delivery("a", "bc", &["d", "ef"], "g");
        metrics.record_config_delivery("a", "bc", &["def"], "g");
        let snapshot = metrics.snapshot();
        let served = snapshot.served_config();
        assert_eq!(pairs(served.responses_by_endpoint()), [("a", 2), ("ab", 1)]);
        assert_eq!(pairs(served.values_by_name()), [("d", 1), ("de", 1), ("def", 1), ("ef", 1), ("f", 1)]);
    }

    #[test]
    fn last_served_at_is_the_time_of_the_last_delivery_to_a_few_milliseconds() {
        let metrics = Metrics::new();
        std::thread::sleep(Duration::from_millis(50));
        metrics.record_config_delivery("e", "t", &["a"], "c");
        std::thread::sleep(Duration::from_millis(50));
        let snapshot = metrics.snapshot();
        let last_served = snapshot.served_config().last_served_instant().unwrap();
        let since_start = last_served.duration_since(snapshot.window_started_at()).unwrap();
        let until_taken = snapshot.taken_at().duration_since(last_served).unwrap();
        assert!(since_start >= Duration::from_millis(35), "{since_start:?} after the start");
        assert!(until_taken >= Duration::from_millis(49), "{until_taken:?} before the cut");
        assert_eq!(snapshot.served_config().last_served_at(), Some(&*iso_8601(last_served)));
    }

    #[test]
    fn last_served_at_is_none_until_there_is_a_delivery() {
        let metrics = Metrics::new();
        metrics.record_request("/");
        assert_eq!(metrics.snapshot().served_config().last_served_at(), None);
        metrics.record_config_delivery("e", "t", &NO_NAMES, "c");
        assert!(metrics.snapshot().served_config().last_served_at().is_some());
        assert!(metrics.reset().served_config().last_served_at().is_some());
        assert_eq!(metrics.snapshot().served_config().last_served_at(), None);
    }
}

mod consistency {
    use super::*;

    #[test]
    fn rule_3_a_record_that_returned_is_in_the_next_snapshot_and_a_later_one_is_not() {
        let metrics = Metrics::new();
        metrics.record_request("/");
        let before = metrics.snapshot();
        metrics.record_request("/");
        assert_eq!(before.requests().total_requests(), 1);
        assert_eq!(metrics.snapshot().requests().total_requests(), 2);
    }

    #[test]
    fn a_snapshot_is_detached_even_if_it_is_first_read_much_later() {
        let metrics = Metrics::new();
        metrics.record_request("/old");
        let snapshot = metrics.snapshot();
        metrics.record_request("/old");
        metrics.record_request("/new");
        metrics.record_config_delivery("e", "t", &["a"], "c");
        metrics.reset();
        metrics.record_request("/newer");
        drop(metrics);
        assert_eq!(pairs(snapshot.requests().requests_by_path()), [("/old", 1)]);
        assert_eq!(snapshot.served_config().responses_total(), 0);
    }

    #[test]
    fn the_sequence_grows_by_one_with_every_cut() {
        let metrics = Metrics::new();
        assert_eq!(metrics.latest().sequence(), 0);
        assert_eq!(metrics.snapshot().sequence(), 1);
        assert_eq!(metrics.reset().sequence(), 2);
        assert_eq!(metrics.latest().sequence(), 2);
        assert_eq!(metrics.snapshot().sequence(), 3);
        assert_eq!(metrics.clone().snapshot().sequence(), 4);
    }

    #[test]
    fn a_window_is_known_by_its_id_and_by_the_cut_that_opened_it() {
        let (metrics, other) = (Metrics::new(), Metrics::new());
        let window = |snapshot: &Snapshot| (snapshot.window_id(), snapshot.window_opened_by());
        let first = metrics.latest();
        assert_eq!(window(&metrics.snapshot()), window(&first));
        assert_eq!(first.window_opened_by(), 0);
        let ended = metrics.reset();
        assert_eq!(
            window(&ended),
            window(&first),
            "the snapshot that a reset returns is of the window that it ends"
        );
        let second = metrics.latest();
        assert_ne!(second.window_id(), first.window_id());
        assert_eq!(second.window_opened_by(), ended.sequence());
        assert_eq!(window(&metrics.snapshot()), window(&second));
        for window in [&first, &second] {
            assert_ne!(other.latest().window_id(), window.window_id(), "no two registries share a window");
        }
    }

    #[test]
    fn latest_is_the_last_published_snapshot() {
        let metrics = Metrics::new();
        metrics.record_request("/");
        assert_eq!(metrics.latest().requests().total_requests(), 0, "no cut was taken yet");
        let snapshot = metrics.snapshot();
        metrics.record_request("/");
        assert_eq!(metrics.latest(), snapshot);
    }

    #[test]
    fn snapshot_within_takes_a_new_cut_only_if_the_last_one_is_too_old() {
        let metrics = Metrics::new();
        let first = metrics.snapshot();
        metrics.record_request("/");
        assert_eq!(metrics.snapshot_within(Duration::from_secs(3_600)), first);
        std::thread::sleep(Duration::from_millis(2));
        let second = metrics.snapshot_within(Duration::from_millis(1));
        assert_eq!((second.sequence(), second.requests().total_requests()), (2, 1));
    }

    #[test]
    fn registries_count_apart_and_clones_count_together() {
        let (one, two) = (Metrics::new(), Metrics::new());
        let also_one = one.clone();
        for _ in 0..3 {
            one.record_request("/");
            two.record_request("/");
            also_one.record_request("/");
        }
        assert_eq!(one.snapshot().requests().total_requests(), 6);
        assert_eq!(two.snapshot().requests().total_requests(), 3);
    }

    #[test]
    fn a_registry_that_stands_where_a_dropped_one_stood_starts_at_zero() {
        for _ in 0..1_000 {
            let metrics = small(4);
            metrics.record_request("/");
            assert_eq!(metrics.snapshot().requests().total_requests(), 1);
        }
    }
}

mod reset {
    use super::*;

    #[test]
    fn a_reset_returns_the_window_that_it_ends_and_leaves_empty_maps() {
        let metrics = Metrics::new();
        metrics.record_request("/");
        metrics.record_config_delivery("e", "t", &["a"], "c");
        let ended = metrics.reset();
        assert_eq!(ended.requests().total_requests(), 1);
        assert_eq!(ended.served_config().values_total(), 1);
        for snapshot in [metrics.latest(), metrics.snapshot()] {
            assert!(snapshot.requests().requests_by_path().is_empty());
            assert!(snapshot.served_config().responses_by_endpoint().is_empty());
            assert!(snapshot.served_config().values_by_name().is_empty());
            assert_eq!(snapshot.served_config().deliveries().len(), 0);
        }
    }

    #[test]
    fn a_reset_starts_a_new_window_and_uptime_again() {
        let metrics = Metrics::new();
        let first = metrics.snapshot();
        std::thread::sleep(Duration::from_millis(20));
        let ended = metrics.reset();
        let next = metrics.snapshot();
        assert_eq!(ended.window_started_at(), first.window_started_at());
        assert!(ended.process().uptime_seconds() >= 0.02);
        assert!(next.process().uptime_seconds() < ended.process().uptime_seconds());
        assert!(next.window_started_at() > ended.window_started_at());
        assert_eq!(next.process().started_at(), iso_8601(next.window_started_at()));
        assert_eq!(metrics.process().started_at(), next.process().started_at());
        assert_eq!(next.process().process_started_at(), first.process().process_started_at());
    }

    #[test]
    fn handles_and_plans_made_before_a_reset_count_after_it() {
        let metrics = Metrics::new();
        let home = metrics.request_counter("/");
        let plan = metrics.delivery_plan("E", "T", &["a", "a"]);
        for window in 0..5 {
            home.record();
            plan.record(" C ");
            home.clone().record();
            let ended = metrics.reset();
            assert_eq!(pairs(ended.requests().requests_by_path()), [("/", 2)], "window {window}");
            assert_eq!(pairs(ended.served_config().values_by_caller()), [("c", 2)], "window {window}");
        }
        assert_eq!(metrics.snapshot().requests().total_requests(), 0);
    }

    #[test]
    fn a_handle_that_never_recorded_shows_nothing() {
        let metrics = Metrics::new();
        let _home = metrics.request_counter("/");
        let _plan = metrics.delivery_plan("e", "t", &["a"]);
        let snapshot = metrics.snapshot();
        assert!(snapshot.requests().requests_by_path().is_empty());
        assert_eq!(snapshot.requests().occupancy().series(), 0);
        assert_eq!(snapshot.served_config().occupancy().series(), 0);
    }

    #[test]
    fn the_series_limits_count_afresh_after_a_reset() {
        let metrics = small(2);
        for window in 0..10 {
            for number in 0..3 {
                metrics.record_request(&format!("/{window}/{number}"));
            }
            let ended = metrics.reset();
            assert_eq!(ended.requests().overflow().records(), 1);
            assert_eq!(ended.requests().requests_by_path().len(), 3);
        }
    }
}

mod bounded_memory {
    use super::*;

    #[test]
    fn a_path_past_the_limit_is_counted_under_the_overflow_label_and_known_paths_go_on() {
        let metrics = small(2);
        for path in ["/a", "/b", "/c", "/d", "/a"] {
            metrics.record_request(path);
        }
        let snapshot = metrics.snapshot();
        let requests = snapshot.requests();
        assert_eq!(pairs(requests.requests_by_path()), [("/a", 2), ("/b", 1), (OVERFLOW_LABEL, 2)]);
        assert_eq!((requests.total_requests(), requests.overflow().records()), (5, 2));
        assert_eq!(requests.overflow().rejected_labels().collect::<Vec<_>>(), ["/c", "/d"]);
        assert_eq!((requests.occupancy().series(), requests.occupancy().limit()), (2, 2));
    }

    #[test]
    fn past_the_limit_a_delivery_gives_up_its_caller_first_and_keeps_the_rest() {
        let metrics = small(2);
        for caller in ["c1", "c2", "c3", "c1"] {
            metrics.record_config_delivery("e", "t", &["a", "b"], caller);
        }
        let snapshot = metrics.snapshot();
        let served = snapshot.served_config();
        assert_eq!(pairs(served.responses_by_caller()), [(OVERFLOW_LABEL, 1), ("c1", 2), ("c2", 1)]);
        assert_eq!(pairs(served.responses_by_endpoint()), [("e", 4)]);
        assert_eq!(pairs(served.values_by_name()), [("a", 4), ("b", 4)]);
        assert_eq!(served.overflow().records(), 1);
        assert_eq!(served.overflow().rejected_labels().collect::<Vec<_>>(), ["c3"]);
    }

    #[test]
    fn a_delivery_that_does_not_even_fit_without_its_caller_keeps_its_number_of_values() {
        let metrics = small(1);
        metrics.record_config_delivery("e", "t", &["a"], "c");
        for names in [0, 1, 3, 1_000] {
            metrics.record_config_delivery("e", "u", &vec!["b"; names], "c");
        }
        let snapshot = metrics.snapshot();
        let served = snapshot.served_config();
        assert_eq!((served.responses_total(), served.values_total()), (5, 1_005));
        assert_eq!(pairs(served.responses_by_target()), [(OVERFLOW_LABEL, 4), ("t", 1)]);
        assert_eq!(pairs(served.values_by_name()), [(OVERFLOW_LABEL, 1_004), ("a", 1)]);
        assert_eq!(pairs(served.values_by_caller()), [(OVERFLOW_LABEL, 1_004), ("c", 1)]);
    }

    #[test]
    fn a_label_over_the_byte_limit_is_counted_under_the_overflow_label_and_the_others_are_kept() {
        let metrics = small(100);
        let long = "x".repeat(1 << 20);
        metrics.record_request(&long);
        metrics.record_request("12345678");
        metrics.record_request("123456789");
        metrics.record_config_delivery("e", "t", &["a", &long], &long);
        metrics.record_config_delivery("e", &format!(" {}\t", "Y".repeat(8)), &["a"], "c");
        let snapshot = metrics.snapshot();
        assert_eq!(pairs(snapshot.requests().requests_by_path()), [("12345678", 1), (OVERFLOW_LABEL, 2)]);
        let served = snapshot.served_config();
        assert_eq!(pairs(served.responses_by_caller()), [(OVERFLOW_LABEL, 1), ("c", 1)]);
        assert_eq!(pairs(served.responses_by_target()), [("t", 1), ("yyyyyyyy", 1)]);
        assert_eq!(pairs(served.values_by_name()), [(OVERFLOW_LABEL, 1), ("a", 2)]);
        assert_eq!(served.overflow().records(), 1);
        let rejected: Vec<_> = served.overflow().rejected_labels().collect();
        assert_eq!(rejected, ["x".repeat(256)], "cut, and kept once");
    }

    #[test]
    fn distinct_numbers_of_names_beyond_all_limits_are_counted_exactly() {
        let metrics = small(1);
        metrics.record_config_delivery("e", "t", &["a"], "c");
        let names = vec!["b"; 700];
        for count in 0..=700 {
            metrics.record_config_delivery("e", "u", &names[..count], "c");
            metrics.delivery_plan("e", "v", &names[..count]).record("c");
        }
        let served = metrics.snapshot().served_config().clone();
        assert_eq!(served.responses_total(), 1 + 2 * 701);
        assert_eq!(served.values_total(), 1 + 2 * (700 * 701 / 2));
        assert_eq!(served.values_total(), served.values_by_name().total());
        assert!(served.last_served_at().is_some());
    }

    #[test]
    fn ever_new_lists_of_very_many_names_do_not_fill_the_memory_and_are_counted_exactly() {
        let metrics = Metrics::builder().max_label_bytes(64).delivery_series_limit(1_000).build().unwrap();
        let names: Vec<String> = (0..20_000).map(|number| format!("{number:064}")).collect();
        for first in 0..20 {
            metrics.record_config_delivery("e", "t", &names[first..], "c");
        }
        let served = metrics.snapshot().served_config().clone();
        assert_eq!(served.responses_total(), 20);
        assert_eq!(served.values_total(), (0..20).map(|first| 20_000 - first).sum::<u64>());
        // Not one of these lists has room beside 1 MiB of labels.
        assert_eq!(served.overflow().records(), 20);
    }

    #[test]
    fn a_record_that_brings_the_overflow_label_itself_takes_no_series() {
        let metrics = Metrics::builder().request_series_limit(1).build().unwrap();
        metrics.record_request(OVERFLOW_LABEL);
        metrics.record_request("/a");
        let requests = metrics.snapshot().requests().clone();
        assert_eq!(pairs(requests.requests_by_path()), [("/a", 1), (OVERFLOW_LABEL, 1)]);
        assert_eq!((requests.occupancy().series(), requests.overflow().records()), (1, 1));
    }

    #[test]
    fn limits_out_of_range_are_refused_with_cause_and_remedy() {
        let error = Metrics::builder().request_series_limit(0).build().unwrap_err();
        assert_eq!(error, BuildError::SeriesLimit { family: "request", limit: 0 });
        assert!(error.to_string().contains("request series limit is 0"), "{error}");
        let too_many = MetricsBuilder::LARGEST_SERIES_LIMIT + 1;
        let error = Metrics::builder().delivery_series_limit(too_many).build().unwrap_err();
        assert_eq!(error, BuildError::SeriesLimit { family: "delivery", limit: too_many });
        let error = Metrics::builder().max_label_bytes(0).build().unwrap_err();
        assert_eq!(error, BuildError::LabelBytes { limit: 0 });
        assert!(error.to_string().contains("between 1 and 65536"), "{error}");
        assert!(Metrics::builder().portable_fences().build().is_ok());
    }
}

mod identity {
    use super::*;

    #[test]
    fn a_snapshot_names_the_process() {
        let snapshot = Metrics::new().snapshot();
        let process = snapshot.process();
        let identity = runtime_identity::ProcessIdentity::current();
        assert_eq!(process.process_id(), std::process::id());
        assert_eq!(process.hostname(), identity.hostname());
        assert_eq!(process.instance_id(), identity.instance_id());
        assert_eq!(process.process_started_at(), identity.started_at());
        assert!(process.started_at().ends_with("+00:00"));
        assert!(snapshot.taken_at() <= SystemTime::now() + Duration::from_millis(100));
    }

    #[test]
    fn the_uptime_of_the_process_goes_on_through_a_reset() {
        let metrics = Metrics::new();
        let ended = metrics.reset();
        let next = metrics.snapshot();
        let uptime = |snapshot: &Snapshot| snapshot.process().process_uptime();
        assert!(uptime(&ended) <= uptime(&next));
        let since_start = next.taken_at().duration_since(next.process().process_started_at()).unwrap();
        assert!(uptime(&next).abs_diff(since_start) < Duration::from_secs(1));
    }

    #[test]
    fn uptime_is_rounded_to_three_decimals() {
        let metrics = Metrics::new();
        std::thread::sleep(Duration::from_micros(12_345));
        let milliseconds = metrics.process().uptime_seconds() * 1_000.0;
        assert!((milliseconds - milliseconds.round()).abs() < 1e-6);
    }
}

mod the_seeds_functions {
    use runtime_metrics as seed;

    #[test]
    fn count_into_one_registry_for_the_process() {
        seed::reset_metrics();
        seed::record_request("/seed");
        seed::record_config_delivery("e", "t", &["a"], "c");
        assert_eq!(seed::get_request_metrics_snapshot().requests_by_path().get("/seed"), Some(1));
        assert_eq!(seed::get_served_config_metrics_snapshot().values_total(), 1);
        assert_eq!(seed::get_process_runtime_snapshot().process_id(), std::process::id());
        assert_eq!(seed::global().snapshot().requests().total_requests(), 1);
        assert_eq!(seed::reset_metrics().requests().total_requests(), 1);
        assert_eq!(seed::get_request_metrics_snapshot().total_requests(), 0);
    }
}

#[cfg(feature = "serde")]
#[test]
fn snapshots_serialize_with_the_seeds_field_names() {
    let metrics = Metrics::new();
    metrics.record_request("/");
    metrics.record_config_delivery("e", "t", &["a"], "c");
    let value = serde_json::to_value(metrics.snapshot()).unwrap();
    assert_eq!(value["requests"], serde_json::json!({"total_requests": 1, "requests_by_path": {"/": 1}}));
    let keys = |value: &serde_json::Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(keys(&value["process"]), ["hostname", "process_id", "started_at", "uptime_seconds"]);
    assert_eq!(value["served_config"]["values_by_name"], serde_json::json!({"a": 1}));
    assert_eq!(keys(&value["served_config"]).len(), 9);
}

#[test]
fn snapshots_and_handles_can_be_shared_between_threads_and_caught_panics() {
    fn shared<
        T: Send + Sync + Clone + std::fmt::Debug + std::panic::UnwindSafe + std::panic::RefUnwindSafe,
    >() {
    }
    shared::<Snapshot>();
    shared::<Metrics>();
    shared::<runtime_metrics::RequestCounter>();
    shared::<runtime_metrics::DeliveryPlan>();
}
