//! `GET /events`.

use http::{Method, Response};
use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use runtime_http::Routes;
use runtime_metrics::Metrics;
use serde_json::Value;
use tokio::time::timeout;

use crate::harness::{LONG, Service, routes};

/// A viewer that reads event by event.
struct Viewer {
    response: Response<Incoming>,
    read: String,
}

struct Event {
    id: String,
    document: Value,
}

impl Event {
    fn sequence(&self) -> u64 {
        self.document["sequence"].as_u64().unwrap()
    }
}

impl Viewer {
    async fn open(service: &Service, path: &str, headers: &[(&str, &str)]) -> Self {
        let response = service.begin(Method::GET, path, headers).await;
        assert_eq!(response.status(), 200);
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        assert_eq!(response.headers()["cache-control"], "no-store");
        Self { response, read: String::new() }
    }

    /// The next block of lines; none at the end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.read.split_once("\n\n") {
                let block = block.to_owned();
                self.read = rest.to_owned();
                return Some(block);
            }
            let frame = timeout(LONG, self.response.body_mut().frame()).await.unwrap()?.unwrap();
            self.read.push_str(std::str::from_utf8(&frame.into_data().unwrap()).unwrap());
        }
    }

    async fn event(&mut self) -> Event {
        loop {
            let block = self.block().await.expect("the stream goes on");
            let Some(event) = block.strip_prefix("id: ") else { continue };
            let (id, rest) = event.split_once("\nevent: snapshot\ndata: ").unwrap();
            return Event { id: id.to_owned(), document: serde_json::from_str(rest).unwrap() };
        }
    }
}

#[tokio::test]
async fn viewers_get_the_same_snapshots_one_after_the_other() {
    let service = Service::start().await;
    let mut one = Viewer::open(&service, "/events", &[]).await;
    assert_eq!(one.block().await.unwrap(), "retry: 2000");
    let mut other = Viewer::open(&service, "/events", &[]).await;
    let first = one.event().await;
    // Whoever is behind reads on, until both have the same one: on a busy machine each may miss some.
    let (mut second, mut also_second) = (one.event().await, other.event().await);
    while second.sequence() != also_second.sequence() {
        if second.sequence() < also_second.sequence() {
            second = one.event().await;
        } else {
            also_second = other.event().await;
        }
    }
    assert_eq!((&second.id, &second.document), (&also_second.id, &also_second.document));
    assert!(first.sequence() < second.sequence());
    let instance = second.document["process"]["instanceId"].as_str().unwrap();
    assert_eq!(second.id, format!("{instance}.{}", second.sequence()));

    let difference = service.json(&format!("/snapshot?since={}", second.sequence())).await;
    assert_eq!(difference["since"]["sequence"], second.sequence());
}

// How far apart snapshots are is shown by the tests of the viewer.
#[tokio::test]
async fn a_viewer_says_how_many_seconds_apart_snapshots_are_to_be_within_limits() {
    let service = Service::start().await;
    let mut viewer = Viewer::open(&service, "/events?interval=2", &[]).await;
    let (first, second) = (viewer.event().await, viewer.event().await);
    assert!(first.sequence() < second.sequence());

    for interval in ["0", "61", "soon"] {
        let refused = service.get(&format!("/events?interval={interval}")).await;
        assert_eq!(refused.status, 400);
        assert!(refused.error().contains("remedy: "));
    }
}

#[tokio::test]
async fn a_viewer_that_comes_back_is_not_sent_what_it_has_seen() {
    let service = Service::start().await;
    let mut viewer = Viewer::open(&service, "/events", &[]).await;
    let seen = viewer.event().await;
    let mut back = Viewer::open(&service, "/events", &[("last-event-id", &seen.id)]).await;
    assert_ne!(back.event().await.id, seen.id);
}

#[tokio::test]
async fn past_the_cap_a_viewer_is_told_to_come_later_and_a_place_is_given_back() {
    let service = Service::with(|routes| routes.max_viewers(1)).await;
    let viewer = Viewer::open(&service, "/events", &[]).await;
    let refused = service.get("/events").await;
    assert_eq!((refused.status.as_u16(), refused.header("retry-after")), (503, Some("5")));
    assert!(refused.error().contains("there are 1 viewers already; remedy: "));
    assert_eq!(service.ask(Method::HEAD, "/events", &[]).await.status, 200);

    drop(viewer);
    let free = async {
        while service.begin(Method::GET, "/events", &[]).await.status() != 200 {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    timeout(LONG, free).await.unwrap();
}

#[tokio::test]
async fn closing_the_routes_ends_every_stream_and_no_other_answer() {
    let metrics = Metrics::new();
    let routes: Routes = routes(&metrics).build().unwrap();
    let service = Service::of(metrics, &routes).await;
    let mut viewer = Viewer::open(&service, "/events", &[]).await;
    viewer.event().await;
    routes.close();
    while let Some(block) = viewer.block().await {
        assert!(block.starts_with("id: ") || block == ":", "{block}");
    }
    assert_eq!(service.get("/events").await.status, 503);
    assert_eq!(service.get("/metrics").await.status, 200);
}

#[tokio::test]
async fn a_viewer_that_does_not_read_holds_up_nobody_and_then_finds_the_latest() {
    let service = Service::start().await;
    // Documents that fill every buffer on the way in a few seconds.
    for path in 0..5_000 {
        service.metrics.record_request(&format!("/{path:0>900}"));
    }
    let mut idle = Viewer::open(&service, "/events", &[]).await;
    let mut busy = Viewer::open(&service, "/events", &[]).await;
    for _ in 0..6 {
        busy.event().await;
    }
    let mut sequences = vec![idle.event().await.sequence()];
    let latest = busy.event().await.sequence();
    while *sequences.last().unwrap() < latest {
        sequences.push(idle.event().await.sequence());
    }
    assert!(sequences.is_sorted_by(|one, other| one < other));
    assert!(sequences.len() < 7, "some were left out: {sequences:?}");
}
