//! The configuration routes: what they hand out, and how it is counted.

use runtime_metrics::Counts;
use serde_json::json;

use crate::harness::Worker;

fn pairs(counts: &Counts) -> Vec<(&str, u64)> {
    counts.iter().collect()
}

#[test]
fn a_build_time_document_holds_the_keys_of_its_target_and_no_flags() {
    let worker = Worker::start();
    let answer = worker.get("/api/v1/build-time?for=api");
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("content-type"), Some("application/json"));
    assert_eq!(answer.json(), json!({"target": "api", "values": {"Build:Channel": "HUSH-channel"}}));
}

#[test]
fn a_run_time_document_adds_the_feature_flags_and_leaves_out_optional_keys_without_a_value() {
    let worker = Worker::start();
    let answer = worker.get("/api/v1/run-time?for=api");
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.json(),
        json!({
            "target": "api",
            "values": {
                "Db:Host": "HUSH-host",
                "Auth:JWT:Issuer": "HUSH-issuer \"quoted\" \\ ünï",
                "Trace:Rate": "HUSH-rate",
            },
            "featureFlags": {"New": true, "Old": false},
        })
    );
}

#[test]
fn the_values_of_a_document_are_in_the_order_of_the_file() {
    let body = Worker::start().get("/api/v1/run-time?for=api").body;
    let place = |key| body.find(key).unwrap();
    assert!(
        place("Db:Host") < place("Auth:JWT:Issuer") && place("Auth:JWT:Issuer") < place("Trace:Rate"),
        "{body}"
    );
}

#[test]
fn a_target_that_lists_no_keys_has_an_empty_document_and_its_delivery_counts_no_values() {
    let worker = Worker::start();
    let answer = worker.get("/api/v1/build-time?for=Web-1");
    assert_eq!(answer.json(), json!({"target": "Web-1", "values": {}}));
    let served = worker.served();
    assert_eq!((served.responses_total(), served.values_total()), (1, 0));
    assert_eq!(pairs(served.values_by_target()), [("web-1", 0)]);
    assert_eq!(pairs(served.values_by_caller()), [("local:web-1", 0)]);
}

#[test]
fn one_key_is_answered_with_its_name_and_value() {
    let answer = Worker::start().get("/api/v1/config?name=Db:Host");
    assert_eq!((answer.status, answer.json()), (200, json!({"name": "Db:Host", "value": "HUSH-host"})));
}

#[test]
fn a_percent_encoded_name_is_the_same_name() {
    let answer = Worker::start().get("/api/v1/config?x=%20&name=Db%3aHost");
    assert_eq!((answer.status, answer.json()["name"].as_str()), (200, Some("Db:Host")));
}

#[test]
fn every_successful_answer_is_one_delivery_of_its_endpoint_target_caller_and_keys() {
    let worker = Worker::start();
    assert_eq!(worker.served().last_served_at(), None);
    worker.get("/api/v1/build-time?for=api");
    worker.get("/api/v1/run-time?for=api");
    worker.get("/api/v1/run-time?for=api");
    worker.get("/api/v1/run-time?for=Web-1");
    worker.get("/api/v1/config?name=Trace:Rate");
    let served = worker.served();
    assert_eq!((served.responses_total(), served.values_total()), (5, 1 + 3 + 3 + 1 + 1));
    assert_eq!(pairs(served.responses_by_endpoint()), [("build-time", 1), ("config", 1), ("run-time", 3)]);
    assert_eq!(pairs(served.responses_by_target()), [("*", 1), ("api", 3), ("web-1", 1)]);
    assert_eq!(pairs(served.responses_by_caller()), [("local:*", 1), ("local:api", 3), ("local:web-1", 1)]);
    assert_eq!(pairs(served.values_by_target()), [("*", 1), ("api", 7), ("web-1", 1)]);
    assert_eq!(
        pairs(served.values_by_name()),
        [("Auth:JWT:Issuer", 3), ("Build:Channel", 1), ("Db:Host", 2), ("Trace:Rate", 3)]
    );
    assert!(served.last_served_at().is_some());
}

#[test]
fn head_is_answered_like_get_without_the_body_and_is_no_delivery() {
    let worker = Worker::start();
    for path in ["/api/v1/run-time?for=api", "/api/v1/config?name=Db:Host"] {
        let get = worker.get(path);
        let deliveries = worker.deliveries();
        let mut client = worker.connect();
        client.send(format!("HEAD {path} HTTP/1.1\r\nHost: test\r\n\r\n"));
        let head = client.answer_to_head();
        assert_eq!(head.status, 200);
        for name in ["content-type", "content-length", "cache-control", "x-content-type-options"] {
            assert_eq!(head.header(name), get.header(name), "{name}");
        }
        assert_eq!(worker.deliveries(), deliveries);
        // Nothing of a body was sent: the next answer on the connection begins where it should.
        assert_eq!(client.get("/").status, 200);
    }
}

#[test]
fn a_new_configuration_is_served_from_the_next_request_on() {
    let worker = Worker::start();
    let mut client = worker.connect();
    assert_eq!(client.get("/api/v1/run-time?for=new").status, 400);
    let text = br#"{"targets": {"new": {"runTime": {"required": ["K"]}}}, "values": {"K": "v"}}"#;
    worker.app.install(exp_worker::configuration::Configuration::parse(text).unwrap());
    assert_eq!(client.get("/api/v1/run-time?for=new").json()["values"], json!({"K": "v"}));
    assert_eq!(client.get("/api/v1/run-time?for=api").status, 400);
    assert_eq!(client.get("/api/v1/config?name=Db:Host").status, 400);
}

#[test]
fn without_any_configuration_the_configuration_routes_answer_503() {
    let worker = Worker::builder().without_configuration().start();
    for path in ["/api/v1/run-time?for=api", "/api/v1/build-time?for=api", "/api/v1/config?name=K"] {
        let answer = worker.get(path);
        assert_eq!(answer.status, 503);
        assert!(answer.error().contains("no configuration is loaded"));
    }
    assert_eq!(worker.deliveries(), 0);
}

#[test]
fn requests_and_deliveries_of_many_connections_are_counted_to_the_unit() {
    let worker = Worker::start();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let mut client = worker.connect();
            scope.spawn(move || {
                for _ in 0..250 {
                    assert_eq!(client.get("/api/v1/run-time?for=api").status, 200);
                }
            });
        }
    });
    assert_eq!(worker.requests(), 2_000);
    let served = worker.served();
    assert_eq!((served.responses_total(), served.values_total()), (2_000, 6_000));
}
