//! Every cut of a log, against the six rules.
//!
//! All cuts of the registry are in the log, so they are put in order by their number, and the windows are added up: what the
//! threads have recorded up to a cut is what the windows before it counted, and its own counts.

use std::collections::BTreeMap;

use runtime_metrics::OVERFLOW_LABEL;

use crate::bounds::Bounds;
use crate::expected::{Deliveries, requests};
use crate::run::{Log, Observation};
use crate::schedule::{Limits, Look};
use crate::sums::assert_sums_agree;
use crate::tally::Tally;

/// A cut, and everything that was counted up to it.
struct Cut<'a> {
    observation: &'a Observation,
    /// All windows so far.
    total: Tally<'a>,
    bounds: Bounds,
    /// How many resets came before.
    window: usize,
}

/// Fails if what the threads saw breaks a rule.
pub(crate) fn check(limits: Limits, log: &Log) {
    for observation in &log.observations {
        assert_sums_agree(&observation.snapshot, limits);
    }
    let cuts = in_order(log);
    let cuts = narrowed(log, added_up(log, &cuts));
    for cut in &cuts {
        cut.bounds.assert_possible();
        assert_requests_fit(limits, log, cut);
        Deliveries::new(log, &cut.bounds.delivered, limits).assert_explain(&cut.total, cut.window);
    }
    // Rule 6: the last cut was taken when all had returned, so its bounds are what was recorded.
    let last = cuts.last().unwrap();
    assert_eq!(last.bounds.least, last.bounds.most);
}

/// The cuts, each once. What was published is one of them, or the empty window that a reset opened.
fn in_order(log: &Log) -> Vec<Observation> {
    let mut observations = log.observations.clone();
    // Who took a cut before those who may have found it published.
    let rank = |look| match look {
        Look::Snapshot | Look::Reset | Look::Pause(_) => 0,
        Look::SnapshotWithin => 1,
        Look::Latest => 2,
    };
    observations.sort_by_key(|seen| (seen.snapshot.sequence(), rank(seen.look)));
    let mut cuts: Vec<Observation> = Vec::new();
    for observation in observations {
        let snapshot = &observation.snapshot;
        match cuts.last_mut() {
            Some(cut) if cut.snapshot.sequence() == snapshot.sequence() => {
                assert!(rank(observation.look) > 0, "two cuts with one number");
                if cut.look == Look::Reset {
                    assert!(Tally::of(snapshot).is_empty(), "published before the window's first cut");
                } else {
                    assert_eq!(*snapshot, cut.snapshot);
                    cut.share(&observation);
                }
            }
            None if snapshot.sequence() == 0 => {
                assert!(rank(observation.look) > 0, "a cut without a number");
                assert!(Tally::of(snapshot).is_empty(), "published before the window's first cut");
            }
            last => {
                let last = last.map_or(0, |cut| cut.snapshot.sequence());
                assert_eq!(snapshot.sequence(), last + 1, "numbers grow by one");
                assert_ne!(observation.look, Look::Latest, "what is published is a cut that somebody took");
                cuts.push(observation);
            }
        }
    }
    cuts
}

/// Adds up the windows, and checks rule 5 within each.
fn added_up<'a>(log: &Log, observations: &'a [Observation]) -> Vec<Cut<'a>> {
    let (mut ended, mut window) = (Tally::default(), 0);
    let mut earlier: Option<&Observation> = None;
    let mut cuts = Vec::new();
    for observation in observations {
        let snapshot = &observation.snapshot;
        let counted = Tally::of(snapshot);
        if let Some(earlier) = earlier {
            assert!(counted.covers(&Tally::of(&earlier.snapshot)), "rule 5: a count went down");
            assert_eq!(snapshot.window_started_at(), earlier.snapshot.window_started_at());
            assert!(earlier.snapshot.taken_at() <= snapshot.taken_at());
        }
        let total = ended.plus(&counted);
        let responses: u64 = total.responses.values().sum();
        let values: u64 = total.values.values().sum();
        assert!(responses >= log.crowd.responses && values >= log.crowd.values, "rule 3");
        let bounds =
            Bounds::new(log, observation, responses - log.crowd.responses, values - log.crowd.values);
        if observation.look == Look::Reset {
            ended = total.clone();
            window += 1;
            earlier = None;
        } else {
            earlier = Some(observation);
        }
        cuts.push(Cut { observation, total, bounds, window: window - usize::from(earlier.is_none()) });
    }
    cuts
}

/// Narrows the bounds of the cuts by each other.
fn narrowed<'a>(log: &Log, mut cuts: Vec<Cut<'a>>) -> Vec<Cut<'a>> {
    for number in 0..cuts.len() {
        let (earlier, later) = cuts.split_at_mut(number);
        let Some(cut) = later.first_mut() else { break };
        if let Some(earlier) = earlier.last() {
            cut.bounds.follow(&earlier.bounds);
        }
        cut.bounds.close(log);
    }
    for number in (1..cuts.len()).rev() {
        let (earlier, later) = cuts.split_at_mut(number);
        if let (Some(earlier), Some(cut)) = (earlier.last_mut(), later.first()) {
            earlier.bounds.precede(&cut.bounds);
            earlier.bounds.close(log);
        }
    }
    cuts
}

/// Fails unless the requests of a cut lie between its bounds, in all and by path.
fn assert_requests_fit(limits: Limits, log: &Log, cut: &Cut<'_>) {
    let (least, most) = (requests(log, &cut.bounds.least, limits), requests(log, &cut.bounds.most, limits));
    let shown = &cut.total.requests;
    let total: u64 = shown.values().sum();
    let possible = least.values().sum::<u64>()..=most.values().sum();
    assert!(
        possible.contains(&total),
        "rule 3, 4 or 6: {total} requests, not {possible:?}: {:?}",
        cut.bounds
    );

    let at = |counts: &BTreeMap<&str, u64>, path: &str| counts.get(path).copied().unwrap_or(0);
    let overflowed = at(shown, OVERFLOW_LABEL);
    assert!(overflowed >= at(&least, OVERFLOW_LABEL), "rule 3, 4 or 6: {overflowed} requests overflowed");
    for path in shown.keys().chain(least.keys()).filter(|path| **path != OVERFLOW_LABEL) {
        let count = at(shown, path);
        assert!(count <= at(&most, path), "rule 4 or 6: {count} requests of {path:?}");
        assert!(count + overflowed >= at(&least, path), "rule 3 or 6: {count} requests of {path:?}");
    }
    // A path gives way only when there is no place left. (In a later window, what was in progress at a reset may have given
    // way in the one before.)
    let everything: Vec<u32> = log.writers.iter().map(|writer| writer.records.len() as u32).collect();
    let in_window = cut.observation.snapshot.requests();
    let may_fit = !requests(log, &everything, limits).contains_key(OVERFLOW_LABEL);
    if may_fit && cut.window == 0 && in_window.overflow().records() > 0 {
        assert_eq!(in_window.occupancy().series(), limits.request_series);
    }
}
