//! How a pusher ends: with a last push, within the time that there is, and never without a word.

use std::time::Duration;

use runtime_exposition::push::{
    OtlpConfig, PushEvent, PushSchedule, Pusher, PusherHandle, PushgatewayConfig, Temporality,
};

use crate::receiver::{Behaviour, PATIENCE, Receiver, acknowledge, refuse};
use crate::run::{Run, Told, exposition, hasty};

/// A pusher that pushes at the end only.
fn pusher(receiver: &Receiver, schedule: PushSchedule) -> (Pusher, PusherHandle, Told) {
    let config = OtlpConfig::builder()
        .endpoint(receiver.url("/v1/metrics"))
        .temporality(Temporality::Delta)
        .schedule(PushSchedule { interval: Duration::MAX, ..schedule });
    let told = Told::default();
    let pusher = told.by(Pusher::new(&exposition(), config.build().unwrap()).unwrap());
    let handle = pusher.handle();
    (pusher, handle, told)
}

const OVER: &str = "the time of the shutdown was over before the last push was";

#[tokio::test]
async fn the_end_does_not_wait_longer_than_it_may_for_a_receiver_that_hangs() {
    let receiver = Receiver::start([], Behaviour::Hang { takes: false }).await;
    let schedule = PushSchedule { shutdown_timeout: Duration::from_millis(30), ..hasty() };
    let (pusher, _, told) = pusher(&receiver, schedule);
    // The time that one attempt may take is the patience of all these tests.
    let (_, statistics) = Run::start_pusher(pusher).stop().await;
    assert!(statistics.is_failing());
    assert_eq!(statistics.last_error(), Some(OVER));
    let address = receiver.url("/v1/metrics").into();
    assert_eq!(told.events(), [PushEvent::LastPushFailed { address, error: OVER.to_owned() }]);
}

#[tokio::test]
async fn whoever_stops_a_pusher_says_how_long_it_may_take_and_is_told_what_it_waits_for() {
    const LIMIT: Duration = Duration::from_millis(60);
    let receiver = Receiver::start([], refuse("503 Service Unavailable")).await;
    let (pusher, handle, told) = pusher(&receiver, hasty());
    let run = Run::start_pusher(pusher);
    let (_, statistics) = run.stop_by(|_stop| handle.stop_within(LIMIT)).await;
    let last = statistics.last_error().unwrap();
    assert!(last.starts_with(OVER), "{last}");
    assert!(last.ends_with("; the last failure before: HTTP 503 Service Unavailable"), "{last}");
    match &told.events()[..] {
        [PushEvent::LastPushDelayed { error, left, .. }, PushEvent::LastPushFailed { error: end, .. }] => {
            assert_eq!(error, "HTTP 503 Service Unavailable");
            assert!(*left <= LIMIT);
            assert_eq!(end, last);
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_last_push_that_is_abandoned_ends_at_once_and_is_told_of() {
    let receiver = Receiver::start([], Behaviour::Hang { takes: false }).await;
    let (pusher, handle, told) =
        pusher(&receiver, PushSchedule { shutdown_timeout: Duration::MAX, ..hasty() });
    let run = Run::start_pusher(pusher);
    let monitor = run.monitor.clone();
    tokio::spawn(async move {
        while monitor.statistics().attempts() == 0 {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        handle.abandon();
    });
    let (_, statistics) = run.stop().await;
    assert!(statistics.is_failing());
    assert!(
        matches!(&told.events()[..], [PushEvent::LastPushFailed { error, .. }] if error.contains("told to end at once")),
        "{:?}",
        told.events()
    );
}

#[tokio::test]
async fn a_last_push_that_is_refused_is_told_of_once_and_not_as_an_outage_that_goes_on() {
    let receiver = Receiver::start([], refuse("400 Bad Request")).await;
    let (pusher, _, told) = pusher(&receiver, hasty());
    Run::start_pusher(pusher).stop().await;
    let (address, error) = (receiver.url("/v1/metrics").into(), "HTTP 400 Bad Request".to_owned());
    assert_eq!(told.events(), [PushEvent::LastPushFailed { address, error }]);
}

#[tokio::test]
async fn an_end_that_comes_while_an_attempt_waits_is_no_outage_if_the_last_push_arrives() {
    let receiver = Receiver::start([refuse("503 Service Unavailable")], acknowledge()).await;
    let schedule = PushSchedule { first_retry: 50 * PATIENCE, push_timeout: Duration::MAX, ..hasty() };
    let config = OtlpConfig::builder().endpoint(receiver.url("/v1/metrics")).schedule(schedule);
    let told = Told::default();
    let pusher = told.by(Pusher::new(&exposition(), config.build().unwrap()).unwrap());
    let run = Run::start_pusher(pusher);
    run.until(|statistics| statistics.attempts() == 1).await;
    let (_, statistics) = run.stop().await;
    assert!(!statistics.is_failing());
    assert!(
        told.events().iter().all(|event| matches!(event, PushEvent::Retrying { .. })),
        "{:?}",
        told.events()
    );
}

#[tokio::test]
async fn a_group_that_is_not_deleted_is_told_of() {
    let receiver = Receiver::start([acknowledge()], refuse("500 Internal Server Error")).await;
    let config = PushgatewayConfig::builder(receiver.url(""), "exp")
        .delete_on_shutdown()
        .schedule(PushSchedule { interval: Duration::MAX, ..hasty() });
    let told = Told::default();
    let pusher = told.by(Pusher::new(&exposition(), config.build().unwrap()).unwrap());
    let (_, statistics) = Run::start_pusher(pusher).stop().await;
    assert_eq!((statistics.acknowledged(), statistics.is_failing()), (1, false));
    let (address, error) = (receiver.url("/").into(), "HTTP 500 Internal Server Error".to_owned());
    assert_eq!(told.events(), [PushEvent::FarewellFailed { address, error }]);
}
