//! Deltas that a receiver never takes: they do not hold up what comes after them, and are counted.

use std::time::Duration;

use runtime_exposition::push::{
    Abandonment, OtlpConfig, PushEvent, PushSchedule, PushStatistics, Pusher, Temporality,
};

use crate::ledger::{Ledger, expected, records};
use crate::receiver::{Arrived, Behaviour, Receiver, acknowledge, answer, refuse};
use crate::run::{Run, Told, exposition, hasty};

/// The records that were in a request, whether it was taken or not.
fn records_in(arrived: &Arrived) -> u64 {
    records(&Ledger::of(&[Arrived { is_taken: true, ..arrived.clone() }]).counts())
}

/// Pushes deltas to a receiver that does this first, and hands back what arrived, what it holds and should, and how the pushes fared.
async fn pushed(
    script: Vec<Behaviour>,
    doubt_timeout: Duration,
) -> (Vec<Arrived>, [u64; 2], PushStatistics, Vec<PushEvent>) {
    let receiver = Receiver::start(script, acknowledge()).await;
    let config = OtlpConfig::builder()
        .endpoint(receiver.url("/v1/metrics"))
        .temporality(Temporality::Delta)
        .schedule(PushSchedule { doubt_timeout, ..hasty() });
    let told = Told::default();
    let run = Run::start_pusher(told.by(Pusher::new(&exposition(), config.build().unwrap()).unwrap()));
    run.until(|statistics| statistics.acknowledged() >= 3).await;
    let (metrics, statistics) = run.stop().await;
    let arrived = receiver.arrived();
    let held = records(&Ledger::of(&arrived).counts());
    (arrived, [held, records(&expected(&metrics))], statistics, told.events())
}

#[tokio::test]
async fn what_is_in_doubt_and_then_refused_for_its_contents_is_told_no_more_and_counted() {
    for takes in [true, false] {
        let script = vec![Behaviour::CloseAfterReading { takes }, refuse("400 Bad Request")];
        let (arrived, [held, recorded], statistics, told) = pushed(script, hasty().doubt_timeout).await;
        assert_eq!(arrived[1].body, arrived[0].body);
        assert_ne!(arrived[2].body, arrived[0].body);
        let in_doubt = records_in(&arrived[0]);
        assert_eq!(statistics.abandoned_records(Abandonment::InDoubt), in_doubt);
        assert_eq!(statistics.abandoned_records(Abandonment::Refused), 0);
        // Whichever it is: nothing counts twice, and what may be missing is counted.
        assert_eq!(held, if takes { recorded } else { recorded - in_doubt });
        let abandoned = told.iter().filter_map(|event| match event {
            PushEvent::Abandoned { records, how, error, .. } => Some((*records, *how, error.as_str())),
            _ => None,
        });
        let expected = (in_doubt, Abandonment::InDoubt, "HTTP 400 Bad Request");
        assert_eq!(abandoned.collect::<Vec<_>>(), [expected]);
    }
}

#[tokio::test]
async fn an_interval_that_is_never_taken_is_abandoned_after_its_time_and_what_follows_arrives() {
    for (status, takes, how) in [
        ("500 Internal Server Error", true, Abandonment::InDoubt),
        ("500 Internal Server Error", false, Abandonment::InDoubt),
        ("413 Payload Too Large", false, Abandonment::Refused),
    ] {
        let script = vec![Behaviour::Answer { takes, bytes: answer(status, "", b"") }];
        let (arrived, [held, recorded], statistics, _) = pushed(script, Duration::ZERO).await;
        assert_ne!(arrived[1].body, arrived[0].body, "{status}");
        let abandoned = records_in(&arrived[0]);
        assert_eq!(statistics.abandoned_records(how), abandoned, "{status}");
        assert_eq!(held, if takes { recorded } else { recorded - abandoned }, "{status}");
        assert_eq!(statistics.failed(), 1, "{status}");
    }
}

#[tokio::test]
async fn who_refuses_the_sender_or_says_later_is_asked_for_ever() {
    for status in ["401 Unauthorized", "404 Not Found", "503 Service Unavailable"] {
        let script = vec![refuse(status); 5];
        let (_, [held, recorded], statistics, _) = pushed(script, Duration::ZERO).await;
        assert_eq!(held, recorded, "{status}");
        assert_eq!(statistics.abandoned_records(Abandonment::InDoubt), 0, "{status}");
        assert_eq!(statistics.abandoned_records(Abandonment::Refused), 0, "{status}");
    }
}

#[tokio::test]
async fn a_page_shows_what_was_abandoned() {
    let script = vec![refuse("500 Internal Server Error")];
    let (_, _, statistics, _) = pushed(script, Duration::ZERO).await;
    let abandoned = statistics.abandoned_records(Abandonment::InDoubt);
    let pushes = [("otlp", statistics)];
    let mut page = String::new();
    let snapshot = runtime_metrics::Metrics::new().snapshot();
    exposition().page(&snapshot).pushes(&pushes).write(runtime_exposition::TextFormat::Prometheus, &mut page);
    for line in [
        format!(
            "exp_push_abandoned_records_total{{push_receiver=\"otlp\",outcome=\"in_doubt\"}} {abandoned}\n"
        ),
        "exp_push_abandoned_records_total{push_receiver=\"otlp\",outcome=\"refused\"} 0\n".to_owned(),
        "exp_push_lost_windows_total{push_receiver=\"otlp\"} 0\n".to_owned(),
    ] {
        assert!(page.contains(&line), "{line}{page}");
    }
}
