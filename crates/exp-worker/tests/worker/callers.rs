//! Whom a delivery is counted for.

use crate::harness::Worker;

const PRINCIPAL: &str = "X-MS-CLIENT-PRINCIPAL-ID: Principal-7\r\n";

fn callers(worker: &Worker) -> Vec<(String, u64)> {
    worker.served().responses_by_caller().iter().map(|(label, count)| (label.to_owned(), count)).collect()
}

#[test]
fn the_principal_header_is_ignored_when_the_front_door_is_not_trusted() {
    let worker = Worker::start();
    worker.get_with("/api/v1/run-time?for=api", PRINCIPAL);
    worker.get_with("/api/v1/config?name=Db:Host", PRINCIPAL);
    assert_eq!(callers(&worker), [("local:*".to_owned(), 1), ("local:api".to_owned(), 1)]);
}

#[test]
fn the_principal_header_is_the_caller_when_the_front_door_is_trusted() {
    let worker = Worker::builder().trusting_the_front_door().start();
    worker.get_with("/api/v1/run-time?for=api", PRINCIPAL);
    worker.get_with("/api/v1/build-time?for=api", PRINCIPAL);
    worker.get_with("/api/v1/config?name=Db:Host", PRINCIPAL);
    assert_eq!(callers(&worker), [("principal-7".to_owned(), 3)]);
}

#[test]
fn a_request_without_a_principal_or_with_a_blank_one_counts_for_the_local_caller() {
    let worker = Worker::builder().trusting_the_front_door().start();
    worker.get("/api/v1/run-time?for=api");
    worker.get_with("/api/v1/run-time?for=api", "X-MS-CLIENT-PRINCIPAL-ID:\r\n");
    worker.get_with("/api/v1/run-time?for=api", "X-MS-CLIENT-PRINCIPAL-ID: \t \r\n");
    assert_eq!(callers(&worker), [("local:api".to_owned(), 3)]);
}

#[test]
fn of_two_principals_the_last_counts() {
    let worker = Worker::builder().trusting_the_front_door().start();
    worker.get_with(
        "/api/v1/run-time?for=api",
        "X-MS-CLIENT-PRINCIPAL-ID: forged\r\nX-MS-CLIENT-PRINCIPAL-ID: real\r\n",
    );
    assert_eq!(callers(&worker), [("real".to_owned(), 1)]);
}

#[test]
fn a_principal_that_is_long_or_not_utf_8_is_counted_all_the_same() {
    let worker = Worker::builder().trusting_the_front_door().start();
    let mut request =
        b"GET /api/v1/run-time?for=api HTTP/1.1\r\nHost: t\r\nX-MS-CLIENT-PRINCIPAL-ID: ".to_vec();
    request.extend_from_slice(b"caf\xe9\r\n\r\n");
    assert_eq!(worker.ask(request).status, 200);
    let long = format!("X-MS-CLIENT-PRINCIPAL-ID: {}\r\n", "p".repeat(5_000));
    assert_eq!(worker.get_with("/api/v1/run-time?for=api", &long).status, 200);
    let served = worker.served();
    assert_eq!((served.responses_total(), served.responses_by_caller().total()), (2, 2));
    assert_eq!(served.responses_by_caller().get("caf\u{fffd}"), Some(1));
}
