//! Whole pages, byte for byte. What differs from run to run stands in the golden files as `@name@`.

use std::time::{Duration, UNIX_EPOCH};

use runtime_exposition::health::WorkerState;
use runtime_exposition::{CallerLabels, Exposition, ProcessUsage, RequestLabel, TextFormat};
use runtime_metrics::{Metrics, Snapshot};

use crate::reader::Page;

/// A short day of the exp service: a plan that is served twice, an empty document, hostile labels, and overflow.
pub(crate) fn day() -> Snapshot {
    let metrics = Metrics::builder()
        .request_series_limit(100)
        .delivery_series_limit(200)
        .max_label_bytes(64)
        .build()
        .unwrap();
    let long = "x".repeat(65);
    for path in
        ["/api/health", "/api/v1/config", "/api/health", "", "/a\\b\"c\nd", "/e\u{301}/😀", &long, &long]
    {
        metrics.record_request(path);
    }
    let plan = ["Auth:JWT:Issuer", "Auth:JWT:Audience"];
    metrics.record_config_delivery("Run-Time", " API ", &plan, "local:api");
    metrics.record_config_delivery("run-time", "api", &plan, "local:api");
    metrics.record_config_delivery("build-time", "website", &["A", "A"], "principal");
    metrics.record_config_delivery("config", "api", &[] as &[&str], "");
    metrics.record_config_delivery("config", "api", &["A"], &long);
    metrics.record_config_delivery("config", &long, &["A", "B"], "local:api");
    metrics.snapshot()
}

fn usage() -> ProcessUsage {
    let mut usage = ProcessUsage::default();
    usage.cpu_time = Some(Duration::from_nanos(12_345_678_901));
    usage.resident_memory_bytes = Some(32 << 20);
    usage.virtual_memory_bytes = Some((1 << 53) + 1);
    usage.open_fds = Some(17);
    usage.max_fds = Some(1_024);
    usage.threads = Some(12);
    usage
}

pub(crate) fn exposition(callers: CallerLabels) -> Exposition {
    Exposition::builder()
        .namespace("exp")
        .service_name("exp")
        .service_namespace("shop")
        .service_version("1.2.3")
        .revision("0123abc")
        .request_label(RequestLabel::Route)
        .caller_labels(callers)
        .build()
        .unwrap()
}

/// Puts what the snapshot says in place of each `@name@`.
pub(crate) fn filled(golden: &str, snapshot: &Snapshot, others: &[(&str, String)]) -> String {
    let process = snapshot.process();
    let served = snapshot.served_config();
    let known = [
        ("@instance_id@", process.instance_id().to_string()),
        ("@hostname@", process.hostname().to_owned()),
        ("@pid@", process.process_id().to_string()),
        ("@uptime@", format!("{:?}", process.uptime_seconds())),
        ("@started_at@", process.started_at().to_owned()),
        ("@last_served_at@", served.last_served_at().unwrap().to_owned()),
        ("@sequence@", snapshot.sequence().to_string()),
        ("@series_deliveries@", served.occupancy().series().to_string()),
        ("@series_requests@", snapshot.requests().occupancy().series().to_string()),
        ("@overflow_deliveries@", served.overflow().records().to_string()),
        ("@overflow_requests@", snapshot.requests().overflow().records().to_string()),
    ];
    let filled =
        known.iter().chain(others).fold(golden.to_owned(), |page, (name, value)| page.replace(name, value));
    assert!(!filled.contains('@'), "{filled}");
    filled
}

fn assert_golden(golden: &str, callers: CallerLabels, usage: ProcessUsage) {
    let snapshot = day();
    let mut text = String::new();
    exposition(callers).page(&snapshot).process_usage(&usage).write(TextFormat::Prometheus, &mut text);
    // floats are as the page has them: `options.rs` compares them with the snapshot
    let page = Page::read(&text);
    let floats = [
        ("@process_start@", page.only("process_start_time_seconds").value.clone()),
        ("@last_delivery@", page.only("exp_config_last_delivery_timestamp_seconds").value.clone()),
        ("@duration@", page.only("exp_snapshot_duration_seconds").value.clone()),
    ];
    assert_eq!(
        text,
        filled(golden, &snapshot, &floats),
        "the page, left, is not the golden page, right:\n{text}"
    );
}

#[test]
fn an_openmetrics_page_is_the_golden_page() {
    let snapshot = day();
    let mut text = String::new();
    let exposition = exposition(CallerLabels::Shown);
    exposition.page(&snapshot).process_usage(&usage()).write(TextFormat::OpenMetrics, &mut text);
    let value = |name: &str| {
        let line = text.lines().find(|line| line.split(['{', ' ']).next() == Some(name)).unwrap();
        line.rsplit_once(' ').unwrap().1.to_owned()
    };
    let floats = [
        ("@process_start@", value("process_start_time_seconds")),
        ("@window_start@", value("exp_http_requests_created")),
        ("@last_delivery@", value("exp_config_last_delivery_timestamp_seconds")),
        ("@duration@", value("exp_snapshot_duration_seconds")),
    ];
    let golden = filled(include_str!("../golden/openmetrics.txt"), &snapshot, &floats);
    assert_eq!(text, golden, "the page, left, is not the golden page, right:\n{text}");
}

#[test]
fn a_page_with_shown_callers_is_the_golden_page() {
    assert_golden(include_str!("../golden/shown.txt"), CallerLabels::Shown, usage());
}

#[test]
fn a_page_with_hashed_callers_is_the_golden_page() {
    assert_golden(include_str!("../golden/hashed.txt"), CallerLabels::Hashed, ProcessUsage::default());
}

#[test]
fn a_page_with_dropped_callers_is_the_golden_page() {
    assert_golden(include_str!("../golden/dropped.txt"), CallerLabels::Dropped, ProcessUsage::default());
}

#[test]
fn a_ready_document_is_the_golden_document() {
    let snapshot = day();
    let state = WorkerState {
        environment: "test".to_owned(),
        config_keys_loaded: 20,
        config_load_count: 3,
        last_config_loaded_at: Some(UNIX_EPOCH + Duration::from_micros(1_763_834_760_123_456)),
    };
    let document =
        serde_json::to_string_pretty(&exposition(CallerLabels::Shown).ready_document(&snapshot, &state))
            .unwrap();
    let taken_at = [("@taken_at@", runtime_metrics::iso_8601(snapshot.taken_at()))];
    let golden = filled(include_str!("../golden/ready.json"), &snapshot, &taken_at);
    assert_eq!(document + "\n", golden);
}

#[test]
fn a_snapshot_document_is_the_golden_document() {
    let snapshot = day();
    let exposition = exposition(CallerLabels::Shown);
    let document = serde_json::to_string_pretty(&exposition.snapshot_document(&snapshot)).unwrap();
    let float = |duration: Duration| serde_json::to_string(&(duration.as_nanos() as f64 / 1e9)).unwrap();
    let process = snapshot.process();
    let others = [
        ("@taken_at@", runtime_metrics::iso_8601(snapshot.taken_at())),
        ("@process_started_at@", runtime_metrics::iso_8601(process.process_started_at())),
        ("@process_uptime@", float(process.process_uptime())),
        ("@duration@", float(snapshot.duration())),
        ("@window_id@", snapshot.window_id().to_string()),
    ];
    let golden = filled(include_str!("../golden/snapshot.json"), &snapshot, &others);
    assert_eq!(document + "\n", golden);
}
