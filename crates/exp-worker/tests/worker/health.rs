//! The health document, readiness, and the metrics page.

use runtime_exposition::CallerLabels;

use crate::harness::{Answer, Command, Worker};

const HEALTH_KEYS: [&str; 21] = [
    "status",
    "environment",
    "timestamp",
    "startedAt",
    "uptimeSeconds",
    "hostname",
    "processId",
    "requestsServed",
    "requestsByPath",
    "configKeysLoaded",
    "configLoadCount",
    "lastConfigLoadedAt",
    "configResponsesServed",
    "configValuesServed",
    "configResponsesByEndpoint",
    "configResponsesByTarget",
    "configResponsesByCaller",
    "configValuesByTarget",
    "configValuesByCaller",
    "configValuesByName",
    "lastConfigServedAt",
];

/// The keys of the outermost object, in the order of the text.
fn keys(answer: &Answer) -> Vec<String> {
    let json = answer.json();
    let mut keys: Vec<String> = json.as_object().unwrap().keys().cloned().collect();
    // None of these documents has a key inside that is also a key outside, so the first place is the outer
    // one.
    keys.sort_by_key(|key| answer.body.find(&format!("\"{key}\":")).unwrap());
    keys
}

#[test]
fn the_first_health_document_of_a_fresh_worker_shows_one_request_served() {
    let health = Worker::start().get("/api/health").json();
    assert_eq!(health["requestsServed"], 1);
    assert_eq!(health["requestsByPath"], serde_json::json!({"/api/health": 1}));
    assert_eq!(health["configResponsesServed"], 0);
    assert_eq!(health["lastConfigServedAt"], serde_json::Value::Null);
}

#[test]
fn the_health_document_has_exactly_its_keys_in_their_order() {
    let answer = Worker::start().get("/api/health");
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/json")));
    assert_eq!(keys(&answer), HEALTH_KEYS);
}

#[test]
fn the_ready_document_has_the_keys_of_the_health_document_and_the_number_of_keys() {
    let answer = Worker::start().get("/api/ready");
    assert_eq!(answer.status, 200);
    let mut found = keys(&answer);
    let keys_loaded = found.iter().position(|key| key == "keysLoaded").expect("keysLoaded is there");
    found.remove(keys_loaded);
    assert_eq!(found, HEALTH_KEYS);
    let ready = answer.json();
    assert_eq!((ready["status"].as_str(), ready["keysLoaded"].as_u64()), (Some("Ready"), Some(5)));
}

#[test]
fn the_health_document_says_what_was_counted_and_what_is_loaded() {
    let worker = Worker::start();
    worker.get("/api/v1/run-time?for=api");
    worker.get("/api/v1/run-time?for=nobody");
    let health = worker.get("/api/health").json();
    assert_eq!(health["status"], "Healthy");
    assert_eq!(health["environment"], "test");
    assert_eq!(health["processId"], std::process::id());
    assert_eq!(health["requestsServed"], 3);
    assert_eq!(health["requestsByPath"], serde_json::json!({"/api/v1/run-time": 2, "/api/health": 1}));
    assert_eq!((&health["configKeysLoaded"], &health["configLoadCount"]), (&5.into(), &1.into()));
    assert_eq!((&health["configResponsesServed"], &health["configValuesServed"]), (&1.into(), &3.into()));
    assert_eq!(health["configResponsesByCaller"], serde_json::json!({"local:api": 1}));
    for time in ["timestamp", "startedAt", "lastConfigLoadedAt", "lastConfigServedAt"] {
        let text = health[time].as_str().unwrap_or_else(|| panic!("{time}: {health}"));
        assert!(text.ends_with("+00:00") && text.contains('T'), "{time}: {text}");
    }
}

#[test]
fn a_worker_without_a_readable_configuration_is_healthy_and_not_ready() {
    let worker = Worker::builder().without_configuration().start();
    let ready = worker.get("/api/ready");
    assert_eq!(ready.status, 503);
    assert_eq!((&ready.json()["status"], &ready.json()["keysLoaded"]), (&"NotReady".into(), &0.into()));
    let health = worker.get("/api/health");
    assert_eq!(health.status, 200);
    assert_eq!((&health.json()["status"], &health.json()["configLoadCount"]), (&"Healthy".into(), &0.into()));
}

#[test]
fn a_worker_whose_configuration_has_no_keys_is_ready() {
    let worker = Worker::builder().configuration(r#"{"targets": {}, "values": {}}"#).start();
    let ready = worker.get("/api/ready");
    assert_eq!(ready.status, 200);
    let ready = ready.json();
    assert_eq!((&ready["status"], &ready["keysLoaded"]), (&"Ready".into(), &0.into()));
    assert_eq!(ready["configLoadCount"], 1);
}

#[test]
fn callers_are_hashed_or_dropped_on_every_way_out_when_the_worker_is_told_so() {
    const CALLER: &str = "someone-dear";
    // The first 16 digits of the SHA-256 of the caller.
    const HASHED: &str = "2b9a5b7ca1c6c640";
    for (labels, shown) in [
        (CallerLabels::Shown, Some(CALLER)),
        (CallerLabels::Hashed, Some(HASHED)),
        (CallerLabels::Dropped, None),
    ] {
        let worker = Worker::builder().trusting_the_front_door().caller_labels(labels).start();
        let header = format!("X-MS-CLIENT-PRINCIPAL-ID: {CALLER}\r\n");
        assert_eq!(worker.get_with("/api/v1/run-time?for=api", &header).status, 200);
        for path in ["/api/health", "/api/ready"] {
            let document = worker.get(path);
            let callers = document.json()["configResponsesByCaller"].clone();
            assert_eq!(callers.as_object().unwrap().keys().map(String::as_str).next(), shown, "{path}");
            assert_eq!(document.body.contains(CALLER), labels == CallerLabels::Shown, "{path}");
            assert_eq!(document.json()["configResponsesServed"], 1);
        }
        let page = worker.get("/metrics").body;
        assert_eq!(page.contains(CALLER), labels == CallerLabels::Shown, "{page}");
        assert_eq!(page.contains(HASHED), labels == CallerLabels::Hashed, "{page}");
    }
}

#[test]
fn each_load_counts_and_moves_the_time_of_the_last_one() {
    let worker = Worker::start();
    let first = worker.get("/api/health").json()["lastConfigLoadedAt"].clone();
    worker.app.install(exp_worker::configuration::Source::Sample.load().unwrap());
    let health = worker.get("/api/health").json();
    assert_eq!((&health["configLoadCount"], &health["configKeysLoaded"]), (&2.into(), &20.into()));
    assert!(health["lastConfigLoadedAt"].as_str() > first.as_str());
}

#[test]
fn a_scrape_that_asks_for_openmetrics_gets_it() {
    let worker = Worker::start();
    // As Prometheus asks, in one header and in two.
    let [openmetrics, plain] =
        ["application/openmetrics-text;version=1.0.0", "text/plain;version=0.0.4;q=0.5,*/*;q=0.1"];
    for headers in [
        format!("Accept: {openmetrics},{plain}\r\n"),
        format!("Accept: {plain}\r\nAccept: {openmetrics}\r\n"),
    ] {
        let answer = worker.get_with("/metrics", &headers);
        let content_type = "application/openmetrics-text; version=1.0.0; charset=utf-8";
        assert_eq!((answer.status, answer.header("content-type")), (200, Some(content_type)));
        assert!(
            answer.body.contains("\nexp_http_requests_created{url_path=\"/metrics\"} "),
            "{}",
            answer.body
        );
        assert!(answer.body.ends_with("\n# EOF\n"), "{}", answer.body);
    }
}

#[test]
fn what_observers_read_is_compressed_if_they_ask_for_it_and_a_configuration_never_is() {
    let worker = Worker::start();
    for (asked, given) in [("gzip", "gzip"), ("zstd, gzip;q=0.5", "zstd"), ("gzip;q=0.5, zstd;q=0.1", "gzip")]
    {
        let asked = format!("Accept-Encoding: {asked}\r\n");
        for (path, text) in [
            ("/metrics", "exp_http_requests_total{url_path=\"/metrics\"} "),
            ("/api/health", "\"requestsServed\":"),
            ("/api/ready", "\"keysLoaded\":"),
        ] {
            let answer = worker.get_with(path, &asked);
            assert_eq!((answer.status, answer.header("content-encoding")), (200, Some(given)), "{path}");
            assert!(answer.body.contains(text), "{path}: {}", answer.body);
        }
        let configuration = worker.get_with("/api/v1/run-time?for=api", &asked);
        assert_eq!((configuration.status, configuration.header("content-encoding")), (200, None));
    }
    // Also where nothing that is asked for is there: an answer that is not compressed is better than none.
    for asked in ["", "Accept-Encoding: br, *;q=0\r\n"] {
        let answer = worker.get_with("/metrics", asked);
        assert_eq!((answer.status, answer.header("content-encoding")), (200, None));
        assert_eq!(answer.header("vary"), Some("accept, accept-encoding"));
    }
}

#[test]
fn a_scrape_is_prometheus_text_that_counts_itself() {
    let worker = Worker::start();
    worker.get("/api/v1/run-time?for=api");
    let answer = worker.get("/metrics");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    for sample in
        ["exp_http_requests_total{url_path=\"/metrics\"} 1\n", "# TYPE exp_http_requests_total counter\n"]
    {
        assert!(answer.body.contains(sample), "{sample}{}", answer.body);
    }
    let delivery = answer.body.lines().find(|line| line.starts_with("exp_config_deliveries_total{")).unwrap();
    assert!(delivery.contains("caller=\"local:api\"") && delivery.ends_with(" 1"), "{delivery}");
}

#[test]
fn a_scrape_shows_what_the_process_takes_from_its_machine() {
    let page = Worker::start().get("/metrics").body;
    let value = |name: &str| -> f64 {
        let line =
            page.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name}{page}"));
        line.trim().parse().unwrap()
    };
    for name in ["process_cpu_seconds_total", "process_resident_memory_bytes", "process_virtual_memory_bytes"]
    {
        assert!(value(name) > 0.0, "{name}");
    }
    // The harness, the server and its two threads, the test.
    assert!(value("process_threads") >= 4.0);
    assert!(value("process_open_fds") >= 3.0 && value("process_open_fds") <= value("process_max_fds"));
}

#[test]
fn the_index_names_every_route() {
    let worker = Worker::start();
    let answer = worker.get("/");
    assert_eq!(answer.header("content-type"), Some("text/plain; charset=utf-8"));
    for route in
        ["/api/v1/build-time", "/api/v1/run-time", "/api/v1/config", "/api/health", "/api/ready", "/metrics"]
    {
        assert!(answer.body.contains(route), "{route}");
        assert_ne!(worker.get(route).status, 404, "{route}");
    }
}

#[test]
fn head_of_a_probe_is_answered_like_get_without_the_body() {
    let worker = Worker::start();
    for path in ["/", "/api/health", "/api/ready", "/metrics"] {
        let mut client = worker.connect();
        client.send(format!("HEAD {path} HTTP/1.1\r\nHost: t\r\n\r\n"));
        let head = client.answer_to_head();
        assert_eq!(head.status, 200, "{path}");
        assert_eq!(head.header("content-type"), worker.get(path).header("content-type"));
        assert_eq!(client.get("/").status, 200);
    }
}

#[test]
fn overflow_is_told_in_the_log_once_without_callers() {
    let worker = Command::new().arg("--trust-front-door").env("EXP_CALLER_LABELS", "Hashed").serve();
    let long = "x".repeat(2_000);
    assert_eq!(worker.get("/metrics").status, 200);
    for _ in 0..3 {
        assert_eq!(worker.get(&format!("/{long}")).status, 404);
        let mut client = worker.connect();
        client.send(format!(
            "GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\nX-MS-CLIENT-PRINCIPAL-ID: HUSH-{long}\r\n\r\n"
        ));
        assert_eq!(client.answer().status, 200);
        for path in ["/metrics", "/api/health", "/api/ready"] {
            assert_eq!(worker.get(path).status, 200);
        }
    }
    let callers = worker.get("/api/health").json()["configResponsesByCaller"].clone();
    assert_eq!(callers, serde_json::json!({"__overflow__": 3}));
    let log = worker.terminate().log;
    assert_eq!(log.matches("WARN").count(), 2, "{log}");
    assert!(log.contains("1 request counted under __overflow__"), "{log}");
    assert!(log.contains(&format!("first rejected: \"/{}", &long[..200])), "{log}");
    assert!(log.contains("1 configuration response counted under __overflow__"), "{log}");
    assert!(!log.contains("HUSH") && !log.contains(&long), "{log}");
}
