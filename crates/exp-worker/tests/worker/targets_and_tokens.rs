//! `X-Exp-Target` and the shared token.

use crate::harness::Worker;

#[test]
fn a_document_is_given_to_its_own_target_and_403_to_any_other() {
    let worker = Worker::start();
    assert_eq!(worker.get_with("/api/v1/run-time?for=api", "X-Exp-Target: api\r\n").status, 200);
    assert_eq!(worker.get_with("/api/v1/build-time?for=api", "x-exp-target: api\r\n").status, 200);
    for wrong in
        ["Web-1", "API", "nobody", "", "api,Web-1", "not a name", "api\r\nX-Exp-Target: api", "\u{fc}"]
    {
        let answer = worker.get_with("/api/v1/run-time?for=api", &format!("X-Exp-Target: {wrong}\r\n"));
        assert_eq!(answer.status, 403, "{wrong:?}");
        assert!(answer.error().contains("X-Exp-Target"));
    }
    assert_eq!(worker.deliveries(), 2);
}

#[test]
fn a_key_is_given_to_the_targets_whose_documents_list_it_and_counted_for_the_one_that_asked() {
    let worker = Worker::start();
    let ask = |key: &str, target: &str| {
        worker.get_with(&format!("/api/v1/config?name={key}"), &format!("X-Exp-Target: {target}\r\n")).status
    };
    assert_eq!(ask("Auth:JWT:Issuer", "api"), 200);
    assert_eq!(ask("Auth:JWT:Issuer", "Web-1"), 200);
    assert_eq!(ask("Trace:Rate", "api"), 200);
    assert_eq!(ask("Trace:Rate", "Web-1"), 403);
    assert_eq!(ask("Trace:Rate", "nobody"), 403);
    assert_eq!(ask("Unlisted:Key", "api"), 403);
    assert_eq!(worker.get("/api/v1/config?name=Unlisted:Key").status, 200);
    let served = worker.served();
    let by_target: Vec<_> = served.responses_by_target().iter().collect();
    assert_eq!(by_target, [("*", 1), ("api", 2), ("web-1", 1)]);
    assert_eq!(served.responses_by_caller().get("local:web-1"), Some(1));
}

#[test]
fn an_unknown_name_is_400_before_the_target_header_is_looked_at() {
    let worker = Worker::start();
    assert_eq!(worker.get_with("/api/v1/run-time?for=nobody", "X-Exp-Target: api\r\n").status, 400);
    assert_eq!(worker.get_with("/api/v1/config?name=Nothing", "X-Exp-Target: api\r\n").status, 400);
}

#[test]
fn with_a_shared_token_every_configuration_route_answers_401_without_it_and_counts_no_delivery() {
    let worker = Worker::builder().token("s3cret-token").start();
    for path in [
        "/api/v1/run-time?for=api",
        "/api/v1/build-time?for=api",
        "/api/v1/config?name=Db:Host",
        "/api/v1/run-time?for=nobody",
        "/api/v1/run-time",
    ] {
        for header in [
            "",
            "X-Exp-Local-Token:\r\n",
            "X-Exp-Local-Token: s3cret-toke\r\n",
            "X-Exp-Local-Token: s3cret-tokeN\r\n",
            "X-Exp-Local-Token: s3cret-token-\r\n",
            "X-Exp-Local-Token: s3cret-token\r\nX-Exp-Local-Token: s3cret-token\r\n",
        ] {
            let answer = worker.get_with(path, header);
            assert_eq!(answer.status, 401, "{path} {header:?}");
            assert!(answer.error().contains("X-Exp-Local-Token"));
            assert!(!answer.body.contains("s3cret"));
            assert!(answer.header("www-authenticate").is_some());
        }
    }
    assert_eq!(worker.deliveries(), 0);
    let right = worker.get_with("/api/v1/run-time?for=api", "x-exp-local-token: s3cret-token\r\n");
    assert_eq!((right.status, worker.deliveries()), (200, 1));
}

#[test]
fn probes_and_scrapers_need_no_shared_token() {
    let worker = Worker::builder().token("s3cret-token").start();
    for path in ["/", "/api/health", "/api/ready", "/metrics"] {
        let answer = worker.get(path);
        assert_eq!(answer.status, 200, "{path}");
        assert!(!answer.body.contains("s3cret"));
    }
}

#[test]
fn without_a_shared_token_the_header_is_ignored() {
    assert_eq!(
        Worker::start().get_with("/api/v1/run-time?for=api", "X-Exp-Local-Token: any\r\n").status,
        200
    );
}
