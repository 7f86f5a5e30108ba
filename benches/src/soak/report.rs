//! What a soak tells: lines of JSON.

use std::collections::BTreeMap;

use serde::Serialize;

use super::memory::Trend;
use super::scene::{Scene, Shared};
use super::totals::Totals;
use super::violation::Rule;

/// How far a soak is. All counts are since the start.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Progress {
    /// Seconds since the start.
    pub elapsed_seconds: f64,
    /// Records that have returned.
    pub records: u64,
    /// Records a second since the line before.
    pub records_per_second: u64,
    /// Snapshots that were taken and checked.
    pub snapshots: u64,
    /// Cuts and published snapshots of which all maps were checked.
    pub thorough: u64,
    /// Cuts taken while nothing was in progress, and so checked to the unit.
    pub exact: u64,
    /// Published snapshots that were read.
    pub latest: u64,
    /// Resets.
    pub resets: u64,
    /// Turns of the causal chains.
    pub chain_turns: u64,
    /// Threads that were born and have ended.
    pub threads_born: u64,
    /// Children that were forked and have ended.
    pub forks: u64,
    /// Violations by rule; rules without one are left out.
    pub violations: BTreeMap<&'static str, u64>,
    /// Resident memory.
    pub resident_bytes: u64,
    /// The largest resident memory so far.
    pub peak_bytes: u64,
    /// Each registry.
    pub scenes: Vec<SceneProgress>,
}

/// How far one registry is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct SceneProgress {
    /// Its scene's name.
    pub scene: &'static str,
    /// Cuts that were taken of it.
    pub cuts: u64,
    /// Records that have returned.
    pub records: u64,
    /// The most request series that were in use at a cut.
    pub request_series: u32,
    /// The most delivery series that were in use at a cut.
    pub delivery_series: u32,
    /// Records of all ended windows that have a label over a limit.
    pub overflowed: u64,
}

impl SceneProgress {
    /// How far `scene` is.
    #[must_use]
    pub fn of(scene: &Scene) -> Self {
        let fullness = scene.fullness();
        Self {
            scene: scene.name(),
            cuts: scene.ledger().cuts(),
            records: scene.records(),
            request_series: fullness.request_series(),
            delivery_series: fullness.delivery_series(),
            overflowed: fullness.overflowed(),
        }
    }
}

impl Progress {
    /// What was done in `scenes` so far. Times and memory are the caller's to fill in.
    #[must_use]
    pub fn of<'a>(shared: &Shared, scenes: impl Iterator<Item = &'a Scene> + Clone) -> Self {
        let activity = &shared.activity;
        let violations = Rule::ALL.into_iter().map(|rule| (rule.name(), shared.violations.of(rule)));
        Self {
            elapsed_seconds: 0.0,
            records: scenes.clone().map(Scene::records).sum(),
            records_per_second: 0,
            snapshots: activity.snapshots.get(),
            thorough: activity.thorough.get(),
            exact: scenes.clone().map(|scene| scene.ledger().quiet_cuts()).sum(),
            latest: activity.latest.get(),
            resets: activity.resets.get(),
            chain_turns: activity.turns.get(),
            threads_born: activity.threads_born.get(),
            forks: activity.forks.get(),
            violations: violations.filter(|(_, count)| *count > 0).collect(),
            resident_bytes: 0,
            peak_bytes: 0,
            scenes: scenes.map(SceneProgress::of).collect(),
        }
    }

    /// What was never done, so that nothing is shown about it.
    #[must_use]
    pub fn left_out(&self) -> Vec<&'static str> {
        let done = [
            ("records", self.records),
            ("snapshots", self.snapshots),
            ("thorough checks", self.thorough),
            ("exact checks", self.exact),
            ("latest", self.latest),
            ("resets", self.resets),
            ("chain turns", self.chain_turns),
            ("threads", self.threads_born),
            ("forks", self.forks),
        ];
        done.into_iter().filter(|(_, times)| *times == 0).map(|(what, _)| what).collect()
    }
}

/// How a soak ended.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// `passed` or `failed`.
    pub verdict: &'static str,
    /// Why it failed.
    pub reasons: Vec<String>,
    /// Whether it was ended before its time.
    pub interrupted: bool,
    /// What was recorded, by the threads' own books.
    pub recorded: Totals,
    /// What the windows of all resets and the last snapshots count.
    pub counted: Totals,
    /// How memory went on.
    #[serde(flatten)]
    pub trend: Trend,
    /// Everything else, since the start; records a second on average.
    #[serde(flatten)]
    pub progress: Progress,
}

impl Verdict {
    /// Judges.
    #[must_use]
    pub fn new(
        progress: Progress,
        recorded: Totals,
        counted: Totals,
        trend: Trend,
        interrupted: bool,
    ) -> Self {
        let mut reasons = Vec::new();
        let violations: u64 = progress.violations.values().sum();
        if violations > 0 {
            reasons.push(format!("{violations} violations"));
        }
        for ((kind, recorded), (_, counted)) in recorded.by_kind().into_iter().zip(counted.by_kind()) {
            if recorded != counted {
                reasons.push(format!("{recorded} {kind} recorded, but {counted} counted"));
            }
        }
        if !trend.flat {
            reasons.push(format!("memory grew from {} to {} bytes", trend.second, trend.last));
        }
        // Who ends a soak early knows that it has not done everything.
        if !interrupted {
            reasons.extend(progress.left_out().into_iter().map(|what| format!("no {what}")));
        }
        let verdict = if reasons.is_empty() { "passed" } else { "failed" };
        Self { verdict, reasons, interrupted, recorded, counted, trend, progress }
    }

    /// Whether nothing speaks against it.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.reasons.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FLAT: Trend = Trend { second: 5, last: 5, flat: true };
    const SOME: Totals = Totals { requests: 9, responses: 2, values: 4 };

    fn progress() -> Progress {
        let mut progress = Progress::of(&Shared::default(), [].into_iter());
        assert_eq!(progress.left_out().len(), 9);
        for count in [
            &mut progress.records,
            &mut progress.snapshots,
            &mut progress.thorough,
            &mut progress.exact,
            &mut progress.latest,
            &mut progress.resets,
            &mut progress.chain_turns,
            &mut progress.threads_born,
            &mut progress.forks,
        ] {
            *count = 1;
        }
        progress
    }

    #[test]
    fn a_soak_passes_if_nothing_speaks_against_it() {
        let verdict = Verdict::new(progress(), SOME, SOME, FLAT, false);
        assert_eq!((verdict.passed(), verdict.verdict), (true, "passed"));
        let line = serde_json::to_string(&verdict).unwrap();
        assert!(line.starts_with(r#"{"verdict":"passed","reasons":[],"#), "{line}");
        assert!(line.contains(r#""memory_flat":true"#) && line.contains(r#""forks":1"#), "{line}");
    }

    #[test]
    fn a_soak_fails_for_a_violation_a_lost_record_growing_memory_or_something_left_out() {
        let reasons = |progress, counted, trend| {
            let verdict = Verdict::new(progress, SOME, counted, trend, false);
            assert_eq!((verdict.passed(), verdict.verdict), (false, "failed"));
            verdict.reasons
        };
        let violations = [("causality", 3)].into_iter().collect();
        assert_eq!(reasons(Progress { violations, ..progress() }, SOME, FLAT), ["3 violations"]);
        let lost = Totals { values: 3, ..SOME };
        assert_eq!(reasons(progress(), lost, FLAT), ["4 values recorded, but 3 counted"]);
        let growing = Trend { last: 50, flat: false, ..FLAT };
        assert_eq!(reasons(progress(), SOME, growing), ["memory grew from 5 to 50 bytes"]);
        let unforked = Progress { forks: 0, ..progress() };
        assert_eq!(reasons(unforked.clone(), SOME, FLAT), ["no forks"]);
        assert!(Verdict::new(unforked, SOME, SOME, FLAT, true).passed(), "ended early");
    }
}
