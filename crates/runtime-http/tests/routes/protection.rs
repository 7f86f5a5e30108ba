//! Who is answered.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{HeaderValue, Method, Request, StatusCode};
use runtime_metrics::Metrics;
use std::net::SocketAddr;
use tower::ServiceExt as _;

use crate::harness::{Service, routes};

const ROUTES: [&str; 6] = ["/metrics", "/api/health", "/api/ready", "/snapshot", "/events", "/history"];

#[tokio::test]
async fn without_the_bearer_token_no_route_is_answered() {
    let service = Service::with(|routes| routes.bearer_token("s3cret")).await;
    for route in ROUTES {
        for headers in [&[][..], &[("authorization", "Bearer wrong")], &[("authorization", "Basic s3cret")]] {
            for method in [Method::GET, Method::POST] {
                let refused = service.ask(method, route, headers).await;
                assert_eq!(refused.status, 401, "{route}");
                assert!(refused.header("www-authenticate").unwrap().starts_with("Bearer "));
                assert!(refused.error().contains("remedy: ") && !refused.text().contains("s3cret"));
            }
        }
        let answer = service.ask(Method::HEAD, route, &[("authorization", "Bearer s3cret")]).await;
        assert_eq!(answer.status, 200, "{route}");
    }
}

async fn from_peer(app: &Router, peer: Option<&str>) -> StatusCode {
    let mut request = Request::get("/metrics").body(Body::empty()).unwrap();
    request.headers_mut().insert("host", HeaderValue::from_static("localhost"));
    if let Some(peer) = peer {
        request.extensions_mut().insert(ConnectInfo::<SocketAddr>(peer.parse().unwrap()));
    }
    app.clone().oneshot(request).await.unwrap().status()
}

#[tokio::test]
async fn loopback_only_answers_this_machine_and_refuses_whom_it_does_not_know() {
    let service = Service::with(|routes| routes.loopback_only()).await;
    assert_eq!(service.get("/metrics").await.status, 200);

    let app = routes(&Metrics::new()).loopback_only().build().unwrap().router();
    assert_eq!(from_peer(&app, Some("[::1]:1")).await, 200);
    assert_eq!(from_peer(&app, Some("192.0.2.1:1")).await, 403);
    let refused = app.oneshot(Request::get("/metrics").body(Body::empty()).unwrap()).await.unwrap();
    assert_eq!(refused.status(), 403);
    let body = axum::body::to_bytes(refused.into_body(), 1_000).await.unwrap();
    assert!(String::from_utf8_lossy(&body).contains("into_make_service_with_connect_info"));
}

#[tokio::test]
async fn loopback_only_refuses_a_page_from_elsewhere_whose_name_leads_to_this_machine() {
    let app = routes(&Metrics::new()).loopback_only().build().unwrap().router();
    for (host, expected) in [("127.0.0.1:8080", 200), ("[::1]:8080", 200), ("attacker.example:8080", 403)] {
        for route in ROUTES.into_iter().chain(["/live"]) {
            let mut request = Request::head(route).header("host", host).body(Body::empty()).unwrap();
            request.extensions_mut().insert(ConnectInfo::<SocketAddr>("127.0.0.1:1".parse().unwrap()));
            let answer = app.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), expected, "{route} of {host}");
        }
    }
    let mut request =
        Request::get("/snapshot").header("host", "attacker.example").body(Body::empty()).unwrap();
    request.extensions_mut().insert(ConnectInfo::<SocketAddr>("127.0.0.1:1".parse().unwrap()));
    let refused = app.oneshot(request).await.unwrap();
    let body = axum::body::to_bytes(refused.into_body(), 1_000).await.unwrap();
    assert!(String::from_utf8_lossy(&body).contains("remedy: ask by http://127.0.0.1"));
}

#[tokio::test]
async fn protection_is_of_the_routes_alone_not_of_the_service_that_they_are_merged_into() {
    let routes = routes(&Metrics::new()).bearer_token("s3cret").build().unwrap();
    let app: Router = Router::new().route("/", axum::routing::get(async || "open")).merge(routes.router());
    let status = async |path: &str| {
        app.clone().oneshot(Request::get(path).body(Body::empty()).unwrap()).await.unwrap().status()
    };
    assert_eq!((status("/").await, status("/nothing").await), (StatusCode::OK, StatusCode::NOT_FOUND));
    assert_eq!(status("/metrics").await, 401);
}
