//! The headers that answers carry, whatever the answer.

use crate::harness::{Answer, Worker};

/// One request for every kind of answer.
fn every_kind(worker: &Worker) -> Vec<(u16, Answer)> {
    let line = |line: &str| worker.ask(format!("{line} HTTP/1.1\r\nHost: t\r\n\r\n"));
    vec![
        (200, line("GET /")),
        (200, line("GET /api/health")),
        (200, line("GET /api/ready")),
        (200, line("GET /metrics")),
        (200, line("GET /api/v1/run-time?for=api")),
        (200, line("GET /api/v1/build-time?for=api")),
        (200, line("GET /api/v1/config?name=Db:Host")),
        (400, line("GET /api/v1/run-time")),
        (400, line("GET /api/v1/run-time?for=%")),
        (403, worker.get_with("/api/v1/run-time?for=api", "X-Exp-Target: other\r\n")),
        (404, line("GET /nowhere")),
        (404, line("GET /api/v1/nowhere")),
        (405, line("DELETE /api/health")),
        (405, line("POST /api/v1/run-time?for=api")),
        (413, worker.ask("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 9999999\r\n\r\n")),
        (414, line(&format!("GET /{}", "x".repeat(9_000)))),
        (431, worker.get_with("/", &format!("X-Long: {}\r\n", "x".repeat(20_000)))),
        (500, line("GET /api/v1/build-time?for=broken")),
    ]
}

#[test]
fn every_answer_carries_a_request_id_and_nosniff_and_every_refusal_is_json_with_an_error() {
    let worker = Worker::start();
    for (status, answer) in every_kind(&worker) {
        assert_eq!(answer.status, status, "{answer:?}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{answer:?}");
        let id = answer.header("x-request-id").unwrap_or_else(|| panic!("{answer:?}"));
        assert_eq!((id.len(), id.matches('-').count()), (36, 4), "{answer:?}");
        if status != 200 {
            assert!(answer.error().len() > 20, "{answer:?}");
        }
    }
}

#[test]
fn every_answer_of_a_configuration_route_forbids_storing_it() {
    let worker = Worker::builder().token("s3cret").start();
    for (status, request) in [
        (200, "GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\nX-Exp-Local-Token: s3cret\r\n\r\n"),
        (200, "GET /api/v1/config?name=Db:Host HTTP/1.1\r\nHost: t\r\nX-Exp-Local-Token: s3cret\r\n\r\n"),
        (400, "GET /api/v1/build-time HTTP/1.1\r\nHost: t\r\nX-Exp-Local-Token: s3cret\r\n\r\n"),
        (401, "GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\n\r\n"),
        (405, "PUT /api/v1/config?name=Db:Host HTTP/1.1\r\nHost: t\r\n\r\n"),
    ] {
        let answer = worker.ask(request);
        assert_eq!((answer.status, answer.header("cache-control")), (status, Some("no-store")));
    }
}

#[test]
fn a_sane_request_id_of_the_caller_is_kept() {
    let worker = Worker::start();
    for id in ["abc-123", "!~{}\"", &"x".repeat(128)] {
        for path in ["/", "/nowhere", "/api/v1/run-time?for=api"] {
            let answer = worker.get_with(path, &format!("X-Request-Id: {id}\r\n"));
            assert_eq!(answer.header("x-request-id"), Some(id));
        }
    }
}

#[test]
fn a_request_id_that_is_not_sane_is_replaced_by_a_new_one() {
    let worker = Worker::start();
    for id in ["", "a b", "caf\u{e9}", "a\tb", &"x".repeat(129)] {
        let answer = worker.get_with("/", &format!("X-Request-Id: {id}\r\n"));
        let new = answer.header("x-request-id").unwrap();
        assert!(new != id && new.len() == 36, "{id:?} -> {new:?}");
    }
}

#[test]
fn two_requests_without_an_id_get_two_ids() {
    let worker = Worker::start();
    let mut client = worker.connect();
    let first = client.get("/").header("x-request-id").unwrap().to_owned();
    assert_ne!(client.get("/").header("x-request-id"), Some(first.as_str()));
}
