//! Those who watch the worker.

use exp_worker::server::Ending;
use serde_json::Value;

use crate::harness::Worker;

/// How often a snapshot document says that a path was asked for.
fn count(document: &Value, path: &str) -> Option<u64> {
    let series = document["requests"]["series"].as_array().unwrap();
    series.iter().find(|series| series["path"] == path)?["count"].as_u64()
}

#[test]
fn the_live_page_and_what_it_reads_are_served_and_counted_as_any_request() {
    let worker = Worker::start();
    let page = worker.get("/live");
    assert_eq!(page.status, 200);
    assert!(page.header("content-type").unwrap().starts_with("text/html"), "{page:?}");
    assert!(page.header("x-request-id").is_some() && page.header("content-security-policy").is_some());
    let first = worker.get("/snapshot").json();
    assert_eq!((count(&first, "/live"), count(&first, "/snapshot")), (Some(1), Some(1)), "{first}");
    worker.get("/nowhere");
    let since = worker.get(&format!("/snapshot?since={}", first["sequence"])).json();
    assert_eq!((count(&since, "/live"), count(&since, "/nowhere")), (None, Some(1)), "{since}");
    assert_eq!(worker.get("/history").status, 200);
}

#[test]
fn a_viewer_is_sent_snapshots_and_does_not_hold_up_the_end() {
    let mut worker = Worker::start();
    let mut viewer = worker.connect();
    viewer.send("GET /events HTTP/1.1\r\nHost: test\r\n\r\n");
    let begun = viewer.read_until("event: snapshot\n");
    assert!(begun.starts_with("HTTP/1.1 200") && begun.contains("text/event-stream"), "{begun}");
    worker.stop.drain();
    assert!(viewer.read_until_closed().is_some());
    drop(viewer);
    assert_eq!(worker.ending(), Ending::Drained);
}
