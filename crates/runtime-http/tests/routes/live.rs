//! The live page.

use axum::body::Body;
use http::{Method, Request};
use runtime_metrics::Metrics;
use tower::ServiceExt as _;

use crate::harness::{Service, routes};

#[tokio::test]
async fn the_page_is_one_document_with_a_policy_that_lets_nothing_in_from_elsewhere() {
    let service = Service::start().await;
    let page = service.get("/live").await;
    assert_eq!((page.status.as_u16(), page.header("content-type")), (200, Some("text/html; charset=utf-8")));
    assert!(page.text().starts_with("<!doctype html>") && !page.text().contains("src=\"http"));
    let policy = page.header("content-security-policy").unwrap();
    assert!(policy.contains("default-src 'none'") && !policy.contains("unsafe"), "{policy}");
    assert_eq!(page.header("x-content-type-options"), Some("nosniff"));

    let head = service.ask(Method::HEAD, "/live", &[]).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    let refused = service.ask(Method::POST, "/live", &[]).await;
    assert_eq!((refused.status.as_u16(), refused.header("allow")), (405, Some("GET, HEAD")));
}

#[tokio::test]
async fn a_browser_that_has_the_page_is_not_sent_it_again() {
    let service = Service::start().await;
    let page = service.get("/live").await;
    let tag = page.header("etag").unwrap();
    let list = format!("\"other\", W/{tag}");
    for (tags, expected) in [
        (&[tag][..], 304),
        (&[&list], 304),
        (&["*"], 304),
        (&["\"other\"", tag], 304),
        (&["\"other\""], 200),
        (&["\"*\""], 200),
        (&[""], 200),
    ] {
        let headers: Vec<_> = tags.iter().map(|tags| ("if-none-match", *tags)).collect();
        let again = service.ask(Method::GET, "/live", &headers).await;
        assert_eq!((again.status.as_u16(), again.header("etag")), (expected, Some(tag)), "{tags:?}");
        assert_eq!(again.body.is_empty(), expected == 304);
        assert_eq!(again.header("content-length").is_none(), expected == 304);
        assert_eq!(again.header("vary"), Some("accept-encoding"));
    }
}

#[tokio::test]
async fn the_page_is_compressed_if_asked_for_and_is_the_same_page_in_every_form() {
    let service = Service::start().await;
    let page = service.get("/live").await;
    let tag = page.header("etag").unwrap();
    for encoding in ["gzip", "zstd"] {
        let compressed = service.ask(Method::GET, "/live", &[("accept-encoding", encoding)]).await;
        assert_eq!(compressed.header("content-encoding"), Some(encoding));
        assert_eq!(compressed.header("etag"), Some(&*format!("W/{tag}")));
        assert_eq!(compressed.header("content-security-policy"), page.header("content-security-policy"));
        assert!(compressed.body.len() < page.body.len() / 2);
        assert_eq!(compressed.plain(), page.body);
        for known in [tag, compressed.header("etag").unwrap()] {
            let headers = [("accept-encoding", encoding), ("if-none-match", known)];
            assert_eq!(service.ask(Method::GET, "/live", &headers).await.status, 304);
        }
    }
}

#[tokio::test]
async fn the_page_itself_needs_no_token_but_is_for_the_same_peers() {
    let service = Service::with(|routes| routes.bearer_token("s3cret")).await;
    let page = service.get("/live").await;
    assert!(page.status == 200 && !page.text().contains("s3cret"));

    let app = routes(&Metrics::new()).loopback_only().build().unwrap().router();
    let unknown_peer = Request::get("/live").body(Body::empty()).unwrap();
    assert_eq!(app.oneshot(unknown_peer).await.unwrap().status(), 403);
}
