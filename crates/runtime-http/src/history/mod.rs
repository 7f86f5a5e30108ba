//! What was counted lately, kept in fixed memory: the last minute, the last hour, the last day.
//!
//! For whoever opens a page after an incident and has no server that would have stored it. A [`History`] is shown snapshots, one a second, and keeps
//! what was counted between them, in three [spans](SPANS) of ever longer intervals:
//!
//! | span | intervals | of |
//! |---|---|---|
//! | the last minute | 60 | 1 s |
//! | the last hour | 60 | 1 min |
//! | the last day | 144 | 10 min |
//!
//! Of each interval it keeps how many requests, configuration responses and values were counted, and its [`BUSIEST`] busiest series of requests and of deliveries.
//!
//! # Exactness
//!
//! Every interval is the difference of two snapshots, so its counts are exact, for as long as it says it was: from cut to cut, not from full
//! second to full second. A rate is its count by its own seconds. Where nobody took a snapshot for a while, one longer interval covers it.
//!
//! - **Resets.** A count is never negative. What was recorded between the last snapshot before a reset and the reset is in no snapshot
//!   that the history was shown, and so in none of its intervals. An interval in which a reset came says so; resets between two
//!   snapshots one after the other are noticed as one.
//! - **Forks.** A child's counts are another life's: with its first snapshot the history begins anew.
//! - **Series that are not listed** in an interval were counted no more than those that are; if no more than [`BUSIEST`] were counted, all are listed. With a reset in it,
//!   an interval's lists are put together from those of its parts, and a series may lack what it had in a part whose list it was not in. Series whose labels are the same
//!   once they are cut are listed as one.
//!
//! # Memory
//!
//! At most [`LARGEST_BYTES`] for the intervals, whatever the labels are: labels over [`LONGEST_LABEL`] bytes are kept cut, and one that an interval has
//! in common with the interval before is kept once. Typically it is some 100 kB. Beside that at most four snapshots, which
//! [keep the labels of their window](runtime_metrics#limitations).

mod busiest;
mod document;
mod label;
mod point;
mod span;

use std::time::Duration;

use runtime_exposition::CallerLabels;
use runtime_metrics::Snapshot;

use label::Label;
use point::Point;
use span::Span;

pub use document::HistoryDocument;
pub use label::LONGEST_LABEL;

/// How many series of requests, and how many of deliveries, are kept of an interval.
pub const BUSIEST: usize = 10;

/// The spans: how long an interval is at least, but for half a second, and how many are kept.
pub const SPANS: [(Duration, usize); 3] =
    [(Duration::from_secs(1), 60), (Duration::from_secs(60), 60), (Duration::from_secs(600), 144)];

/// The most bytes that the intervals of a history take: 3 MB.
///
/// That is (264 kept + 3 in progress) intervals × 10 busiest × (1 label of a path + 3 labels of a delivery), each of [`LONGEST_LABEL`] bytes and 16 of its header,
/// and what names them.
pub const LARGEST_BYTES: usize = {
    let label = LONGEST_LABEL + 16;
    let lists = BUSIEST * (size_of::<([Label; 1], u64)>() + size_of::<([Label; 3], u64)>() + 4 * label);
    let (mut intervals, mut span) = (0, 0);
    while span < SPANS.len() {
        intervals += SPANS[span].1 + 1;
        span += 1;
    }
    intervals * (size_of::<Point>() + lists)
};

/// What was counted lately.
///
/// It does no I/O and reads no clock: whoever has it shows it snapshots. The routes do so by themselves.
///
/// ```
/// use std::time::Duration;
///
/// use runtime_exposition::{CallerLabels, RequestLabel};
/// use runtime_http::history::History;
/// use runtime_metrics::Metrics;
///
/// let (metrics, mut history) = (Metrics::new(), History::new(CallerLabels::Hashed));
/// history.record(Duration::from_secs(10), &metrics.snapshot());
/// metrics.record_request("/");
/// history.record(Duration::from_secs(11), &metrics.snapshot());
///
/// let document = serde_json::to_value(history.document(RequestLabel::Path)).unwrap();
/// assert_eq!(document["spans"][0]["intervals"][0]["requests"], 1);
/// ```
#[derive(Debug)]
pub struct History {
    callers: CallerLabels,
    spans: [Span; 3],
    /// The last snapshot that it was shown.
    last: Option<Snapshot>,
}

impl History {
    /// Nothing was counted yet. Callers are kept as they are to be shown: as they were recorded, [hashed](CallerLabels::Hashed), or [not at all](CallerLabels::Dropped).
    #[must_use]
    pub fn new(callers: CallerLabels) -> Self {
        Self { callers, spans: SPANS.map(|(width, most)| Span::new(width, most)), last: None }
    }

    /// Takes note of a snapshot. `at` is its instant on a clock that never goes back, such as its
    /// [`process_uptime`](runtime_metrics::ProcessRuntimeSnapshot::process_uptime).
    ///
    /// A snapshot that is not later than the last one of its process life is passed over.
    ///
    /// *Cost:* one pass over the series of two snapshots for each span whose interval ends, so mostly for the shortest one.
    pub fn record(&mut self, at: Duration, snapshot: &Snapshot) {
        let Some(last) = self.last.as_ref().filter(|last| is_same_life(last, snapshot)) else {
            self.spans = SPANS.map(|(width, most)| Span::new(width, most));
            self.spans.iter_mut().for_each(|span| span.begin(at, snapshot));
            self.last = Some(snapshot.clone());
            return;
        };
        if snapshot.sequence() <= last.sequence() {
            return;
        }
        for span in &mut self.spans {
            if last.window_id() != snapshot.window_id() {
                span.end_window(last, self.callers);
            }
            span.advance(at, snapshot, self.callers);
        }
        self.last = Some(snapshot.clone());
    }
}

fn is_same_life(one: &Snapshot, other: &Snapshot) -> bool {
    one.process().instance_id() == other.process().instance_id()
}

#[cfg(test)]
mod tests;
