//! Connections: kept alive, pipelined, bounded in time and in number.

use std::io::Cursor;
use std::time::{Duration, Instant};

use exp_worker::app::App;
use exp_worker::limits::Limits;
use exp_worker::router::service;
use exp_worker::server::{Terms, serve_connection};
use exp_worker::stop::Stop;
use runtime_metrics::Metrics;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, duplex};

use crate::harness::{Answer, Client, PATIENCE, Worker};

const SHORT: Duration = Duration::from_millis(200);

fn impatient() -> Worker {
    Worker::builder().limits(|limits| limits.header_read_timeout = SHORT).start()
}

#[test]
fn a_connection_serves_many_requests() {
    let worker = Worker::start();
    let mut client = worker.connect();
    for _ in 0..100 {
        assert_eq!(client.get("/api/v1/run-time?for=api").status, 200);
    }
    assert_eq!((worker.requests(), worker.deliveries()), (100, 100));
}

#[test]
fn pipelined_requests_are_answered_in_order() {
    let worker = Worker::start();
    let mut client = worker.connect();
    let mut requests = String::new();
    for i in 0..50 {
        requests.push_str(&format!("GET /?{i} HTTP/1.1\r\nHost: t\r\nX-Request-Id: {i}\r\n\r\n"));
        requests.push_str(&format!(
            "GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\nContent-Length: 1\r\nX-Request-Id: d{i}\r\n\r\nx"
        ));
    }
    client.send(requests);
    for i in 0..50 {
        assert_eq!(client.answer().header("x-request-id"), Some(i.to_string().as_str()));
        assert_eq!(client.answer().header("x-request-id"), Some(format!("d{i}").as_str()));
    }
    assert_eq!((worker.requests(), worker.deliveries()), (100, 50));
}

#[test]
fn http_1_0_and_connection_close_are_answered_and_closed() {
    let worker = Worker::start();
    for request in ["GET / HTTP/1.0\r\n\r\n", "GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n"] {
        let mut client = worker.connect();
        client.send(request);
        assert_eq!(client.answer().status, 200);
        assert_eq!(client.read_until_closed(), Some(Vec::new()));
    }
}

#[test]
fn a_connection_that_never_says_a_word_is_closed() {
    assert_eq!(impatient().connect().read_until_closed(), Some(Vec::new()));
}

#[test]
fn a_kept_alive_connection_that_falls_idle_is_closed() {
    let worker = impatient();
    let mut client = worker.connect();
    for _ in 0..3 {
        assert_eq!(client.get("/").status, 200);
    }
    assert_eq!(client.read_until_closed(), Some(Vec::new()));
}

#[test]
fn a_connection_whose_head_drips_is_closed_and_not_counted() {
    let worker = impatient();
    let mut client = worker.connect();
    client.send("GET /api/health HTTP/1.1\r\n");
    let begun = Instant::now();
    while client.try_send("X: y\r\n").is_ok() && begun.elapsed() < PATIENCE {
        std::thread::sleep(SHORT / 10);
    }
    assert!(begun.elapsed() < PATIENCE);
    assert_eq!(worker.requests(), 0);
}

#[test]
fn a_connection_that_asks_and_never_reads_is_closed() {
    let worker = Worker::builder().limits(|limits| limits.write_stall_timeout = SHORT).start();
    let mut client = worker.connect();
    let request = "GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\n\r\n".repeat(200);
    let begun = Instant::now();
    // Sooner or later the answers fill every buffer; then the worker stops reading, and then it must give up.
    while client.try_send(&request).is_ok() && begun.elapsed() < PATIENCE {}
    assert!(begun.elapsed() < PATIENCE);
    assert_eq!(worker.get("/").status, 200);
}

/// Two places, and no timeout that gives one back.
fn crowded() -> Worker {
    Worker::builder()
        .limits(|limits| {
            limits.max_connections = 2;
            limits.header_read_timeout = 10 * PATIENCE;
            limits.body_read_timeout = 10 * PATIENCE;
            limits.crowded_first_request_timeout = SHORT;
        })
        .start()
}

/// Asks for a document, and has yet to send the end of the request's body.
fn in_use(worker: &Worker) -> Client {
    let mut client = worker.connect();
    client.send("GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\nContent-Length: 2\r\n\r\nh");
    client
}

#[test]
fn a_connection_beyond_the_cap_waits_until_one_in_use_has_its_answer_which_then_ends() {
    let worker = crowded();
    let mut busy = [in_use(&worker), in_use(&worker)];
    let mut newcomer = worker.connect();
    newcomer.send("GET /api/health HTTP/1.1\r\nHost: t\r\n\r\n");
    assert!(newcomer.is_silent_for(2 * SHORT));
    busy[0].send("i");
    assert_eq!(busy[0].answer().status, 200);
    assert_eq!(busy[0].read_until_closed(), Some(Vec::new()));
    let health = newcomer.answer().json();
    assert_eq!((&health["requestsServed"], &health["configResponsesServed"]), (&json!(3), &json!(1)));
    busy[1].send("i");
    assert_eq!(busy[1].answer().status, 200);
}

#[test]
fn an_idle_connection_makes_room_for_one_beyond_the_cap_but_not_for_nobody() {
    let worker = crowded();
    let mut idle = worker.connect();
    assert_eq!(idle.get("/").status, 200);
    let mut busy = in_use(&worker);
    assert!(idle.is_silent_for(2 * SHORT));
    assert_eq!(worker.get("/").status, 200);
    assert_eq!(idle.read_until_closed(), Some(Vec::new()));
    busy.send("i");
    assert_eq!(busy.answer().status, 200);
}

#[test]
fn connections_that_ask_for_nothing_make_room_whether_they_are_silent_or_drip() {
    let worker = crowded();
    let mut silent = worker.connect();
    let mut dripping = worker.connect();
    dripping.send("GET / HTTP/1.1\r\nHo");
    for _ in 0..3 {
        assert_eq!(worker.get("/").status, 200);
    }
    let _newcomers = [in_use(&worker), in_use(&worker)];
    assert!(silent.read_until_closed().is_some());
    assert!(dripping.read_until_closed().is_some());
}

#[test]
fn peers_that_read_their_answers_too_slowly_make_room() {
    let worker = Worker::builder()
        .limits(|limits| {
            limits.max_connections = 2;
            limits.crowded_answer_timeout = SHORT;
            limits.header_read_timeout = 10 * PATIENCE;
            limits.write_stall_timeout = 10 * PATIENCE;
        })
        .start();
    for i in 0..9_000 {
        worker.app.metrics().record_request(&format!("/{i:0>1000}"));
    }
    let mut slow = [worker.connect(), worker.connect()];
    for client in &mut slow {
        client.send("GET /api/health HTTP/1.1\r\nHost: t\r\n\r\n");
        client.read_until("\r\n");
    }
    assert_eq!(worker.get("/").status, 200);
    let whole = |client: &mut Client| client.read_until_closed().unwrap().ends_with(b"}\n");
    assert!(!slow.iter_mut().all(whole), "none was cut");
}

#[test]
fn a_large_answer_is_whole_when_it_is_read_late_and_ends_its_connection() {
    let worker = Worker::start();
    for i in 0..9_000 {
        worker.app.metrics().record_request(&format!("/{i:0>1000}"));
    }
    let mut client = worker.connect();
    client.send("GET /api/health HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n");
    // Long enough for the worker to fill every buffer between the two.
    std::thread::sleep(SHORT);
    let answer = client.answer();
    assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
    assert!(answer.body.len() > 9_000_000);
    assert_eq!(answer.json()["requestsServed"], 9_001);
    assert_eq!(client.read_until_closed(), Some(Vec::new()));
}

/// What a peer receives that sends these bytes, and takes what comes back a few bytes at a time.
fn heard_slowly(request: &[u8]) -> Vec<u8> {
    let app = App::builder(Metrics::new()).build().unwrap();
    let limits = Limits { linger_timeout: SHORT, ..Limits::default() };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    runtime.block_on(async {
        let (mut near, far) = duplex(16);
        let mut heard = Vec::new();
        let (service, terms) = (service(app, &limits), Terms::new(limits, Stop::new()));
        let served = serve_connection(far, service, &terms);
        let asked = async {
            near.write_all(request).await.unwrap();
            near.read_to_end(&mut heard).await.unwrap();
        };
        tokio::join!(served, asked);
        heard
    })
}

#[test]
fn the_answer_that_ends_a_connection_is_whole_however_slowly_it_is_read() {
    for (request, status) in [
        ("GET / HTTP/1.1\r\nHost: t\r\nConnection: close\r\n\r\n", 200),
        ("POST / HTTP/1.1\r\nHost: t\r\nTransfer-Encoding: chunked\r\n\r\nnonsense\r\n", 400),
        ("POST / HTTP/1.1\r\nHost: t\r\nContent-Length: 5000000\r\n\r\n", 413),
        ("GARBAGE\r\n\r\n", 400),
    ] {
        let heard = heard_slowly(request.as_bytes());
        let mut rest = Cursor::new(&heard);
        let answer = Answer::read(&mut rest, true).unwrap();
        assert_eq!(answer.status, status, "{request}");
        assert_eq!(rest.position(), heard.len() as u64, "{request}");
        assert!(answer.header("date").is_some_and(|date| date.ends_with(" GMT")), "{request}: {answer:?}");
    }
}

#[test]
fn a_request_that_is_refused_before_its_body_is_read_ends_its_connection() {
    let long = format!("GET /?{} HTTP/1.1\r\nHost: t\r\n", "x".repeat(8 * 1_024));
    let big = format!("GET / HTTP/1.1\r\nHost: t\r\nX: {}\r\n", "x".repeat(17_000));
    for (head, status) in [("GET / HTTP/1.1\r\n", 400), (long.as_str(), 414), (big.as_str(), 431)] {
        for expectation in ["", "Expect: 100-continue\r\n"] {
            let request = format!("{head}{expectation}Content-Length: 3\r\n\r\nabcGARBAGE\r\n\r\n");
            let heard = heard_slowly(request.as_bytes());
            let mut rest = Cursor::new(&heard);
            let answer = Answer::read(&mut rest, true).unwrap();
            assert_eq!((answer.status, answer.header("connection")), (status, Some("close")), "{head}");
            answer.error();
            assert_eq!(rest.position(), heard.len() as u64, "{head}");
        }
    }
}
