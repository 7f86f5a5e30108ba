//! Short soaks: of the registry, and of writers and cuts that are wrong.

use std::collections::BTreeMap;

use super::*;
use crate::soak::account::{Account, Kind};
use crate::soak::bounds::Bounds;
use runtime_metrics::Metrics;

#[test]
fn a_soak_of_two_seconds_does_everything_and_finds_nothing() {
    let verdict = soak(Duration::from_secs(2), &AtomicBool::new(false), |_| ()).unwrap();
    // The verdict itself also judges memory, which other tests of this process use, too.
    assert_eq!(verdict.progress.violations, BTreeMap::new());
    assert_eq!(verdict.progress.left_out(), [""; 0]);
    assert_eq!(verdict.recorded, verdict.counted);
    assert!(verdict.recorded.requests > 0 && verdict.recorded.values > 0);
}

#[test]
fn a_soak_that_is_interrupted_ends_at_once_with_a_verdict() {
    let begin = Instant::now();
    let verdict = soak(Duration::from_secs(3_600), &AtomicBool::new(true), |_| ()).unwrap();
    assert!(verdict.interrupted && verdict.passed(), "{:?}", verdict.reasons);
    assert!(begin.elapsed() < STUCK);
}

/// A scene of one account of requests for `/`.
fn scene(shared: &Arc<Shared>) -> (Scene, Arc<Account>) {
    let account = Arc::new(Account::new(Kind::Request, vec!["/".to_owned()]));
    let bounds = Bounds { series: 10_000, label_bytes: 1_024, has_room: true };
    let accounts = vec![Arc::clone(&account)];
    (Scene::new("test", Metrics::new(), bounds, accounts, Vec::new(), Arc::clone(shared)), account)
}

#[test]
fn one_record_lost_in_a_million_is_caught() {
    for lost in [None, Some(765_432)] {
        let shared = Arc::new(Shared::default());
        let (scene, account) = scene(&shared);
        let counter = scene.metrics().request_counter("/");
        let mut number = 0;
        account.record(1_000_000, || {
            number += 1;
            if Some(number) != lost {
                counter.record();
            }
        });
        scene.observe(CutKind::Reset, Depth::Maps);
        // The label and the total.
        let expected = if lost.is_some() { 2 } else { 0 };
        assert_eq!(shared.violations.of(Rule::Conservation), expected);
        assert_eq!(shared.violations.total(), expected);
    }
}

#[test]
fn a_record_that_nobody_has_made_is_caught() {
    let shared = Arc::new(Shared::default());
    let (scene, _) = scene(&shared);
    scene.metrics().record_request("/elsewhere");
    scene.observe(CutKind::Snapshot, Depth::Totals);
    assert_eq!(shared.violations.of(Rule::Conservation), 1);
}

#[test]
fn a_cut_that_nobody_has_observed_is_caught() {
    let shared = Arc::new(Shared::default());
    let (scene, _) = scene(&shared);
    scene.metrics().reset();
    scene.observe(CutKind::Snapshot, Depth::Totals);
    assert_eq!(scene.ledger().close().map(|violation| violation.rule), Some(Rule::Sequence));
}

#[test]
fn a_thread_that_panicked_is_caught() {
    let shared = Shared::default();
    end(vec![spawn("actor".to_owned(), || panic!("an actor that panics")).unwrap()], &shared);
    assert_eq!(shared.violations.of(Rule::Progress), 1);
}
