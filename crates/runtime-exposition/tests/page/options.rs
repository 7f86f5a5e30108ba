//! What the options change, and what no option changes.

use std::time::SystemTime;

use runtime_exposition::{
    CallerLabels, Exposition, ExpositionError, NamespaceError, RequestLabel, prometheus,
};
use runtime_metrics::{Metrics, Snapshot};

use crate::history::{exposition, page};
use crate::reader::Page;

pub(crate) fn some_of_everything() -> Snapshot {
    let metrics = Metrics::builder()
        .request_series_limit(100)
        .delivery_series_limit(200)
        .max_label_bytes(64)
        .build()
        .unwrap();
    for path in ["/", "/a", "/b", &"x".repeat(65), &"y".repeat(65)] {
        metrics.record_request(path);
    }
    metrics.record_config_delivery("config", "api", &["A"], "local:api");
    metrics.record_config_delivery("config", "api", &["A"], &"x".repeat(65));
    metrics.snapshot()
}

fn seconds(at: SystemTime) -> f64 {
    at.duration_since(SystemTime::UNIX_EPOCH).unwrap().as_secs_f64()
}

#[test]
fn the_content_type_is_that_of_format_0_0_4() {
    assert_eq!(prometheus::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
}

#[test]
fn the_families_come_in_a_fixed_order_with_target_info_first() {
    let page = Page::read(&page(&exposition(RequestLabel::Path, CallerLabels::Shown), &some_of_everything()));
    let families: Vec<_> = page.families.iter().map(|f| (f.name.as_str(), f.kind.as_str())).collect();
    assert_eq!(
        families,
        [
            ("target_info", "gauge"),
            ("exp_build_info", "gauge"),
            ("process_start_time_seconds", "gauge"),
            ("exp_uptime_seconds", "gauge"),
            ("exp_http_requests_total", "counter"),
            ("exp_config_deliveries_total", "counter"),
            ("exp_config_values_served_total", "counter"),
            ("exp_config_last_delivery_timestamp_seconds", "gauge"),
            ("exp_snapshot_duration_seconds", "gauge"),
            ("exp_snapshots_total", "counter"),
            ("exp_series", "gauge"),
            ("exp_series_limit", "gauge"),
            ("exp_series_overflow_total", "counter"),
        ]
    );
    assert!(page.families.iter().all(|family| family.help.ends_with('.')));
}

#[test]
fn the_namespace_is_runtime_unless_told() {
    let exposition = Exposition::builder().build().unwrap();
    let page = Page::read(&page(&exposition, &some_of_everything()));
    for family in &page.families {
        let shared = ["target_info", "process_start_time_seconds"].contains(&family.name.as_str());
        assert!(shared || family.name.starts_with("runtime_"), "{}", family.name);
    }
}

#[test]
fn a_bad_namespace_is_refused_and_handed_back() {
    for namespace in ["", "1st", "my-app", "a b", "ns:sub", "naïve", "a\n"] {
        let ExpositionError::Namespace(error) =
            Exposition::builder().namespace(namespace).build().unwrap_err()
        else {
            panic!("{namespace:?} is refused for its namespace")
        };
        let rejected = match error {
            NamespaceError::Start { namespace, .. } | NamespaceError::Character { namespace, .. } => {
                namespace
            }
            _ => String::new(),
        };
        assert_eq!(rejected, namespace);
    }
}

#[test]
fn target_info_tells_what_is_configured_and_who_the_process_is() {
    let snapshot = some_of_everything();
    let exposition = Exposition::builder()
        .service_name("exp")
        .service_namespace("shop \"x\"")
        .service_version("1.2.3")
        .revision("abc")
        .build()
        .unwrap();
    let text = page(&exposition, &snapshot);
    let page = Page::read(&text);
    let info = page.only("target_info");
    assert_eq!(info.integer(), 1);
    assert_eq!(
        info.labels.iter().map(|(name, value)| (name.as_str(), value.clone())).collect::<Vec<_>>(),
        [
            ("host_name", snapshot.process().hostname().to_owned()),
            ("process_pid", std::process::id().to_string()),
            ("service_instance_id", snapshot.process().instance_id().to_string()),
            ("service_name", "exp".to_owned()),
            ("service_namespace", "shop \"x\"".to_owned()),
            ("service_version", "1.2.3".to_owned()),
        ]
    );
    let build = page.only("runtime_build_info");
    assert_eq!(
        (build.label("version"), build.label("revision"), build.integer()),
        (Some("1.2.3"), Some("abc"), 1)
    );
    assert!(text.starts_with("# HELP target_info "));
}

#[test]
fn what_is_not_configured_or_empty_is_left_out() {
    let snapshot = some_of_everything();
    for exposition in [
        Exposition::builder().build().unwrap(),
        Exposition::builder()
            .service_name("")
            .service_namespace("")
            .service_version("")
            .revision("")
            .build()
            .unwrap(),
    ] {
        let page = Page::read(&page(&exposition, &snapshot));
        let names: Vec<_> = page.only("target_info").labels.keys().cloned().collect();
        assert_eq!(names, ["host_name", "process_pid", "service_instance_id"]);
        assert!(page.only("runtime_build_info").labels.is_empty());
    }
}

#[test]
fn identity_is_on_target_info_only_and_no_label_is_one_that_scrapers_overwrite() {
    let exposition =
        Exposition::builder().service_name("exp").service_version("1").revision("abc").build().unwrap();
    let page = Page::read(&page(&exposition, &some_of_everything()));
    for family in &page.families {
        for name in family.samples.iter().flat_map(|sample| sample.labels.keys()) {
            assert!(!["endpoint", "service", "job", "instance", "type"].contains(&name.as_str()));
            let identity =
                name.starts_with("service_") || name.starts_with("host_") || name.starts_with("process_");
            assert!(!identity || family.name == "target_info", "{name} on {}", family.name);
        }
    }
}

#[test]
fn times_sequence_and_occupancy_are_those_of_the_snapshot() {
    let snapshot = some_of_everything();
    let page = Page::read(&page(&exposition(RequestLabel::Path, CallerLabels::Shown), &snapshot));
    let (process, served) = (snapshot.process(), snapshot.served_config());
    let near = |name: &str, expected: f64, tolerance: f64| {
        let found = page.only(name).float();
        assert!((found - expected).abs() <= tolerance, "{name}: {found}, not {expected}");
    };
    near("process_start_time_seconds", seconds(process.process_started_at()), 2e-6);
    near("exp_uptime_seconds", process.uptime_seconds(), 0.0);
    near("exp_config_last_delivery_timestamp_seconds", seconds(served.last_served_instant().unwrap()), 2e-6);
    near("exp_snapshot_duration_seconds", snapshot.duration().as_secs_f64(), 1e-15);
    assert_eq!(page.only("exp_snapshots_total").integer(), snapshot.sequence());

    let by_family = |name: &str| {
        ["deliveries", "requests"].map(|label| {
            let samples = &page.family(name).samples;
            assert_eq!(samples.len(), 2);
            samples.iter().find(|sample| sample.label("family") == Some(label)).unwrap().integer()
        })
    };
    let (deliveries, requests) = (served.occupancy(), snapshot.requests().occupancy());
    assert_eq!(by_family("exp_series"), [u64::from(deliveries.series()), u64::from(requests.series())]);
    assert_eq!(by_family("exp_series_limit"), [u64::from(deliveries.limit()), u64::from(requests.limit())]);
    assert_eq!(
        by_family("exp_series_overflow_total"),
        [served.overflow().records(), snapshot.requests().overflow().records()]
    );
    for name in ["exp_series", "exp_series_limit", "exp_series_overflow_total"] {
        let [deliveries, requests] = by_family(name);
        assert!(deliveries > 0 && requests > 0 && deliveries != requests, "{name} tells nothing");
    }
}

#[test]
fn an_exposition_can_be_shared_between_threads() {
    fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
    shared(&Exposition::builder().build().unwrap());
}
