//! Configuration values are secrets: they are in answers, and nowhere else.

use rustix::process::Signal;

use crate::harness::{CONFIGURATION, Command, VALUE_MARK};

const TOKEN: &str = "s3cret-token";

#[test]
fn no_value_token_or_principal_is_in_any_log_metric_error_or_page() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), CONFIGURATION).unwrap();
    let worker = Command::new()
        .arg("--config")
        .arg(file.path())
        .arg("--trust-front-door")
        .env("EXP_LOCAL_TOKEN", TOKEN)
        .env("EXP_LOG", "trace")
        .serve();
    let ask = |line: &str, headers: &str| {
        let mut client = worker.connect();
        client.send(format!(
            "{line} HTTP/1.1\r\nHost: t\r\nX-MS-CLIENT-PRINCIPAL-ID: someone-dear\r\n{headers}\r\n"
        ));
        client.answer()
    };
    let token = format!("X-Exp-Local-Token: {TOKEN}\r\n");
    let mut handed_out = 0;
    for path in [
        "/api/v1/run-time?for=api",
        "/api/v1/build-time?for=api",
        "/api/v1/config?name=Db:Host",
        "/api/v1/build-time?for=broken",
        "/api/v1/config?name=Lacking:One",
        "/api/v1/run-time?for=nobody",
        "/api/v1/run-time?for=%",
        "/api/v1/nowhere",
        "/",
        "/api/health",
        "/api/ready",
        "/metrics",
    ] {
        for (method, headers) in [
            ("GET", token.clone()),
            ("GET", String::new()),
            ("GET", format!("{token}X-Exp-Target: other\r\n")),
            ("POST", token.clone()),
        ] {
            let answer = ask(&format!("{method} {path}"), &headers);
            let shows_values = answer.body.contains(VALUE_MARK);
            assert!(!answer.body.contains(TOKEN));
            if shows_values {
                assert_eq!(
                    (answer.status, path.starts_with("/api/v1/"), method),
                    (200, true, "GET"),
                    "{path}"
                );
                handed_out += 1;
            }
        }
    }
    assert_eq!(handed_out, 3);
    std::fs::write(
        file.path(),
        CONFIGURATION.replace("\"values\": {", "\"values\": { \"Bad\": [\"HUSH-bad\"],"),
    )
    .unwrap();
    worker.signal(Signal::HUP);
    worker.wait_for_log("the old configuration stays in force");
    let start_message = worker.start_message.clone();
    let verdict = worker.terminate();
    assert_eq!(verdict.code, Some(0));
    for text in [&start_message, &verdict.out, &verdict.log] {
        for secret in [VALUE_MARK, TOKEN, "someone-dear"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    assert!(verdict.log.contains("answered"), "the log is at its most talkative: {}", verdict.log);
}
