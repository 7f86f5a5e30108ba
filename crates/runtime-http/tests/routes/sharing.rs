//! Many who ask cost what few do, and every answer is exact.

use std::time::Duration;

use crate::harness::Service;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_thousand_scrapers_at_once_cost_few_cuts_and_each_sees_what_was_there_when_it_asked() {
    const SCRAPERS: u64 = 1_000;
    let service = Service::start().await;
    for path in 0..2_000 {
        service.metrics.record_request(&format!("/{path}"));
    }
    let before = service.metrics.snapshot().sequence();
    let scrapes = (0..SCRAPERS).map(|_| async {
        let recorded = service.metrics.latest().requests().total_requests();
        let document = service.json("/snapshot").await;
        assert!(document["requests"]["total"].as_u64().unwrap() > recorded);
    });
    futures_util::future::join_all(scrapes).await;
    let cuts = service.metrics.snapshot().sequence() - before;
    assert!(cuts < SCRAPERS / 4, "{cuts} cuts");
}

#[tokio::test]
async fn an_answer_that_is_young_enough_is_given_again_and_all_forms_are_of_one_snapshot() {
    let service = Service::with(|routes| routes.maximum_age(Duration::from_secs(3_600))).await;
    let first = service.json("/snapshot").await;
    service.metrics.record_request("/after");
    assert_eq!(service.json("/snapshot").await, first);
    assert!(!service.get("/metrics").await.text().contains("/after"));
}

#[tokio::test]
async fn by_default_an_answer_holds_whatever_was_recorded_before_it_was_asked_for() {
    let service = Service::start().await;
    for recorded in 1..=50 {
        service.metrics.record_request("/a");
        let page = service.get("/metrics").await;
        assert!(page.text().contains(&format!("{{http_route=\"/a\"}} {recorded}\n")), "{recorded}");
    }
}
