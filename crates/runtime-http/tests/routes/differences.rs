//! `GET /snapshot?since=SEQUENCE`.

use std::time::Duration;

use axum::Router;
use axum::body::Body;
use http::Request;
use runtime_metrics::Metrics;
use serde_json::{Value, json};
use tokio::time::{Instant, sleep};
use tower::ServiceExt as _;

use crate::harness::{Service, ask, routes};

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

/// The number of a whole snapshot that is handed out.
async fn handed_out(app: &Router) -> Value {
    ask(app, "/snapshot").await.json()["sequence"].clone()
}

/// A viewer, to whom snapshots are handed out as long as it is there.
async fn viewer(app: &Router) -> Body {
    let request = Request::get("/events").body(Body::empty()).unwrap();
    app.clone().oneshot(request).await.unwrap().into_body()
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_is_kept_for_half_a_minute_however_many_ask_and_not_for_ever() {
    let app: Router = routes(&Metrics::new()).build().unwrap().router();
    let (base, begun, _viewer) = (handed_out(&app).await, Instant::now(), viewer(&app).await);
    while ask(&app, &format!("/snapshot?since={base}")).await.status == 200 {
        handed_out(&app).await;
    }
    let kept = begun.elapsed();
    assert!((30..60).contains(&kept.as_secs()), "{kept:?}");
}

#[tokio::test(start_paused = true)]
async fn two_who_ask_in_turn_for_what_was_counted_since_their_last_answer_miss_nothing() {
    let metrics = Metrics::new();
    let app: Router = routes(&metrics).build().unwrap().router();
    let base = handed_out(&app).await;
    let mut observers = [(base.clone(), 0), (base, 0)];
    for round in 1..=200 {
        metrics.record_request("/a");
        let (since, counted) = &mut observers[round % 3 % 2]; // one asks twice as often
        let difference = ask(&app, &format!("/snapshot?since={since}")).await;
        assert_eq!(difference.status, 200, "{round}: {}", difference.text());
        let difference = difference.json();
        *counted += difference["requests"]["total"].as_u64().unwrap();
        *since = difference["sequence"].clone();
    }
    for (since, counted) in observers {
        let rest = ask(&app, &format!("/snapshot?since={since}")).await.json();
        assert_eq!(counted + rest["requests"]["total"].as_u64().unwrap(), 200);
    }
}

#[tokio::test(start_paused = true)]
async fn a_snapshot_that_is_handed_out_again_can_be_asked_for_whatever_was_handed_out_in_between() {
    let metrics = Metrics::new();
    let options = routes(&metrics).maximum_age(Duration::from_secs(3_600)).recent_snapshots(3);
    let app: Router = options.build().unwrap().router();
    drop(metrics.snapshot()); // not the beginning of the window, which needs no base
    let first = handed_out(&app).await;
    let watching = viewer(&app).await;
    for _ in 0..6 {
        drop(metrics.snapshot()); // what is sampled next
        sleep(Duration::from_secs(1)).await;
    }
    drop(watching);
    assert_eq!(ask(&app, &format!("/snapshot?since={first}")).await.status, 410);
    assert_eq!(handed_out(&app).await, first);
    assert_eq!(ask(&app, &format!("/snapshot?since={first}")).await.status, 200);
}

#[tokio::test(start_paused = true)]
async fn after_a_reset_nothing_of_the_window_before_is_handed_out_and_whoever_has_some_of_it_goes_on() {
    let metrics = Metrics::new();
    let options = routes(&metrics).maximum_age(Duration::from_secs(3_600)).recent_snapshots(1);
    let app: Router = options.build().unwrap().router();
    metrics.record_request("/before");
    let first = handed_out(&app).await;
    let reset = metrics.reset().sequence();
    metrics.record_request("/after");
    let whole = ask(&app, "/snapshot").await.json();
    assert_eq!((&whole["window"]["openedBy"], &whole["requests"]["total"]), (&reset.into(), &1.into()));
    for since in [first, 0.into(), reset.into()] {
        let difference = ask(&app, &format!("/snapshot?since={since}")).await.json();
        assert_eq!(difference["since"]["sequence"], reset);
        assert_eq!(difference["requests"]["total"], 1);
    }
}
