//! How the server stops.

use std::net::TcpStream;
use std::time::{Duration, Instant};

use exp_worker::app::App;
use exp_worker::limits::Limits;
use exp_worker::server::{Ending, Server};
use exp_worker::stop::{Phase, Stop};
use runtime_metrics::Metrics;

use crate::harness::{Client, PATIENCE, Worker};

/// A worker that drains for longer than any test: it ends because it is done, not because time is up.
fn patient() -> Worker {
    Worker::builder()
        .limits(|limits| {
            limits.drain_timeout = 10 * PATIENCE;
            limits.header_read_timeout = 10 * PATIENCE;
        })
        .start()
}

/// A request that the worker has begun to answer, and cannot finish before its body has come.
fn in_flight(worker: &Worker) -> Client {
    let mut client = worker.connect();
    let before = worker.requests();
    client.send("GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\nContent-Length: 5\r\n\r\nhel");
    let end = Instant::now() + PATIENCE;
    while worker.requests() == before {
        assert!(Instant::now() < end, "the request does not reach the worker");
        std::thread::sleep(Duration::from_millis(2));
    }
    client
}

fn wait_until_nobody_listens(worker: &Worker) {
    let end = Instant::now() + PATIENCE;
    while TcpStream::connect(worker.address).is_ok() {
        assert!(Instant::now() < end, "still listening");
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn an_answer_in_flight_is_finished_before_the_server_ends() {
    let mut worker = patient();
    let mut client = in_flight(&worker);
    assert_eq!(worker.stop.drain(), Phase::Serving);
    wait_until_nobody_listens(&worker);
    client.send("lo");
    assert_eq!(client.answer().status, 200);
    assert_eq!(client.read_until_closed(), Some(Vec::new()));
    drop(client);
    assert_eq!(worker.ending(), Ending::Drained);
    assert_eq!(worker.deliveries(), 1);
}

#[test]
fn idle_and_silent_connections_do_not_hold_up_the_end() {
    let mut worker = patient();
    let mut silent = worker.connect();
    let mut kept_alive = worker.connect();
    assert_eq!(kept_alive.get("/").status, 200);
    worker.stop.drain();
    assert_eq!(kept_alive.read_until_closed(), Some(Vec::new()));
    assert!(silent.read_until_closed().is_some());
    assert_eq!(worker.ending(), Ending::Drained);
}

#[test]
fn a_request_that_was_on_its_way_when_the_stop_began_is_answered_and_is_the_last_of_its_connection() {
    let mut worker = Worker::builder()
        .limits(|limits| (limits.drain_timeout, limits.stop_idle_timeout) = (10 * PATIENCE, 10 * PATIENCE))
        .start();
    let (mut kept, mut silent) = (worker.connect(), worker.connect());
    assert_eq!(kept.get("/").header("connection"), None);
    worker.stop.drain();
    wait_until_nobody_listens(&worker);
    for client in [&mut kept, &mut silent] {
        let answer = client.get("/api/v1/run-time?for=api");
        assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
        assert_eq!(client.read_until_closed(), Some(Vec::new()));
    }
    drop((kept, silent));
    assert_eq!(worker.ending(), Ending::Drained);
    assert_eq!(worker.deliveries(), 2);
}

#[test]
fn connections_that_wait_when_the_stop_begins_are_served_though_there_are_more_than_places() {
    for max_connections in [512, 20] {
        let limits = Limits { max_connections, stop_idle_timeout: 10 * PATIENCE, ..Limits::default() };
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let app = App::builder(Metrics::new()).build().unwrap();
        let server =
            runtime.block_on(Server::bind("127.0.0.1:0".parse().unwrap(), app.clone(), limits)).unwrap();
        let waiting: Vec<Client> = (0..200)
            .map(|_| {
                let mut client = Client::connect(server.local_address());
                client.send("GET / HTTP/1.1\r\nHost: t\r\n\r\n");
                client
            })
            .collect();
        let stop = Stop::new();
        stop.drain();
        let ended = runtime.spawn(server.run(stop));
        for mut client in waiting {
            let answer = client.answer();
            assert_eq!((answer.status, answer.header("connection")), (200, Some("close")));
        }
        assert_eq!(runtime.block_on(ended).unwrap(), Ending::Drained);
        assert_eq!(app.metrics().snapshot().requests().total_requests(), 200);
    }
}

#[test]
fn an_answer_that_outlasts_the_drain_time_is_cut() {
    let mut worker = Worker::builder()
        .limits(|limits| {
            limits.drain_timeout = Duration::from_millis(200);
            limits.body_read_timeout = 10 * PATIENCE;
        })
        .start();
    let mut client = in_flight(&worker);
    worker.stop.drain();
    assert_eq!(worker.ending(), Ending::Cut { connections: 1 });
    assert_eq!(client.read_until_closed(), Some(Vec::new()));
    assert_eq!(worker.deliveries(), 0);
}

#[test]
fn a_second_stop_cuts_at_once() {
    let mut worker = Worker::builder()
        .limits(|limits| (limits.drain_timeout, limits.body_read_timeout) = (10 * PATIENCE, 10 * PATIENCE))
        .start();
    let _client = in_flight(&worker);
    assert_eq!(worker.stop.drain(), Phase::Serving);
    assert_eq!(worker.stop.cut(), Phase::Draining);
    assert!(matches!(worker.ending(), Ending::Cut { .. } | Ending::Drained));
}

#[test]
fn a_worker_at_its_cap_stops_all_the_same() {
    let mut worker = Worker::builder()
        .limits(|limits| (limits.max_connections, limits.drain_timeout) = (1, 10 * PATIENCE))
        .start();
    let mut only = worker.connect();
    assert_eq!(only.get("/").status, 200);
    worker.stop.drain();
    assert_eq!(worker.ending(), Ending::Drained);
}
