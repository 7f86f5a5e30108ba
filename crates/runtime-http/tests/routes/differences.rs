//! `GET /snapshot?since=SEQUENCE`.

use serde_json::json;

use crate::harness::Service;

#[tokio::test]
async fn a_difference_has_exactly_what_was_counted_since() {
    let service = Service::start().await;
    service.metrics.record_request("/before");
    let since = service.json("/snapshot").await["sequence"].clone();
    service.metrics.record_request("/a");
    service.metrics.record_request("/a");
    service.metrics.record_config_delivery("config", "api", &["A", "B"], "local:api");

    let difference = service.json(&format!("/snapshot?since={since}")).await;
    assert_eq!(difference["since"]["sequence"], since);
    assert_eq!(
        difference["requests"]["series"],
        json!([{"route": "/a", "count": 2}, {"route": "/snapshot", "count": 1}])
    );
    assert_eq!(
        (&difference["requests"]["total"], &difference["deliveries"]["valuesTotal"]),
        (&3.into(), &2.into())
    );

    let next = service.json(&format!("/snapshot?since={}", difference["sequence"])).await;
    assert_eq!(next["requests"]["series"], json!([{"route": "/snapshot", "count": 1}]));
}

#[tokio::test]
async fn a_difference_over_a_reset_is_what_was_counted_since_the_reset_and_says_so() {
    let service = Service::start().await;
    service.metrics.record_request("/before");
    let since = service.json("/snapshot").await["sequence"].clone();
    service.metrics.record_request("/before");
    let reset = service.metrics.reset().sequence();
    service.metrics.record_request("/after");

    for asked in [since, reset.into()] {
        let difference = service.json(&format!("/snapshot?since={asked}")).await;
        assert_eq!(difference["since"]["sequence"], reset);
        assert_eq!(difference["window"]["openedBy"], reset);
        assert_eq!(difference["requests"]["series"][0], json!({"route": "/after", "count": 1}));
    }
}

#[tokio::test]
async fn a_snapshot_that_is_not_kept_or_was_not_taken_or_is_of_another_life_is_said_to_be_so() {
    let service = Service::with(|routes| routes.recent_snapshots(1)).await;
    let first = service.json("/snapshot").await["sequence"].clone();
    let second = service.json("/snapshot").await;
    let (sequence, instance) = (&second["sequence"], second["process"]["instanceId"].as_str().unwrap());

    let gone = service.get(&format!("/snapshot?since={first}")).await;
    assert_eq!(gone.status, 410);
    assert!(gone.error().contains("is not kept any more; remedy: "));
    let future = service.get("/snapshot?since=1000000").await;
    assert_eq!(future.status, 404);
    assert!(future.error().contains("no snapshot 1000000 was taken"));
    let other = "018f4c9e-6f0a-7000-8000-00000000002a";
    let other = service.get(&format!("/snapshot?since={sequence}&instance={other}")).await;
    assert_eq!(other.status, 410);
    assert!(other.error().contains("of another process life"));
    let malformed = service.get("/snapshot?since=yesterday").await;
    assert_eq!(malformed.status, 400);
    assert!(malformed.error().contains("remedy: "));

    // An answer that is an error takes nobody's place.
    let kept = service.get(&format!("/snapshot?since={sequence}&instance={instance}")).await;
    assert_eq!(kept.status, 200);
}
