//! Nonsense of every kind: refused, counted as a request, never as a delivery, and the worker goes on.

use std::time::Duration;

use exp_worker::limits::MAX_HEADERS;

use crate::harness::{PATIENCE, Worker};

#[test]
fn an_unknown_route_is_answered_404() {
    let worker = Worker::start();
    for path in
        ["/nowhere", "/api", "/api/health/", "//", "/API/HEALTH", "/api/v1/run-time/", "/%", "/\u{7f}a"]
    {
        let answer = worker.ask(format!("GET {path} HTTP/1.1\r\nHost: t\r\n\r\n"));
        assert!(
            answer.status == 404 || (path.contains('\u{7f}') && answer.status == 400),
            "{path:?} {answer:?}"
        );
    }
    assert!(worker.get("/nowhere").error().contains("no such route"));
}

#[test]
fn a_wrong_method_is_answered_405_with_the_methods_that_are_allowed() {
    let worker = Worker::start();
    for path in [
        "/",
        "/api/health",
        "/api/ready",
        "/metrics",
        "/api/v1/run-time?for=api",
        "/api/v1/config?name=Db:Host",
    ] {
        for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
            let answer = worker.ask(format!("{method} {path} HTTP/1.1\r\nHost: t\r\n\r\n"));
            assert_eq!((answer.status, answer.header("allow")), (405, Some("GET, HEAD")), "{method} {path}");
            assert!(answer.error().contains("GET"));
        }
    }
    assert_eq!(worker.deliveries(), 0);
}

#[test]
fn odd_request_targets_are_answered() {
    let worker = Worker::start();
    let status = |line: &str| worker.ask(format!("{line} HTTP/1.1\r\nHost: t\r\n\r\n")).status;
    assert_eq!(status("GET http://elsewhere.example/api/health"), 200);
    assert!([400, 404, 405].contains(&status("OPTIONS *")));
    assert!([400, 404, 405].contains(&status("CONNECT example.com:80")));
    assert_eq!(worker.requests(), 3);
}

#[test]
fn a_malformed_query_is_answered_400_and_counts_no_delivery() {
    let worker = Worker::start();
    for query in [
        "",
        "?",
        "?FOR=api",
        "?target=api",
        "?for",
        "?for=",
        "?for=api&for=api",
        "?for=%",
        "?for=%zz",
        "?for=%ff",
        "?for=a%20b",
        "?for=a+b",
        "?for=a/b",
        "?for=%00",
        "?for=\u{e9}",
        "?for=%C3%A9",
        "?for=%E2%80%AEapi",
        "?for=%F0%9F%98%80",
        "?for=api%0d%0aX-Injected:%201",
        "?for=..%2f..%2fetc",
    ] {
        for route in ["/api/v1/run-time", "/api/v1/build-time"] {
            let answer = worker.get(&format!("{route}{query}"));
            assert_eq!(answer.status, 400, "{route}{query}");
            assert!(answer.header("x-injected").is_none());
            answer.error();
        }
        assert_eq!(
            worker.get(&format!("/api/v1/config{}", query.replace("for", "name"))).status,
            400,
            "{query}"
        );
    }
    let long = worker.get(&format!("/api/v1/run-time?for={}", "a".repeat(65)));
    assert_eq!(long.status, 400);
    assert!(long.error().contains("{1,64}"));
    assert_eq!(worker.deliveries(), 0);
}

#[test]
fn an_unknown_target_is_answered_400_and_counts_no_delivery() {
    let worker = Worker::start();
    for name in ["nobody", "API", "api.", &"a".repeat(64)] {
        let answer = worker.get(&format!("/api/v1/run-time?for={name}"));
        assert_eq!(answer.status, 400);
        assert!(answer.error().contains("unknown target") && answer.error().contains("Web-1, api, broken"));
    }
    assert_eq!(worker.deliveries(), 0);
}

#[test]
fn an_unknown_key_is_answered_400_and_counts_no_delivery() {
    let worker = Worker::start();
    // `Not:There` is listed as optional, and has no value.
    for name in ["Nothing", "db:host", "Not:There"] {
        let answer = worker.get(&format!("/api/v1/config?name={name}"));
        assert_eq!(answer.status, 400);
        assert!(answer.error().contains(&format!("unknown key {name}")));
    }
    assert_eq!(worker.deliveries(), 0);
}

#[test]
fn required_keys_without_a_value_are_answered_500_with_their_names_and_no_value_and_count_no_delivery() {
    let worker = Worker::start();
    let document = worker.get("/api/v1/build-time?for=broken");
    assert_eq!(document.status, 500);
    assert!(
        document.error().contains("lacks the required keys Lacking:Two, Lacking:One; add them"),
        "{document:?}"
    );
    assert!(!document.body.contains("Build:Channel") && !document.body.contains("HUSH"));
    let key = worker.get("/api/v1/config?name=Lacking:One");
    assert_eq!(key.status, 500);
    assert!(
        key.error().contains("lacks the required key Lacking:One; add it")
            && !key.error().contains("Lacking:Two")
    );
    assert_eq!(worker.get("/api/v1/run-time?for=broken").status, 200);
    assert_eq!(worker.deliveries(), 1);
}

#[test]
fn a_small_body_is_ignored_and_the_connection_goes_on() {
    let worker = Worker::start();
    let mut client = worker.connect();
    client.send("GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello");
    assert_eq!(client.answer().status, 200);
    client.send(
        "GET /api/health HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    );
    assert_eq!(client.answer().status, 200);
    client.send("POST /api/health HTTP/1.1\r\nHost: t\r\nContent-Length: 65536\r\n\r\n");
    client.send(vec![b'x'; 65_536]);
    assert_eq!(client.answer().status, 405);
    assert_eq!(client.get("/").status, 200);
}

#[test]
fn a_body_over_the_limit_is_answered_413_and_the_answer_arrives_while_it_is_still_being_sent() {
    let worker = Worker::start();
    for head in ["Content-Length: 5000000", "Transfer-Encoding: chunked"] {
        let mut client = worker.connect();
        client.send(format!("POST /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\n{head}\r\n\r\n"));
        for _ in 0..16 {
            let mut part = format!("{:x}\r\n", 64 * 1_024).into_bytes();
            part.extend_from_slice(&[b'x'; 64 * 1_024]);
            part.extend_from_slice(b"\r\n");
            if client.try_send(&part).is_err() {
                break;
            }
        }
        let answer = client.answer();
        assert_eq!((answer.status, answer.header("connection")), (413, Some("close")), "{head}");
        assert!(answer.error().contains("65536"));
    }
    assert_eq!((worker.requests(), worker.deliveries()), (2, 0));
}

#[test]
fn a_peer_that_is_refused_while_it_sends_is_read_from_for_a_while_and_not_reset() {
    let worker = Worker::builder().limits(|limits| limits.linger_timeout = PATIENCE).start();
    let mut client = worker.connect();
    client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5000000\r\n\r\n");
    assert_eq!(client.answer().status, 413);
    assert_eq!(client.read_until_closed(), Some(Vec::new()));
    // The worker has said all it will say. A reset would show at the second of these at the latest.
    for _ in 0..3 {
        client.send([b'x'; 64 * 1_024]);
        std::thread::sleep(Duration::from_millis(20));
    }
}

#[test]
fn a_body_that_drips_is_answered_408() {
    let worker =
        Worker::builder().limits(|limits| limits.body_read_timeout = Duration::from_millis(200)).start();
    let mut client = worker.connect();
    client.send("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 100\r\n\r\nx");
    let answer = client.answer();
    assert_eq!(answer.status, 408);
    answer.error();
    assert!(client.read_until_closed().is_some());
}

#[test]
fn a_body_that_is_malformed_is_answered_400() {
    let worker = Worker::start();
    let mut client = worker.connect();
    client.send("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n");
    assert_eq!(client.answer().status, 400);
    assert!(client.read_until_closed().is_some());
}

#[test]
fn a_long_uri_is_answered_414_and_big_headers_431_and_both_are_counted() {
    let worker = Worker::start();
    let uri = worker.get(&format!("/?{}", "x".repeat(8 * 1_024)));
    assert_eq!(uri.status, 414);
    assert!(uri.error().contains("8192"));
    let headers = worker.get_with("/", &format!("X-A: {0}\r\nX-B: {0}\r\n", "x".repeat(9_000)));
    assert_eq!(headers.status, 431);
    assert!(headers.error().contains("16384"));
    assert_eq!(worker.requests(), 2);
}

#[test]
fn a_head_beyond_every_bound_is_refused_and_the_worker_goes_on() {
    let worker = Worker::start();
    for head in [
        format!("GET /{} HTTP/1.1\r\n\r\n", "x".repeat(1_000_000)),
        format!("GET / HTTP/1.1\r\nX: {}\r\n\r\n", "x".repeat(1_000_000)),
        format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(2_000)),
    ] {
        let mut client = worker.connect();
        let _ = client.try_send(head);
        let answer = client.answer();
        assert!([414, 431].contains(&answer.status), "{answer:?}");
        assert!(client.read_until_closed().is_some());
    }
    assert_eq!(worker.requests(), 0);
    assert_eq!(worker.get("/api/health").json()["requestsServed"], 1);
}

#[test]
fn as_many_headers_as_may_be_are_answered_by_the_worker_itself_and_one_more_is_refused() {
    let worker = Worker::start();
    // One is `Host`.
    let within: String = (1..MAX_HEADERS).map(|i| format!("X-{i}: y\r\n")).collect();
    assert_eq!(worker.get_with("/", &within).status, 200);
    let big: String = (1..MAX_HEADERS).map(|i| format!("X-{i}: {}\r\n", "y".repeat(200))).collect();
    let answer = worker.get_with("/", &big);
    assert_eq!(answer.status, 431);
    assert!(answer.error().contains("16384"));
    assert_eq!(worker.requests(), 2);

    let mut client = worker.connect();
    client.send(format!("GET / HTTP/1.1\r\nHost: t\r\n{within}One: more\r\n\r\n"));
    let answer = client.answer();
    assert_eq!((answer.status, answer.header("x-request-id")), (431, None));
    assert!(client.read_until_closed().is_some());
    assert_eq!(worker.requests(), 2);
}

#[test]
fn a_request_without_one_host_header_is_answered_400_and_counted() {
    let worker = Worker::start();
    for request in [
        "GET / HTTP/1.1\r\n\r\n",
        "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
        "GET / HTTP/1.0\r\nHost: a\r\nHost: b\r\n\r\n",
        "GET http://elsewhere.example/api/health HTTP/1.1\r\n\r\n",
        "GET /api/v1/run-time?for=api HTTP/1.1\r\n\r\n",
    ] {
        let answer = worker.ask(request);
        assert_eq!(answer.status, 400, "{request}");
        assert!(answer.error().contains("Host"), "{answer:?}");
    }
    assert_eq!((worker.requests(), worker.deliveries()), (5, 0));
    for request in ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost:\r\n\r\n"] {
        assert_eq!(worker.ask(request).status, 200, "{request}");
    }
}

#[test]
fn a_target_without_a_path_is_counted_as_it_was_sent() {
    let worker = Worker::start();
    let ask = |line: &str| worker.ask(format!("{line} HTTP/1.1\r\nHost: t\r\n\r\n"));
    for line in ["CONNECT example.com:80", "GET example.com:80", "GET example.org", "OPTIONS *"] {
        let answer = ask(line);
        assert!([400, 404, 405].contains(&answer.status), "{line} {answer:?}");
    }
    let health = worker.get("/api/health").json();
    assert_eq!(
        health["requestsByPath"],
        serde_json::json!({"example.com:80": 2, "example.org": 1, "*": 1, "/api/health": 1})
    );
}

#[test]
fn bytes_that_are_no_request_are_refused_not_counted_and_the_worker_goes_on() {
    let worker = Worker::start();
    let nonsense: [&[u8]; 9] = [
        b"\r\n\r\n\r\n\r\nhello\r\n\r\n",
        b"GARBAGE\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET /\0 HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nBad Header: x\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"GET / HTTP/1.1\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
        b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    ];
    for bytes in nonsense {
        let mut client = worker.connect();
        client.send(bytes);
        let rest = client.read_until_closed().unwrap_or_else(|| panic!("still open: {bytes:?}"));
        assert!(rest.is_empty() || rest.starts_with(b"HTTP/1.1 4"), "{:?}", String::from_utf8_lossy(&rest));
    }
    assert_eq!(worker.requests(), 0);
    assert_eq!(worker.get("/api/health").json()["requestsServed"], 1);
}

#[test]
fn a_peer_that_leaves_at_any_point_harms_nobody() {
    let worker = Worker::start();
    let request = b"POST /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhello";
    for end in 0..request.len() {
        worker.connect().send(&request[..end]);
    }
    assert_eq!(worker.get("/api/v1/run-time?for=api").status, 200);
    assert_eq!(worker.deliveries(), 1);
}

#[test]
fn labels_of_any_kind_are_counted_as_given_and_come_out_as_sound_json_and_text() {
    let worker = Worker::builder().trusting_the_front_door().start();
    for path in ["/a\"b", "/a\\b", "/%00%0A", "/%E2%80%AE", "/{}", "/~'"] {
        assert_eq!(worker.get(path).status, 404, "{path}");
    }
    let caller = "X-MS-CLIENT-PRINCIPAL-ID: a\"b\\c \u{202e}\u{301}\u{1f600}\r\n";
    assert_eq!(worker.get_with("/api/v1/run-time?for=api", caller).status, 200);
    let health = worker.get("/api/health").json();
    for path in ["/a\"b", "/a\\b", "/%00%0A"] {
        assert_eq!(health["requestsByPath"][path], 1, "{path}");
    }
    assert_eq!(health["configResponsesByCaller"]["a\"b\\c \u{202e}\u{301}\u{1f600}"], 1);
    assert_eq!(health["requestsServed"], 8);
    let text = worker.get("/metrics").body;
    assert!(text.contains(r#"url_path="/a\"b""#) && text.contains(r#"url_path="/a\\b""#), "{text}");
    assert!(text.contains("caller=\"a\\\"b\\\\c \u{202e}\u{301}\u{1f600}\""), "{text}");
}
