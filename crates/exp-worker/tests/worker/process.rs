//! The binary: its command line, its environment, its start and its end.

use std::net::TcpListener;
use std::time::Instant;

use rustix::process::Signal;

use crate::harness::{CONFIGURATION, Command, PATIENCE};

#[test]
fn without_arguments_the_sample_is_served_and_the_start_message_says_where_to_look() {
    let worker = Command::new().serve();
    let base = format!("http://{}", worker.address);
    for text in [
        "exp-worker 0.1.0 listens on 127.0.0.1:",
        "compiled-in sample (2 targets, 20 keys)",
        &format!("{base}/api/health"),
        &format!("{base}/metrics"),
        &format!("{base}/api/v1/run-time?for=api"),
    ] {
        assert!(worker.start_message.contains(text), "{text}\n{}", worker.start_message);
    }
    for target in ["api", "website"] {
        for endpoint in ["build-time", "run-time"] {
            assert_eq!(worker.get(&format!("/api/v1/{endpoint}?for={target}")).status, 200);
        }
    }
    assert_eq!(
        worker.get("/api/v1/config?name=Auth:JWT:Issuer").json()["value"],
        "https://login.example.com"
    );
    assert_eq!(worker.get("/api/health").json()["environment"], "development");
}

#[test]
fn sigterm_and_sigint_end_the_worker_with_code_0_and_a_one_line_summary() {
    for signal in [Signal::TERM, Signal::INT] {
        let worker = Command::new().serve();
        worker.get("/api/v1/run-time?for=website");
        worker.get("/api/v1/config?name=Auth:JWT:Issuer");
        worker.get("/nowhere");
        worker.signal(signal);
        let verdict = worker.verdict();
        assert_eq!(verdict.code, Some(0), "{verdict:?}");
        let summary = verdict.out.strip_suffix(" s\n").expect("a line");
        assert!(
            summary.starts_with("served 3 requests, 2 configuration responses, 7 values in "),
            "{summary}"
        );
        assert_eq!(verdict.out.lines().count(), 1);
    }
}

#[test]
fn an_answer_in_flight_at_sigterm_is_finished_and_counted() {
    let worker = Command::new().serve();
    let mut client = worker.connect();
    client.send("GET /api/v1/run-time?for=website HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhel");
    let end = Instant::now() + PATIENCE;
    while worker.get("/api/health").json()["requestsByPath"]["/api/v1/run-time"] != 1 {
        assert!(Instant::now() < end, "the request does not reach the worker");
    }
    worker.signal(Signal::TERM);
    worker.wait_for_log("a second signal stops at once");
    client.send("lo");
    assert_eq!(client.answer().status, 200);
    drop(client);
    let verdict = worker.verdict();
    assert_eq!(verdict.code, Some(0));
    assert!(verdict.out.contains(" requests, 1 configuration response, 6 values in "), "{verdict:?}");
}

#[test]
fn a_second_signal_does_not_wait_for_answers_in_flight() {
    let worker = Command::new().serve();
    let mut client = worker.connect();
    client.send("GET /api/health HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhel");
    // Answered on another connection: by then the first is accepted, at least.
    assert_eq!(worker.get("/").status, 200);
    worker.signal(Signal::TERM);
    worker.wait_for_log("a second signal stops at once");
    worker.signal(Signal::TERM);
    let verdict = worker.verdict();
    assert_eq!(verdict.code, Some(0));
    assert!(verdict.out.starts_with("served "), "{verdict:?}");
}

#[test]
fn every_argument_has_an_environment_variable() {
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("config.json");
    let token = folder.path().join("token");
    std::fs::write(&config, CONFIGURATION).unwrap();
    std::fs::write(&token, "s3cret-token\n").unwrap();
    let worker = Command::new()
        .env("EXP_CONFIG", &config)
        .env("EXP_LISTEN", "127.0.0.1:0")
        .env("EXP_TRUST_FRONT_DOOR", "1")
        .env("EXP_LOCAL_TOKEN_FILE", &token)
        .env("EXP_ENVIRONMENT", "staging")
        .serve_as_told();
    assert!(worker.start_message.contains(config.to_str().unwrap()));
    assert_eq!(worker.get("/api/v1/run-time?for=api").status, 401);
    let mut client = worker.connect();
    client.send(
        "GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\nX-Exp-Local-Token: s3cret-token\r\n\
         X-MS-CLIENT-PRINCIPAL-ID: someone\r\n\r\n",
    );
    assert_eq!(client.answer().status, 200);
    let health = worker.get("/api/health").json();
    assert_eq!(health["environment"], "staging");
    assert_eq!(health["configResponsesByCaller"], serde_json::json!({"someone": 1}));
}

#[test]
fn the_shared_token_may_come_from_the_environment() {
    let worker = Command::new().env("EXP_LOCAL_TOKEN", "s3cret-token").serve();
    assert_eq!(worker.get("/api/v1/run-time?for=api").status, 401);
    assert_eq!(worker.get("/api/health").status, 200);
    assert!(!worker.start_message.contains("s3cret"));
    assert!(!worker.terminate().log.contains("s3cret"));
}

#[test]
fn a_shared_token_that_cannot_be_used_ends_the_start_with_code_2_and_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let empty = folder.path().join("empty");
    std::fs::write(&empty, "\n").unwrap();
    for (command, named) in [
        (Command::new().env("EXP_LOCAL_TOKEN", ""), "EXP_LOCAL_TOKEN"),
        (Command::new().env("EXP_LOCAL_TOKEN", "s3cret with blanks"), "EXP_LOCAL_TOKEN"),
        (Command::new().arg("--local-token-file").arg(&empty), "empty"),
        (Command::new().arg("--local-token-file").arg(folder.path().join("missing")), "missing"),
        (
            Command::new().arg("--local-token-file").arg(&empty).env("EXP_LOCAL_TOKEN", "s3cret"),
            "one of the two",
        ),
    ] {
        let verdict = command.verdict();
        assert_eq!((verdict.code, verdict.log.lines().count()), (Some(2), 1), "{verdict:?}");
        assert!(verdict.log.contains(named) && verdict.log.contains("remedy"), "{verdict:?}");
        assert!(!verdict.log.contains("s3cret"), "{verdict:?}");
    }
}

#[test]
fn wrong_usage_ends_with_code_2() {
    for arguments in [
        vec!["--nonsense"],
        vec!["stray"],
        vec!["--listen", "localhost:8080"],
        vec!["--listen", "127.0.0.1"],
        vec!["--listen", "127.0.0.1:99999"],
        vec!["--config"],
        vec!["--local-token", "x"],
    ] {
        let verdict = arguments.iter().fold(Command::new(), Command::arg).verdict();
        assert_eq!((verdict.code, verdict.out.as_str()), (Some(2), ""), "{arguments:?} {verdict:?}");
    }
    for (name, value) in [
        ("EXP_LISTEN", "nonsense"),
        ("EXP_TRUST_FRONT_DOOR", "perhaps"),
        ("EXP_CALLER_LABELS", "x"),
        ("EXP_LOCAL_TOKEN_FILE", ""),
        ("EXP_LOCAL_TOKEN_FILE", " "),
    ] {
        assert_eq!(Command::new().env(name, value).verdict().code, Some(2), "{name}");
    }
}

#[test]
fn a_bad_word_for_the_front_door_is_refused_with_the_accepted_words() {
    let verdict = Command::new().env("EXP_TRUST_FRONT_DOOR", "perhaps").verdict();
    assert_eq!(verdict.code, Some(2));
    assert!(verdict.log.contains("true, yes, on or 1, or else to false, no, off or 0"), "{verdict:?}");
}

#[test]
fn fences_that_there_are_not_end_the_start_with_code_2_and_the_accepted_words() {
    let verdict = Command::new().env("RUNTIME_METRICS_FENCES", "fast").verdict();
    assert_eq!(verdict.code, Some(2), "{verdict:?}");
    for text in ["RUNTIME_METRICS_FENCES", "\"fast\"", "`portable` or `asymmetric`"] {
        assert!(verdict.log.contains(text), "{verdict:?}");
    }
}

#[test]
fn a_variable_that_is_set_but_blank_counts_as_not_set() {
    const VARIABLES: [&str; 9] = [
        "EXP_LISTEN",
        "EXP_CONFIG",
        "EXP_TRUST_FRONT_DOOR",
        "EXP_ENVIRONMENT",
        "EXP_CALLER_LABELS",
        "EXP_DISCOVERY_DIR",
        "EXP_DISCOVERY_TARGET",
        "EXP_PUSHGATEWAY",
        "EXP_LOG",
    ];
    let blanks = ["", " ", "\t"].into_iter().cycle();
    let blank = || {
        VARIABLES
            .iter()
            .zip(blanks.clone())
            .fold(Command::new(), |command, (name, blank)| command.env(name, blank))
    };
    let worker = blank().serve();
    assert!(worker.start_message.contains("compiled-in sample"));
    let mut client = worker.connect();
    client.send(
        "GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\nX-MS-CLIENT-PRINCIPAL-ID: someone\r\n\r\n",
    );
    assert_eq!(client.answer().status, 200);
    let health = worker.get("/api/health").json();
    assert_eq!(health["environment"], "development");
    assert_eq!(health["configResponsesByCaller"], serde_json::json!({"local:api": 1}));

    let help = blank().arg("--help").verdict();
    for name in VARIABLES {
        assert!(help.out.contains(name), "{name}\n{}", help.out);
    }
}

#[test]
fn print_sample_prints_a_configuration_that_can_be_served_and_ends_with_code_0() {
    let verdict = Command::new().arg("--print-sample").verdict();
    assert_eq!((verdict.code, verdict.log.as_str()), (Some(0), ""));
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), verdict.out).unwrap();
    let worker = Command::new().arg("--config").arg(file.path()).serve();
    assert!(worker.start_message.contains("(2 targets, 20 keys)"), "{}", worker.start_message);
}

#[test]
fn an_address_in_use_ends_the_start_with_code_1_and_a_message_that_names_it() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    let verdict = Command::new().arg("--listen").arg(&address).verdict();
    assert_eq!((verdict.code, verdict.out.as_str()), (Some(1), ""));
    assert!(verdict.log.contains(&address) && verdict.log.contains("remedy"), "{verdict:?}");
}

#[test]
fn help_names_every_argument_and_variable_and_shows_no_value_of_the_environment() {
    let verdict =
        Command::new().arg("--help").env("EXP_LOCAL_TOKEN", "s3cret").env("EXP_CONFIG", "/s3cret").verdict();
    assert_eq!((verdict.code, verdict.log.as_str()), (Some(0), ""));
    for text in [
        "--config",
        "EXP_CONFIG",
        "--listen",
        "EXP_LISTEN",
        "--trust-front-door",
        "EXP_TRUST_FRONT_DOOR",
        "--allowed-host",
        "EXP_ALLOWED_HOSTS",
        "--local-token-file",
        "EXP_LOCAL_TOKEN",
        "--environment",
        "EXP_ENVIRONMENT",
        "--caller-labels",
        "EXP_CALLER_LABELS",
        "hashed",
        "--discovery-dir",
        "EXP_DISCOVERY_DIR",
        "--discovery-target",
        "EXP_DISCOVERY_TARGET",
        "--otlp",
        "--pushgateway",
        "EXP_PUSHGATEWAY",
        "--print-sample",
        "EXP_LOG",
        "OTEL_EXPORTER_OTLP_ENDPOINT [default: http://localhost:4318",
        "OTEL_EXPORTER_OTLP_PROTOCOL [default: http/protobuf]",
        "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE [default: cumulative]",
        "OTEL_EXPORTER_OTLP_TIMEOUT [default: 10000 ms]",
        "OTEL_METRIC_EXPORT_INTERVAL [default: 60000 ms]",
        "OTEL_METRIC_EXPORT_TIMEOUT [default: 30000 ms]",
        "SIGHUP",
        "--version",
    ] {
        assert!(verdict.out.contains(text), "{text}\n{}", verdict.out);
    }
    assert!(!verdict.out.contains("s3cret"), "{}", verdict.out);
}

#[test]
fn help_is_no_wider_than_the_terminal() {
    for columns in [80, 100] {
        let help = Command::new().arg("--help").env("COLUMNS", columns.to_string()).verdict();
        let wide: Vec<&str> = help.out.lines().filter(|line| line.chars().count() > columns).collect();
        assert!(help.code == Some(0) && wide.is_empty(), "{wide:#?}");
    }
}

#[test]
fn version_says_the_version() {
    let verdict = Command::new().arg("--version").verdict();
    assert_eq!((verdict.code, verdict.out.as_str()), (Some(0), "exp-worker 0.1.0\n"));
}

#[test]
fn a_log_filter_that_makes_no_sense_is_reported_and_does_not_stop_the_worker() {
    for nonsense in ["=,=", "infos", "banana"] {
        let worker = Command::new().env("EXP_LOG", nonsense).serve();
        assert_eq!(worker.get("/").status, 200);
        let verdict = worker.terminate();
        assert!(verdict.log.contains("EXP_LOG is not a log filter"), "{verdict:?}");
        assert!(verdict.log.contains("INFO"), "the log runs at its default: {verdict:?}");
    }
}

#[test]
fn nobody_reading_the_output_does_not_stop_the_worker() {
    // The pipe is closed with the summary still unwritten.
    let worker = Command::new().serve();
    assert_eq!(worker.get("/").status, 200);
    assert_eq!(worker.terminate_unread(), Some(0));
}
