//! The hosts that requests may be for.

use crate::harness::{Command, Spawned};

fn status(worker: &Spawned, path: &str, host: &str) -> u16 {
    let mut client = worker.connect();
    client.send(format!("GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n"));
    client.answer().status
}

const ROUTES: [&str; 7] =
    ["/", "/api/v1/run-time?for=api", "/api/health", "/metrics", "/snapshot", "/live", "/nowhere"];

#[test]
fn a_page_that_has_its_name_lead_to_this_machine_is_told_nothing() {
    let worker = Command::new().serve();
    for path in ROUTES {
        assert_eq!(status(&worker, path, "attacker.example:8080"), 403, "{path}");
    }
    let mut client = worker.connect();
    client.send("GET /live HTTP/1.1\r\nHost: attacker.example\r\n\r\n");
    let refused = client.answer().error();
    assert!(refused.contains("--allowed-host") && !refused.contains("attacker"), "{refused}");
    let health = worker.get("/api/health").json();
    assert_eq!(health["requestsServed"], ROUTES.len() + 2);
    assert_eq!(health["configResponsesServed"], 0);
}

#[test]
fn whoever_asks_by_address_or_by_a_local_name_or_names_no_host_is_answered() {
    let worker = Command::new().serve();
    for host in [worker.address.to_string().as_str(), "localhost", "[::1]:80", "192.0.2.1", "worker:80", ""] {
        assert_eq!(status(&worker, "/metrics", host), 200, "{host}");
    }
    let mut probe = worker.connect();
    probe.send("GET /api/ready HTTP/1.0\r\n\r\n");
    assert_eq!(probe.answer().status, 200);
}

#[test]
fn names_that_the_operator_gives_are_answered_and_a_front_door_that_is_trusted_decides_itself() {
    let named = Command::new().env("EXP_ALLOWED_HOSTS", "exp.example.com,other.example").serve();
    assert_eq!(status(&named, "/", "exp.example.com"), 200);
    assert_eq!(status(&named, "/", "other.example:443"), 200);
    assert_eq!(status(&named, "/", "attacker.example"), 403);
    for any in [Command::new().arg("--trust-front-door"), Command::new().arg("--allowed-host").arg("*")] {
        assert_eq!(status(&any.serve(), "/", "attacker.example"), 200);
    }
}

#[test]
fn what_is_no_host_name_ends_the_start_with_code_2_and_a_remedy() {
    let verdict = Command::new().arg("--allowed-host").arg("http://exp.example.com").verdict();
    assert_eq!(verdict.code, Some(2));
    assert!(verdict.log.contains("remedy"), "{verdict:?}");
}
