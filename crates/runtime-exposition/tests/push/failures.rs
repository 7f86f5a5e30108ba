//! Every way in which a receiver fails, with cumulative counts and with deltas: in the end it holds what was recorded, once.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use runtime_exposition::push::{
    Abandonment, FailureReason, OtlpConfig, OtlpConfigBuilder, PushEvent, PushSchedule, PushStatistics,
    Pusher, Temporality,
};

use crate::ledger::{Ledger, expected};
use crate::receiver::{Behaviour, Receiver, acknowledge, answer, refuse};
use crate::run::{Run, Told, exposition, hasty};

const BOTH: [Temporality; 2] = [Temporality::Cumulative, Temporality::Delta];
const PROTOBUF: &str = "content-type: application/x-protobuf\r\n";

fn config(receiver: &Receiver, temporality: Temporality) -> OtlpConfigBuilder {
    OtlpConfig::builder().endpoint(receiver.url("/v1/metrics")).temporality(temporality).schedule(hasty())
}

fn takes(bytes: Vec<u8>) -> Behaviour {
    Behaviour::Answer { takes: true, bytes }
}

/// Lets a receiver fail twice at the begin and twice later on, then acknowledge, while somebody records. Checks what it holds in the end, and
/// hands back how the pushes fared.
async fn survives(failing: Behaviour, temporality: Temporality, schedule: PushSchedule) -> PushStatistics {
    let script = [&failing, &failing, &acknowledge(), &acknowledge(), &failing, &acknowledge(), &failing];
    let receiver = Receiver::start(script.map(Behaviour::clone), acknowledge()).await;
    let run = Run::start(config(&receiver, temporality).schedule(schedule).build().unwrap());
    // Those of the script that acknowledge, and some more.
    run.until(|statistics| statistics.acknowledged() >= 8).await;
    let (metrics, statistics) = run.stop().await;
    assert!(!statistics.is_failing(), "{statistics:?}");
    assert_eq!(Ledger::of(&receiver.arrived()).counts(), expected(&metrics), "{failing:?}, {temporality:?}");
    statistics
}

#[tokio::test]
async fn after_answers_that_may_be_sent_again_nothing_is_lost_or_counted_twice() {
    for temporality in BOTH {
        for (status, takes, reason) in [
            ("429 Too Many Requests", false, FailureReason::Throttled),
            ("503 Service Unavailable", false, FailureReason::Unavailable),
            // A proxy that had passed the request on.
            ("502 Bad Gateway", true, FailureReason::Unavailable),
            ("503 Service Unavailable", true, FailureReason::Unavailable),
            ("504 Gateway Timeout", true, FailureReason::Unavailable),
        ] {
            let bytes = answer(status, "retry-after: 0\r\n", b"");
            let statistics = survives(Behaviour::Answer { takes, bytes }, temporality, hasty()).await;
            assert_eq!(statistics.failed_attempts(reason), 4, "{status}");
            assert_eq!(statistics.retries(), 4, "{status}");
            assert_eq!(statistics.failed(), 0, "{status}");
        }
    }
}

#[tokio::test]
async fn after_refusals_that_must_not_be_sent_again_the_next_push_has_it_all() {
    for temporality in BOTH {
        for status in ["400 Bad Request", "401 Unauthorized", "404 Not Found", "413 Payload Too Large"] {
            let statistics = survives(refuse(status), temporality, hasty()).await;
            assert_eq!(statistics.failed_attempts(FailureReason::Refused), 4, "{status}");
            assert_eq!(statistics.failed(), 4, "{status}");
            assert_eq!(statistics.retries(), 0, "{status}");
        }
        // It is not known whether it was taken, so that the same is pushed next.
        for takes in [false, true] {
            let bytes = answer("500 Internal Server Error", "", b"");
            let statistics = survives(Behaviour::Answer { takes, bytes }, temporality, hasty()).await;
            assert_eq!(statistics.failed(), 4);
            assert_eq!(statistics.retries(), 0);
        }
    }
}

#[tokio::test]
async fn a_redirect_is_a_refusal_and_is_not_followed() {
    for temporality in BOTH {
        let elsewhere = Receiver::start([], acknowledge()).await;
        let location = format!("location: {}\r\n", elsewhere.url("/v1/metrics"));
        let bytes = answer("307 Temporary Redirect", &location, b"");
        let statistics = survives(Behaviour::Answer { takes: false, bytes }, temporality, hasty()).await;
        assert_eq!(statistics.failed_attempts(FailureReason::Refused), 4);
        assert!(elsewhere.arrived().is_empty());
    }
}

#[tokio::test]
async fn after_a_connection_that_broke_nothing_is_lost_or_counted_twice() {
    let truncated = b"HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nshort".to_vec();
    for temporality in BOTH {
        for broken in [
            Behaviour::CloseBeforeReading,
            Behaviour::CloseAfterReading { takes: false },
            Behaviour::CloseAfterReading { takes: true },
            takes(truncated.clone()),
            takes(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nsho".to_vec()),
            takes(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\nno number\r\n".to_vec()),
            takes(b"HTTP/1.1 200".to_vec()),
            takes(b"SSH-2.0-OpenSSH_9.2\r\n".to_vec()),
        ] {
            let statistics = survives(broken, temporality, hasty()).await;
            assert_eq!(statistics.failed_attempts(FailureReason::Connection), 4, "{statistics:?}");
            assert_eq!(statistics.retries(), 4, "{statistics:?}");
        }
    }
}

#[tokio::test]
async fn after_a_receiver_that_hung_nothing_is_lost_or_counted_twice() {
    let impatient = PushSchedule { attempt_timeout: Duration::from_millis(60), ..hasty() };
    for temporality in BOTH {
        for takes in [false, true] {
            let statistics = survives(Behaviour::Hang { takes }, temporality, impatient).await;
            assert!(statistics.failed_attempts(FailureReason::Timeout) >= 4, "{statistics:?}");
        }
    }
}

#[tokio::test]
async fn a_success_is_one_whatever_its_body_is() {
    for temporality in BOTH {
        for strange in [
            Behaviour::EndlessAnswer,
            takes(answer("200 OK", PROTOBUF, b"\xff\xff\xff")),
            takes(answer("200 OK", "content-type: application/json\r\n", b"{")),
            takes(answer("200 OK", "content-type: text/html\r\n", b"<html>")),
            takes(answer("202 Accepted", "", b"")),
            takes(answer("204 No Content", "", b"")),
        ] {
            let statistics = survives(strange, temporality, hasty()).await;
            assert_eq!(statistics.attempts(), statistics.acknowledged(), "{statistics:?}");
        }
    }
}

#[tokio::test]
async fn an_answer_that_is_none_of_a_receivers_is_remarked_upon() {
    let strange = takes(answer("200 OK", "content-type: text/html\r\n", b"<html>"));
    let statistics = survives(strange, Temporality::Cumulative, hasty()).await;
    assert_eq!(
        statistics.last_error(),
        Some("acknowledged, by an answer of another content type: is this an OTLP receiver?")
    );
}

#[tokio::test]
async fn rejected_data_points_are_counted_and_not_sent_again() {
    // ExportMetricsServiceResponse { partial_success: { rejected_data_points: 3, error_message: "old" } }
    let protobuf = b"\x0a\x07\x08\x03\x12\x03old";
    let json = br#"{"partialSuccess":{"rejectedDataPoints":"3","errorMessage":"old"}}"#;
    for temporality in BOTH {
        for partial in [
            answer("200 OK", PROTOBUF, protobuf),
            answer("200 OK", "content-type: application/json; charset=utf-8\r\n", json),
        ] {
            let statistics = survives(takes(partial), temporality, hasty()).await;
            assert_eq!(statistics.rejected_points(), 4 * 3);
            assert_eq!(statistics.attempts(), statistics.acknowledged());
            assert_eq!(statistics.last_error(), Some("the receiver rejected 3 data points: old"));
        }
    }
}

#[tokio::test]
async fn while_connections_are_refused_nothing_is_lost() {
    for temporality in BOTH {
        let (receiver, socket) = Receiver::deaf([], acknowledge());
        let short = PushSchedule { push_timeout: Duration::from_millis(5), ..hasty() };
        let run = Run::start(config(&receiver, temporality).schedule(short).build().unwrap());
        run.until(|statistics| statistics.failed() >= 3).await;
        assert!(run.monitor.statistics().is_failing());
        receiver.listen(socket);
        run.until(|statistics| statistics.acknowledged() >= 2).await;
        let (metrics, statistics) = run.stop().await;
        assert!(statistics.failed_attempts(FailureReason::Connect) >= 3, "{statistics:?}");
        let arrived = receiver.arrived();
        assert_eq!(Ledger::of(&arrived).counts(), expected(&metrics));
    }
}

#[tokio::test]
async fn what_is_in_doubt_is_sent_as_it_was_until_it_is_answered_whatever_else_the_receiver_says() {
    // Taken, but nobody heard it; then refused for the sender's sake, which says nothing of the first time.
    let script = [
        Behaviour::CloseAfterReading { takes: true },
        refuse("401 Unauthorized"),
        refuse("429 Too Many Requests"),
        refuse("500 Internal Server Error"),
    ];
    let receiver = Receiver::start(script, acknowledge()).await;
    let run = Run::start(config(&receiver, Temporality::Delta).build().unwrap());
    run.until(|statistics| statistics.acknowledged() >= 3).await;
    let (metrics, _) = run.stop().await;
    let arrived = receiver.arrived();
    for again in &arrived[1..5] {
        assert_eq!(again.body, arrived[0].body);
    }
    assert_ne!(arrived[5].body, arrived[0].body);
    assert_eq!(Ledger::of(&arrived).counts(), expected(&metrics));
}

#[tokio::test]
async fn a_receiver_that_asks_for_a_pause_is_left_alone() {
    let bytes = answer("429 Too Many Requests", "retry-after: 3600\r\n", b"");
    let receiver = Receiver::start([], Behaviour::Answer { takes: false, bytes }).await;
    let run = Run::start(config(&receiver, Temporality::Cumulative).build().unwrap());
    run.until(|statistics| statistics.failed() == 1).await;
    // Some hundred intervals.
    tokio::time::sleep(Duration::from_millis(200)).await;
    assert_eq!(receiver.arrived().len(), 1);
    // At the end it is asked once more, for there is no later.
    let (_, statistics) = run.stop().await;
    assert_eq!(receiver.arrived().len(), 2);
    assert_eq!((statistics.attempts(), statistics.retries(), statistics.failed()), (2, 0, 2));
}

#[tokio::test]
async fn recording_goes_on_while_a_receiver_hangs_and_nothing_is_sent_meanwhile() {
    let receiver = Receiver::start([Behaviour::Hang { takes: false }], acknowledge()).await;
    let run = Run::start(config(&receiver, Temporality::Delta).build().unwrap());
    run.until(|statistics| statistics.attempts() == 1).await;
    let before = run.metrics.snapshot().requests().total_requests();
    while run.metrics.snapshot().requests().total_requests() < before + 1_000 {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    assert_eq!(run.monitor.statistics().attempts(), 1);
}

#[tokio::test]
async fn the_last_push_is_made_at_the_end_and_only_then_if_the_interval_is_long() {
    for temporality in BOTH {
        let receiver = Receiver::start([], acknowledge()).await;
        let rare = PushSchedule { interval: Duration::MAX, ..hasty() };
        let run = Run::start(config(&receiver, temporality).schedule(rare).build().unwrap());
        tokio::time::sleep(Duration::from_millis(20)).await;
        let (metrics, statistics) = run.stop().await;
        assert_eq!(statistics.acknowledged(), 1);
        let arrived = receiver.arrived();
        assert_eq!(arrived.len(), 1);
        assert_eq!(Ledger::of(&arrived).counts(), expected(&metrics));
    }
}

#[tokio::test]
async fn what_is_in_doubt_at_the_end_is_settled_before_the_last_push() {
    let receiver = Receiver::start([Behaviour::CloseAfterReading { takes: true }], acknowledge()).await;
    let schedule = PushSchedule {
        interval: Duration::from_millis(2),
        first_retry: 20 * hasty().push_timeout,
        ..hasty()
    };
    let run = Run::start(config(&receiver, Temporality::Delta).schedule(schedule).build().unwrap());
    run.until(|statistics| statistics.failed_attempts(FailureReason::Connection) == 1).await;
    let (metrics, statistics) = run.stop().await;
    let arrived = receiver.arrived();
    assert_eq!(arrived[1].body, arrived[0].body);
    assert!(!statistics.is_failing());
    assert_eq!(Ledger::of(&arrived).counts(), expected(&metrics));
}

#[tokio::test]
async fn a_source_that_panics_is_a_failed_push_and_no_more() {
    let receiver = Receiver::start([], acknowledge()).await;
    let pusher = Pusher::new(&exposition(), config(&receiver, Temporality::Delta).build().unwrap()).unwrap();
    let (monitor, metrics) = (pusher.monitor(), runtime_metrics::Metrics::new());
    let calls = AtomicU64::new(0);
    let source = {
        let metrics = metrics.clone();
        move || {
            assert!(calls.fetch_add(1, Ordering::Relaxed) != 1, "the panic that this test is about");
            metrics.record_request("/");
            metrics.snapshot()
        }
    };
    let stop = async move {
        while monitor.statistics().acknowledged() < 3 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    let statistics = pusher.run(source, stop).await;
    assert_eq!((statistics.failed(), statistics.failed_attempts(FailureReason::Source)), (1, 1));
    assert_eq!(statistics.last_error(), Some("the source of snapshots panicked"));
    assert_eq!(Ledger::of(&receiver.arrived()).counts(), expected(&metrics));
}

#[tokio::test]
async fn an_outage_is_told_once_and_its_end_once() {
    let script = [refuse("400 Bad Request"), refuse("401 Unauthorized"), refuse("404 Not Found")];
    let receiver = Receiver::start(script, acknowledge()).await;
    let told = Told::default();
    let config = config(&receiver, Temporality::Delta)
        .endpoint(receiver.url("/v1/metrics?key=s3cret"))
        .build()
        .unwrap();
    let pusher = Pusher::new(&exposition(), config).unwrap();
    assert_eq!(pusher.address(), receiver.url("/v1/metrics"));
    let run = Run::start_pusher(told.by(pusher));
    run.until(|statistics| statistics.acknowledged() >= 3).await;
    run.stop().await;
    let address: Arc<str> = receiver.url("/v1/metrics").into();
    let error = "HTTP 400 Bad Request".to_owned();
    let begun = PushEvent::Failing { address: Arc::clone(&address), error };
    assert_eq!(told.events(), [begun, PushEvent::Recovered { address, failed: 3 }]);
}

#[tokio::test]
async fn an_attempt_that_is_made_again_is_told_of_before_a_push_is_given_up() {
    let script = [refuse("503 Service Unavailable"), refuse("429 Too Many Requests")];
    let receiver = Receiver::start(script, acknowledge()).await;
    let told = Told::default();
    let config = config(&receiver, Temporality::Cumulative).build().unwrap();
    let run = Run::start_pusher(told.by(Pusher::new(&exposition(), config).unwrap()));
    run.until(|statistics| statistics.acknowledged() >= 2).await;
    run.stop().await;
    let (address, error) = (receiver.url("/v1/metrics").into(), "HTTP 503 Service Unavailable".to_owned());
    assert_eq!(told.events(), [PushEvent::Retrying { address, error }]);
}

/// A peer that takes connections and says nothing: TLS never comes about.
#[tokio::test]
async fn a_connection_that_does_not_come_about_in_time_leaves_nothing_in_doubt() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/v1/metrics", listener.local_addr().unwrap());
    let schedule = PushSchedule {
        attempt_timeout: Duration::from_millis(20),
        doubt_timeout: Duration::ZERO,
        shutdown_timeout: Duration::from_millis(20),
        ..hasty()
    };
    let config = OtlpConfig::builder().endpoint(url).temporality(Temporality::Delta).schedule(schedule);
    let run = Run::start(config.build().unwrap());
    run.until(|statistics| statistics.failed_attempts(FailureReason::Connect) >= 4).await;
    let (_, statistics) = run.stop().await;
    assert!(statistics.last_error().unwrap().contains("no connection within 20 ms"), "{statistics:?}");
    assert_eq!(statistics.failed_attempts(FailureReason::Timeout), 0);
    assert_eq!((statistics.abandoned_records(Abandonment::InDoubt), statistics.sent_bytes()), (0, 0));
}
