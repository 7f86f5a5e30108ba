//! Pushes to a Pushgateway.

use runtime_exposition::TextFormat;
use runtime_exposition::push::{
    FailureReason, PushConfigError, PushStatistics, PushgatewayConfig, PushgatewayConfigBuilder,
};

use crate::receiver::{Behaviour, Receiver, acknowledge, answer, refuse};
use crate::run::{Run, exposition, hasty};

fn config(receiver: &Receiver) -> PushgatewayConfigBuilder {
    PushgatewayConfig::builder(receiver.url("/"), "exp worker").schedule(hasty())
}

#[tokio::test]
async fn each_push_puts_the_page_of_a_snapshot_to_the_group_of_the_process_life() {
    let receiver = Receiver::start([], acknowledge()).await;
    let config = config(&receiver).grouping_label("zone", "a/b").header("authorization", "Bearer s3cret");
    let run = Run::start(config.build().unwrap());
    run.until(|statistics| statistics.acknowledged() >= 2).await;
    let (metrics, statistics) = run.stop().await;

    let arrived = receiver.arrived();
    assert_eq!(statistics.acknowledged(), arrived.len() as u64);
    assert_eq!(statistics.attempts(), statistics.acknowledged());
    assert_eq!(statistics.sent_bytes(), arrived.iter().map(|arrived| arrived.body.len() as u64).sum::<u64>());
    assert!(statistics.last_success().is_some() && statistics.last_error().is_none());
    let snapshot = metrics.snapshot();
    let group = format!(
        "PUT /metrics/job/exp%20worker/instance_id/{}/zone@base64/YS9i HTTP/1.1",
        snapshot.process().instance_id()
    );
    for arrived in &arrived {
        assert_eq!(arrived.line, group);
        assert_eq!(arrived.header("content-type"), Some("text/plain; version=0.0.4; charset=utf-8"));
        assert_eq!(arrived.header("authorization"), Some("Bearer s3cret"));
    }
    // The last push was made after the last record.
    let mut page = String::new();
    exposition().prometheus_text(&snapshot, &mut page);
    let counters = |page: &str| {
        let lines =
            page.lines().filter(|line| line.starts_with("exp_http") || line.starts_with("exp_config"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let last = String::from_utf8(arrived.last().unwrap().body.clone()).unwrap();
    assert_eq!(counters(&last), counters(&page));
    assert!(!counters(&page).is_empty());
}

#[tokio::test]
async fn the_group_is_deleted_after_the_last_push_if_that_is_asked_for() {
    let receiver = Receiver::start([], acknowledge()).await;
    let run = Run::start(config(&receiver).delete_on_shutdown().build().unwrap());
    run.until(|statistics| statistics.acknowledged() >= 1).await;
    run.stop().await;
    let arrived = receiver.arrived();
    let (last, pushes) = arrived.split_last().unwrap();
    assert_eq!(last.line, pushes[0].line.replace("PUT", "DELETE"));
    assert!(last.body.is_empty());
    assert!(pushes.iter().all(|push| push.line.starts_with("PUT ")));
}

#[tokio::test]
async fn a_page_that_the_gateway_refuses_is_a_failed_push_with_what_the_gateway_said() {
    let said = answer("400 Bad Request", "content-type: text/plain\r\n", b"pushed metrics are invalid\n");
    let refusal = Behaviour::Answer { takes: false, bytes: said };
    let receiver = Receiver::start([refusal, refuse("503 Service Unavailable")], acknowledge()).await;
    let run = Run::start(config(&receiver).build().unwrap());
    run.until(|statistics| statistics.acknowledged() >= 1).await;
    let statistics = run.monitor.statistics();
    assert_eq!(statistics.failed(), 1);
    assert_eq!(statistics.failed_attempts(FailureReason::Refused), 1);
    assert_eq!(statistics.failed_attempts(FailureReason::Unavailable), 1);
    assert_eq!(statistics.retries(), 1);
    assert!(!statistics.is_failing());
    run.stop().await;
}

#[test]
fn what_no_gateway_can_be_told_is_refused() {
    let build = |url: &str, job: &str| PushgatewayConfig::builder(url, job).build();
    assert!(build("http://localhost:9091", "exp").is_ok());
    assert!(matches!(build("localhost", "exp"), Err(PushConfigError::Endpoint { .. })));
    assert!(matches!(build("http://localhost:9091", ""), Err(PushConfigError::Grouping { .. })));
    for path in ["/metrics/job/x/instance/y", "/metrics", "/prefix/metrics/job@base64/eA", "/metrics/"] {
        let pasted = format!("http://host:9091{path}");
        let config = PushgatewayConfig::builder(pasted, "exp").url_from("--pushgateway");
        assert_eq!(
            config.build().unwrap_err().to_string(),
            "--pushgateway is no address of a receiver (it has the path of a group, /metrics/job/..., which is put behind it here); \
             remedy: give it a URL such as http://localhost:9091"
        );
    }
    assert!(matches!(build("http://localhost:9091/?a=b", "exp"), Err(PushConfigError::Endpoint { .. })));
    assert!(build("http://localhost:9091/prefix", "exp").is_ok());
    let pem = PushgatewayConfig::builder("https://localhost:9091", "exp")
        .client_certificate("client.pem", "-----BEGIN PRIVATE KEY-----s3cret");
    let message = pem.build().unwrap_err().to_string();
    assert!(message.contains("remedy: ") && !message.contains("s3cret"), "{message}");
    let twice = PushgatewayConfig::builder("http://localhost:9091", "exp")
        .grouping_label("zone", "a")
        .grouping_label("zone", "b");
    assert!(matches!(twice.build(), Err(PushConfigError::Grouping { .. })));
}

#[tokio::test]
async fn a_page_shows_how_pushes_fare() {
    let receiver =
        Receiver::start([refuse("503 Service Unavailable"), refuse("400 Bad Request")], acknowledge()).await;
    let run = Run::start(config(&receiver).build().unwrap());
    run.until(|statistics| statistics.acknowledged() >= 1).await;
    let (metrics, statistics) = run.stop().await;

    let acknowledged = statistics.acknowledged();
    let attempts = acknowledged + 2;
    let pushes = [("a", statistics.clone()), ("b", PushStatistics::default())];
    for format in [TextFormat::Prometheus, TextFormat::OpenMetrics] {
        let mut page = String::new();
        let exposition = exposition();
        exposition.page(&metrics.snapshot()).pushes(&pushes).write(format, &mut page);
        for line in [
            &format!("exp_pushes_total{{push_receiver=\"a\",outcome=\"acknowledged\"}} {acknowledged}\n"),
            "exp_pushes_total{push_receiver=\"a\",outcome=\"failed\"} 1\n",
            "exp_pushes_total{push_receiver=\"b\",outcome=\"acknowledged\"} 0\n",
            "exp_push_failed_attempts_total{push_receiver=\"a\",error_type=\"refused\"} 1\n",
            "exp_push_failed_attempts_total{push_receiver=\"a\",error_type=\"unavailable\"} 1\n",
            "exp_push_failed_attempts_total{push_receiver=\"a\",error_type=\"timeout\"} 0\n",
            &format!("exp_push_attempts_total{{push_receiver=\"a\"}} {attempts}\n"),
            &format!("exp_push_sent_bytes_total{{push_receiver=\"a\"}} {}\n", statistics.sent_bytes()),
            "exp_push_rejected_data_points_total{push_receiver=\"b\"} 0\n",
        ] {
            assert!(page.contains(line), "{line}{page}");
        }
        assert_eq!(page.matches("\nexp_push_last_success_timestamp_seconds{").count(), 1);
        match format {
            TextFormat::OpenMetrics => {
                openmetrics_parser::openmetrics::parse_openmetrics(&page).unwrap();
            }
            _ => {
                openmetrics_parser::prometheus::parse_prometheus(&page).unwrap();
            }
        }
        page.clear();
        exposition.text(format, &metrics.snapshot(), &mut page);
        assert!(!page.contains("exp_push"));
    }
}
