//! What the routes answer.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, UNIX_EPOCH};

use axum::Router;
use http::Method;
use runtime_exposition::CallerLabels;
use runtime_exposition::health::{Readiness, WorkerState};
#[cfg(feature = "push")]
use runtime_exposition::push::PushStatistics;
use runtime_http::Routes;
use runtime_metrics::Metrics;

use crate::harness::{Service, ask, exposition, routes};

const ROUTES: [&str; 5] = ["/metrics", "/api/health", "/api/ready", "/snapshot", "/history"];

#[tokio::test]
async fn the_first_health_document_of_a_fresh_service_counts_the_request_that_asks_for_it() {
    let service = Service::with(|routes| routes.maximum_age(Duration::from_secs(60))).await;
    for asked in 1..=3 {
        let health = service.json("/api/health").await;
        assert_eq!(health["requestsServed"], asked);
        assert_eq!(health["requestsByPath"]["/api/health"], asked);
    }
}

#[tokio::test]
async fn a_page_is_in_the_format_that_the_scraper_likes_and_holds_its_own_scrape() {
    let service = Service::start().await;
    let plain = service.get("/metrics").await;
    assert_eq!(plain.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
    assert_eq!(plain.header("vary"), Some("accept, accept-encoding"));
    assert!(plain.text().contains("runtime_http_requests_total{http_route=\"/metrics\"} 1\n"));
    assert!(plain.text().contains("\nprocess_cpu_seconds_total "));

    let open = service.ask(Method::GET, "/metrics", &[("accept", "application/openmetrics-text")]).await;
    assert_eq!(
        open.header("content-type"),
        Some("application/openmetrics-text; version=1.0.0; charset=utf-8")
    );
    assert!(open.text().contains("runtime_http_requests_total{http_route=\"/metrics\"} 2\n"));
    assert!(open.text().ends_with("# EOF\n"));
}

#[tokio::test]
async fn every_document_is_compressed_if_asked_for_and_is_never_stored() {
    let service = Service::start().await;
    for route in ROUTES {
        let plain = service.get(route).await;
        assert_eq!(plain.status, 200);
        assert_eq!(plain.header("cache-control"), Some("no-store"));
        assert!(plain.header("vary").unwrap().contains("accept-encoding"));
        assert_eq!(plain.header("content-encoding"), None);

        let gzip = service.ask(Method::GET, route, &[("accept-encoding", "gzip")]).await;
        assert_eq!(gzip.header("content-encoding"), Some("gzip"));
        let zstd = service.ask(Method::GET, route, &[("accept-encoding", "gzip, zstd")]).await;
        assert_eq!(zstd.header("content-encoding"), Some("zstd"));
        for body in [gzip.plain(), zstd.plain()] {
            assert_eq!(body[..10], plain.body[..10], "{route}");
            assert_eq!(body.last(), Some(&b'\n'));
        }
    }
}

#[tokio::test]
async fn head_is_answered_like_get_without_a_body_and_any_other_method_not_at_all() {
    let service = Service::start().await;
    for route in ROUTES.into_iter().chain(["/events"]) {
        let head = service.ask(Method::HEAD, route, &[]).await;
        assert_eq!((head.status.as_u16(), head.body.len()), (200, 0), "{route}");
        assert!(head.header("content-type").is_some());
        let length = head.header("content-length");
        if route == "/events" {
            assert_eq!(length, None, "a stream has none");
        } else {
            assert!(length.is_some_and(|length| length != "0"), "{route}: {length:?}");
        }
        for method in [Method::POST, Method::DELETE, Method::OPTIONS] {
            let refused = service.ask(method, route, &[]).await;
            assert_eq!((refused.status.as_u16(), refused.header("allow")), (405, Some("GET, HEAD")));
            assert_eq!(refused.error(), "this route answers GET and HEAD only");
        }
    }
    assert_eq!(service.get("/nothing").await.status, 404);
}

#[tokio::test]
async fn a_document_that_panics_is_a_defect_for_all_who_wait_and_for_nobody_else() {
    let panics = Arc::new(AtomicU64::new(0));
    let counted = Arc::clone(&panics);
    let readiness = move || {
        counted.fetch_add(1, Ordering::Relaxed);
        panic!("on purpose")
    };
    let service = Service::with(|routes| routes.readiness(readiness)).await;
    let asked = futures_util::future::join_all((0..50).map(|_| service.get("/api/ready"))).await;
    for answer in &asked {
        assert_eq!(answer.status, 500);
        assert!(answer.error().contains("remedy: "));
    }
    assert!(panics.load(Ordering::Relaxed) < asked.len() as u64, "each panicked for itself");
    assert_eq!(service.get("/api/health").await.status, 200);
}

#[tokio::test]
async fn a_service_says_itself_whether_it_is_ready() {
    let ready = Service::start().await.json("/api/ready").await;
    assert_eq!((&ready["status"], ready.get("keysLoaded")), (&"Ready".into(), None));

    let service = Service::with(|routes| routes.readiness(|| Readiness::NotReady)).await;
    let answer = service.get("/api/ready").await;
    assert_eq!((answer.status.as_u16(), &answer.json()["status"]), (503, &"NotReady".into()));
    assert_eq!(service.json("/api/health").await["status"], "Healthy");
}

#[tokio::test]
async fn a_worker_shows_what_it_knows_of_its_configuration() {
    let state = || WorkerState {
        environment: "test".to_owned(),
        config_keys_loaded: 5,
        config_load_count: 2,
        last_config_loaded_at: Some(UNIX_EPOCH),
    };
    let service = Service::with(|routes| routes.worker_state(state)).await;
    let health = service.json("/api/health").await;
    assert_eq!((&health["environment"], &health["configKeysLoaded"]), (&"test".into(), &5.into()));
    assert_eq!(health["lastConfigLoadedAt"], "1970-01-01T00:00:00.000000+00:00");
    let ready = service.json("/api/ready").await;
    assert_eq!((&ready["status"], &ready["keysLoaded"]), (&"Ready".into(), &5.into()));

    let service = Service::with(|routes| routes.worker_state(WorkerState::default)).await;
    assert_eq!(service.get("/api/ready").await.status, 503);
}

#[tokio::test]
async fn callers_are_hidden_in_every_document() {
    let metrics = Metrics::new();
    let routes = Routes::builder(metrics.clone(), exposition(CallerLabels::Dropped)).build().unwrap();
    let service = Service::of(metrics, &routes).await;
    service.metrics.record_config_delivery("config", "api", &["A"], "hush-hush");
    for route in ROUTES {
        let text = service.get(route).await;
        assert!(!text.text().contains("hush"), "{route}");
    }
    assert_eq!(service.json("/snapshot").await["deliveries"]["responsesTotal"], 1);
}

#[tokio::test]
async fn all_routes_stand_below_the_base_path() {
    let service = Service::with(|routes| routes.base_path("/internal")).await;
    for route in ROUTES {
        assert_eq!(service.get(&format!("/internal{route}")).await.status, 200);
        assert_eq!(service.get(route).await.status, 404);
    }
    let counted = service.metrics.snapshot();
    assert_eq!(counted.requests().requests_by_path().get("/internal/metrics"), Some(1));
}

#[tokio::test]
async fn every_snapshot_is_shown_to_whoever_wants_to_look() {
    let (seen, looked) = std::sync::mpsc::channel();
    let look = move |snapshot: &runtime_metrics::Snapshot| seen.send(snapshot.sequence()).unwrap();
    let service = Service::with(|routes| routes.on_snapshot(look)).await;
    let sequence = service.json("/snapshot").await["sequence"].as_u64().unwrap();
    assert!(looked.try_iter().any(|seen| seen == sequence));
}

#[tokio::test]
async fn after_a_reset_there_is_room_for_labels_that_were_never_seen() {
    const LIMIT: u64 = 20;
    let metrics = Metrics::builder().request_series_limit(LIMIT as u32).build().unwrap();
    let app: Router = routes(&metrics).build().unwrap().router();
    for window in 0..30 {
        for series in 0..2 * LIMIT {
            metrics.record_request(&format!("/{window}/{series}"));
        }
        let requests = &ask(&app, "/snapshot").await.json()["requests"];
        assert_eq!(requests["series"].as_array().unwrap().len() as u64, LIMIT, "{window}");
        assert_eq!(
            (&requests["overflow"]["count"], &requests["total"]),
            (&LIMIT.into(), &(2 * LIMIT).into())
        );
        assert_eq!(requests["occupancy"]["series"], LIMIT);
        metrics.reset();
        assert_eq!(ask(&app, "/snapshot").await.json()["requests"]["occupancy"]["series"], 0);
    }
}

#[cfg(feature = "push")]
#[tokio::test]
async fn a_page_shows_how_pushes_fare_at_the_time_it_is_asked_for() {
    let asked = AtomicU64::new(0);
    let pushes = move || {
        let names: &[&'static str] = if asked.fetch_add(1, Ordering::Relaxed) == 0 { &[] } else { &["otlp"] };
        names.iter().map(|name| (*name, PushStatistics::default())).collect()
    };
    let service = Service::with(|routes| routes.pushes(pushes)).await;
    assert!(!service.get("/metrics").await.text().contains("otlp"));
    let page = service.get("/metrics").await;
    assert!(
        page.text().contains("runtime_pushes_total{") && page.text().contains("\"otlp\""),
        "{}",
        page.text()
    );
}

#[test]
fn options_that_make_no_sense_are_refused_with_a_remedy() {
    let metrics = Metrics::new();
    let routes = || Routes::builder(metrics.clone(), exposition(CallerLabels::Shown));
    for builder in [
        routes().base_path("internal"),
        routes().bearer_token(""),
        routes().max_viewers(0),
        routes().recent_snapshots(0),
    ] {
        let error = builder.build().unwrap_err().to_string();
        assert!(error.contains("remedy: "), "{error}");
    }
}
