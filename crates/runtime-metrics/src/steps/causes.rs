//! Causes and effects at each step of a cut: one thread records, then another one does, while the cut stands still.
//!
//! In the first pass the one that records first is read first; so at the stop between the two its record is past the pass and the
//! other's is not. The pairs differ in who records by labels and who by a handle, for which another way through a record is
//! taken.

use std::collections::BTreeSet;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::Scope;

use super::stage::{Cut, Stage};
use super::{metrics, step_through};
use crate::fence::FenceMode;
use crate::{Metrics, Snapshot};

/// Pairs of a cause and an effect. In the first one the cause is recorded by labels and the effect by a handle: a handle's record
/// looks at the phase only after its add.
const PAIRS: usize = 4;

/// Windows, each with a cut before and after its end.
const ROUNDS: u64 = 3;

/// A thread that records when it is told to.
struct Recorder {
    ask: Sender<usize>,
    done: Receiver<()>,
}

impl Recorder {
    /// One for the paths of `role`; by handle those of the pairs that `by_handle` says.
    fn spawn<'scope>(
        scope: &'scope Scope<'scope, '_>,
        metrics: &'scope Metrics,
        role: &'scope str,
        by_handle: fn(usize) -> bool,
    ) -> Self {
        let (ask, asked) = channel();
        let (tell, done) = channel();
        scope.spawn(move || {
            let paths: [String; PAIRS] = std::array::from_fn(|pair| path(role, pair));
            let counters = paths.each_ref().map(|path| metrics.request_counter(path));
            for pair in asked {
                if by_handle(pair) {
                    counters[pair].record();
                } else {
                    metrics.record_request(&paths[pair]);
                }
                tell.send(()).unwrap();
            }
        });
        Self { ask, done }
    }

    /// Returns when it has recorded.
    fn record(&self, pair: usize) {
        self.ask.send(pair).unwrap();
        self.done.recv().unwrap();
    }
}

fn path(role: &str, pair: usize) -> String {
    format!("/{role}/{pair}")
}

/// What a cut has counted of each pair.
fn counted(snapshot: &Snapshot) -> [(u64, u64); PAIRS] {
    let count = |role, pair| snapshot.requests().requests_by_path().get(&path(role, pair)).unwrap_or(0);
    std::array::from_fn(|pair| (count("cause", pair), count("effect", pair)))
}

fn record_at_each_step(mode: FenceMode) {
    let Some(metrics) = metrics(mode) else { return };
    std::thread::scope(|scope| {
        let cause = Recorder::spawn(scope, &metrics, "cause", |pair| pair % 2 == 1);
        let effect = Recorder::spawn(scope, &metrics, "effect", |pair| pair < 2);
        let mut recorded = 0;
        let mut record = || {
            for pair in 0..PAIRS {
                cause.record(pair);
                effect.record(pair);
            }
            recorded += 1;
            recorded
        };
        let mut ended = [(0, 0); PAIRS];
        let mut stages = BTreeSet::new();
        for cut in [Cut::Snapshot, Cut::Reset, Cut::Snapshot].repeat(ROUNDS as usize) {
            // The second record by a handle in a window is one that takes the short way.
            record();
            let (before, mut after) = (record(), 0);
            let taken = step_through(&metrics, cut, |stage, _| {
                stages.insert(stage);
                after = record();
            });
            for (pair, (counted, ended)) in counted(&taken).into_iter().zip(&mut ended).enumerate() {
                let (causes, effects) = (counted.0 + ended.0, counted.1 + ended.1);
                assert!(effects <= causes, "rule 4: {causes} {effects}, pair {pair}, {cut:?}");
                assert!(before <= effects && causes <= after, "rule 3: {before} {causes} {effects} {after}");
                if cut == Cut::Reset {
                    *ended = (causes, effects);
                }
            }
        }
        assert!([Stage::Opened, Stage::FirstPass, Stage::Closed].iter().all(|stage| stages.contains(stage)));
        let recorded = record();
        for (counted, ended) in counted(&metrics.snapshot()).iter().zip(ended) {
            assert_eq!((counted.0 + ended.0, counted.1 + ended.1), (recorded, recorded), "rule 6");
        }
    });
}

#[test]
fn a_cut_holds_a_cause_with_its_effect_at_whichever_of_its_steps_they_are_recorded_with_portable_fences() {
    record_at_each_step(FenceMode::Portable);
}

#[test]
fn a_cut_holds_a_cause_with_its_effect_at_whichever_of_its_steps_they_are_recorded_with_asymmetric_fences() {
    record_at_each_step(FenceMode::Asymmetric);
}
