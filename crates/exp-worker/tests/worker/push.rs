//! What the worker sends, and to whom: nobody, unless it is asked to.

use std::collections::VecDeque;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpListener;
use std::sync::mpsc;

use rustix::process::Signal;
use serde_json::{Value, json};

use crate::harness::{Command, PATIENCE, wait_until};

/// Answers pushes by these codes in turn, the last of them for ever, and hands out what came: the first line and the body.
fn receiver(codes: &[u16]) -> (String, mpsc::Receiver<(String, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let (out, arrived) = mpsc::channel();
    let mut codes: VecDeque<u16> = codes.to_vec().into();
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            let mut stream = BufReader::new(stream);
            let mut head = Vec::new();
            while !head.ends_with(&["\r\n".to_owned()]) {
                let mut line = String::new();
                if stream.read_line(&mut line).unwrap() == 0 {
                    break;
                }
                head.push(line.to_ascii_lowercase());
            }
            let length = head.iter().find_map(|line| line.strip_prefix("content-length: "));
            let mut body = vec![0; length.map_or(0, |length| length.trim().parse().unwrap())];
            stream.read_exact(&mut body).unwrap();
            let code = if codes.len() > 1 { codes.pop_front().unwrap() } else { codes[0] };
            let _ = write!(stream.get_mut(), "HTTP/1.1 {code} Code\r\ncontent-length: 0\r\n\r\n");
            if out.send((head[0].clone(), String::from_utf8(body).unwrap())).is_err() {
                break;
            }
        }
    });
    (url, arrived)
}

/// The address of a receiver that takes connections, and never says anything. It lives as long as the listener.
fn silent_receiver() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (format!("http://{}", listener.local_addr().unwrap()), listener)
}

/// The address of a port that nobody listens on: its socket is closed.
fn nobody() -> String {
    silent_receiver().0
}

/// A worker that pushes JSON to an OpenTelemetry receiver.
fn otlp(url: &str, interval: &str) -> Command {
    Command::new()
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", url)
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/json")
        .env("OTEL_METRIC_EXPORT_INTERVAL", interval)
}

/// The requests by path of a push.
fn requests(body: &str) -> Vec<(String, String)> {
    let body: Value = serde_json::from_str(body).unwrap();
    let metrics = body["resourceMetrics"][0]["scopeMetrics"][0]["metrics"].as_array().unwrap();
    let requests = metrics.iter().find(|metric| metric["name"] == "exp.http.requests").unwrap();
    let points = requests["sum"]["dataPoints"].as_array().unwrap().iter();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    points
        .map(|point| (text(&point["attributes"][0]["value"]["stringValue"]), text(&point["asInt"])))
        .collect()
}

#[test]
fn unless_it_is_asked_to_nothing_is_pushed_and_the_page_says_nothing_of_pushes() {
    for blank in ["", " "] {
        let worker = Command::new()
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", blank)
            .env("EXP_PUSHGATEWAY", blank)
            .env("OTEL_SERVICE_NAME", "x")
            .serve();
        assert!(!worker.get("/metrics").body.contains("exp_push"));
        assert!(!worker.start_message.contains("push"), "{}", worker.start_message);
        assert!(!worker.terminate().log.contains("push"));
    }
}

#[test]
fn the_start_message_says_where_to_how_and_how_often_pushes_go_and_no_key_of_an_address() {
    let (url, _listener) = silent_receiver();
    let worker = otlp(&url, "3600000")
        .arg("--pushgateway")
        .arg(&url)
        .env("OTEL_EXPORTER_OTLP_METRICS_ENDPOINT", format!("{url}/v1/metrics?key=s3cret"))
        .env("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", "delta")
        .serve();
    for line in [
        format!("  pushes         to {url}/v1/metrics: OTLP (http/json, delta), every 3600 s\n"),
        format!("  pushes         to {url}/: Pushgateway (job exp-worker), every 15 s\n"),
    ] {
        assert!(worker.start_message.contains(&line), "{line}{}", worker.start_message);
    }
    assert!(!worker.start_message.contains("s3cret"), "{}", worker.start_message);
}

#[test]
fn the_environment_is_told_to_an_opentelemetry_receiver() {
    let (url, arrived) = receiver(&[200]);
    let worker = otlp(&url, "3600000").arg("--environment").arg("staging").serve();
    assert_eq!(worker.terminate().code, Some(0));
    let (_, body) = arrived.recv_timeout(PATIENCE).unwrap();
    let body: Value = serde_json::from_str(&body).unwrap();
    let attributes = body["resourceMetrics"][0]["resource"]["attributes"].as_array().unwrap();
    let expected = json!({"key": "deployment.environment.name", "value": {"stringValue": "staging"}});
    assert!(attributes.contains(&expected), "{attributes:?}");
}

#[test]
fn the_last_push_holds_what_the_worker_did_until_its_end() {
    let (url, arrived) = receiver(&[200]);
    let worker = otlp(&url, "3600000").serve();
    for _ in 0..3 {
        worker.get("/nowhere");
    }
    worker.get("/");
    let verdict = worker.terminate();
    assert_eq!(verdict.code, Some(0), "{verdict:?}");
    let (line, body) = arrived.recv_timeout(PATIENCE).unwrap();
    assert_eq!(line, "post /v1/metrics http/1.1\r\n");
    let pair = |path: &str, count: &str| (path.to_owned(), count.to_owned());
    assert_eq!(requests(&body), [pair("/", "1"), pair("/nowhere", "3")]);
    assert!(arrived.try_recv().is_err());
}

#[test]
fn a_gateway_gets_the_page_of_the_last_snapshot_when_it_is_named_by_option_or_variable() {
    for is_option in [true, false] {
        let (url, arrived) = receiver(&[200]);
        let command = Command::new();
        let command = if is_option {
            command.arg("--pushgateway").arg(&url)
        } else {
            command.env("EXP_PUSHGATEWAY", &url)
        };
        let worker = command.serve();
        worker.get("/nowhere");
        assert_eq!(worker.terminate().code, Some(0));
        let (line, body) = arrived.recv_timeout(PATIENCE).unwrap();
        assert!(line.starts_with("put /metrics/job/exp-worker/instance_id/"), "{line}");
        assert!(body.contains("exp_http_requests_total{url_path=\"/nowhere\"} 1\n"), "{body}");
    }
}

#[test]
fn an_outage_takes_two_lines_of_the_log_and_the_page_shows_how_pushes_fare() {
    let (url, arrived) = receiver(&[400, 400, 400, 200]);
    let worker = otlp(&url, "20").serve();
    worker.wait_for_log("pushes arrive again");
    let page = worker.get("/metrics").body;
    assert!(page.contains("exp_pushes_total{push_receiver=\"otlp\",outcome=\"failed\"} 3\n"), "{page}");
    assert!(
        page.contains("exp_push_failed_attempts_total{push_receiver=\"otlp\",error_type=\"refused\"} 3\n")
    );
    let verdict = worker.terminate();
    assert_eq!(verdict.log.matches("pushes fail; they go on").count(), 1, "{}", verdict.log);
    assert_eq!(verdict.log.matches("pushes arrive again").count(), 1, "{}", verdict.log);
    assert!(verdict.log.contains("HTTP 400"), "{}", verdict.log);
    let told = verdict.log.lines().filter(|line| line.contains("pushes ")).count();
    let addressed = verdict.log.matches(&format!("receiver=\"otlp\" address=\"{url}/v1/metrics\"")).count();
    assert_eq!((told, addressed), (2, 2), "{}", verdict.log);
    assert!(arrived.try_iter().count() >= 5);
}

#[test]
fn a_receiver_that_is_not_there_holds_up_neither_the_begin_nor_the_end() {
    let url = nobody();
    let worker = otlp(&url, "20").env("OTEL_METRIC_EXPORT_TIMEOUT", "10").serve();
    worker.wait_for_log("pushes fail; they go on");
    let verdict = worker.terminate();
    assert_eq!(verdict.code, Some(0), "{verdict:?}");
    let line = verdict.log.lines().find(|line| line.contains("the last push did not arrive"));
    assert!(line.is_some_and(|line| line.contains(&url)), "{}", verdict.log);
}

#[test]
fn a_stop_says_how_long_it_waits_for_the_last_push_and_a_second_signal_says_that_it_drops_it() {
    let (url, _listener) = silent_receiver();
    let worker = otlp(&url, "3600000").serve();
    worker.signal(Signal::TERM);
    worker.wait_for_log("the last push has up to 5 s; a second signal drops it");
    worker.signal(Signal::TERM);
    let verdict = worker.verdict();
    assert_eq!(verdict.code, Some(0), "{verdict:?}");
    assert!(verdict.out.starts_with("served "), "{verdict:?}");
    assert!(verdict.log.contains("answers in flight have up to 10 s"), "{}", verdict.log);
    assert!(verdict.log.contains("a second signal: stopping at once"), "{}", verdict.log);
    let line = verdict
        .log
        .lines()
        .find(|line| line.contains("the last push did not arrive"))
        .filter(|line| line.contains("told to end at once"));
    assert!(line.is_some_and(|line| line.contains(&url)), "{}", verdict.log);
}

#[test]
fn a_last_push_that_has_little_time_after_connections_were_cut_is_dropped_and_it_is_said_why() {
    let (url, _listener) = silent_receiver();
    let worker = otlp(&url, "3600000").serve();
    let mut client = worker.connect();
    client.send("GET /nowhere HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhel");
    let reached = || worker.get("/api/health").json()["requestsByPath"]["/nowhere"] == 1;
    wait_until("the request reaches the worker", reached);
    worker.signal(Signal::TERM);
    worker.wait_for_log("a second signal stops at once");
    worker.signal(Signal::TERM);
    let verdict = worker.verdict();
    assert_eq!(verdict.code, Some(0), "{verdict:?}");
    assert!(verdict.log.contains("the last push has up to 1 s"), "{}", verdict.log);
    assert!(
        verdict.log.contains("the time of the shutdown was over before the last push was"),
        "{}",
        verdict.log
    );
}

#[test]
fn a_variable_that_makes_no_sense_ends_the_worker_with_code_2_and_its_name() {
    for (name, value) in [
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "carrier-pigeon"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "collector"),
        ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/nowhere/ca.pem"),
    ] {
        let verdict = Command::new().arg("--otlp").env(name, value).verdict();
        assert_eq!(verdict.code, Some(2), "{verdict:?}");
        assert!(verdict.log.contains(name) && verdict.log.contains("remedy: "), "{verdict:?}");
    }
    let verdict = Command::new().arg("--pushgateway").arg("localhost:9091").verdict();
    assert_eq!(verdict.code, Some(2), "{verdict:?}");
    assert!(verdict.log.contains("--pushgateway (or EXP_PUSHGATEWAY)"), "{verdict:?}");
}

#[test]
fn pushes_that_the_variables_turn_off_are_off_though_asked_for() {
    let worker = Command::new().arg("--otlp").env("OTEL_SDK_DISABLED", "true").serve();
    assert!(!worker.get("/metrics").body.contains("exp_push"));
    assert!(worker.terminate().log.contains("no pushes by OTLP"));
}
