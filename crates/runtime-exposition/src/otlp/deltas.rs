//! What was told already, so that everything is told once.

use std::collections::VecDeque;

use runtime_metrics::Snapshot;

use crate::interval::{Interval, WindowKey};

/// Ended windows that wait to be told. Each keeps its labels in memory.
const MOST_ENDED: usize = 16;

/// Windows of which something was told, and that have not ended as far as is known: the present one, and some whose reset is in progress.
const MOST_OPEN: usize = 4;

/// Windows that are known to be over. 32 bytes each.
const MOST_OVER: usize = 1_024;

/// What of a registry is still to be told, in delta temporality.
///
/// It holds no counter and does no I/O: shown a snapshot, it says which [interval](Self::next) comes next; told that the interval
/// [arrived](Self::acknowledge), it remembers. Whoever sends, sends intervals until there is no next one:
///
/// ```
/// use runtime_exposition::otlp::{Deltas, Encoding};
/// use runtime_exposition::Exposition;
/// use runtime_metrics::Metrics;
///
/// let (metrics, exposition) = (Metrics::new(), Exposition::builder().build()?);
/// let mut deltas = Deltas::new();
///
/// metrics.record_request("/");
/// deltas.window_ended(metrics.reset()); // whoever resets hands over what the reset returned
/// metrics.record_request("/");
///
/// let snapshot = metrics.snapshot();
/// let mut sent = Vec::new();
/// while let Some(interval) = deltas.next(&snapshot) {
///     let mut body = Vec::new();
///     exposition.otlp_delta(Encoding::Protobuf, &interval, &mut body);
///     sent.push(body); // an interval that does not arrive is not acknowledged, and comes again
///     deltas.acknowledge(&interval);
/// }
/// assert_eq!(sent.len(), 2);
/// # Ok::<(), runtime_exposition::ExpositionError>(())
/// ```
///
/// # Exactness
///
/// Whatever is recorded is in exactly one interval, through any number of resets, as long as every snapshot that a reset returns
/// is handed to [`window_ended`](Self::window_ended), be it before or after snapshots of the next window are shown. Nothing is ever
/// told twice, and no delta is negative. What is lost, and when:
///
/// - Of a window whose end is never handed over, what came after its last acknowledged snapshot. The next window's interval starts at
///   that window's start, so the time in between is covered by no interval.
/// - Of a window whose end is handed over after snapshots of four later windows were acknowledged, the same.
/// - While nothing can be sent, 16 ended windows are kept. The oldest one of more is lost.
///
/// [`lost_windows`](Self::lost_windows) counts these windows.
///
/// A forked child counts from zero under another instance ID: with its first snapshot everything of its parent is forgotten, which
/// the parent still tells itself. A registry's windows are its own, too, so another registry begins anew and is never mixed in.
///
/// *Cost:* keeps the last acknowledged snapshot of the window, and with it its labels.
#[derive(Debug, Default)]
pub struct Deltas {
    /// In the order in which they were met.
    windows: VecDeque<Window>,
    /// Windows of which nothing is told any more, the oldest first.
    over: VecDeque<WindowKey>,
    lost: u64,
}

/// A window that may have something to tell.
#[derive(Debug)]
struct Window {
    key: WindowKey,
    /// The last snapshot of it that was told.
    told: Option<Snapshot>,
    /// Its last one.
    ended: Option<Snapshot>,
}

impl Deltas {
    /// Nothing was told yet: each window is told from its beginning.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What a snapshot holds was told already, or need not be.
    #[must_use]
    pub fn since(snapshot: Snapshot) -> Self {
        let mut deltas = Self::new();
        let window = deltas.window(&snapshot);
        window.told = Some(snapshot);
        deltas
    }

    /// Takes over the snapshot that a reset returned: the last one of its window.
    pub fn window_ended(&mut self, ended: Snapshot) {
        if self.is_over(&ended) {
            return;
        }
        let window = self.window(&ended);
        window.ended.get_or_insert(ended);
        self.bound();
    }

    /// The interval to send next, given the last snapshot of the registry: first those of windows that have ended, then that of the
    /// snapshot's own. None if all was told. The same one again until it is acknowledged, though the last one may then be longer.
    #[must_use]
    pub fn next(&self, snapshot: &Snapshot) -> Option<Interval> {
        let key = WindowKey::of(snapshot);
        let mut same_life = self.windows.iter().filter(|window| window.key.instance_id == key.instance_id);
        if let Some((window, ended)) = same_life.find_map(|window| Some((window, window.ended.clone()?))) {
            return Some(Interval::new(window.told.clone(), ended));
        }
        let told =
            self.windows.iter().find(|window| window.key == key).and_then(|window| window.told.clone());
        let told_up_to = told.as_ref().map_or_else(|| snapshot.window_opened_by(), Snapshot::sequence);
        let is_news = snapshot.sequence() > told_up_to && !self.is_over(snapshot);
        is_news.then(|| Interval::new(told, snapshot.clone()))
    }

    /// Takes note that an interval was told.
    pub fn acknowledge(&mut self, interval: &Interval) {
        let until = interval.until();
        if self.is_over(until) {
            return;
        }
        let window = self.window(until);
        if window.ended.as_ref().is_some_and(|ended| ended.sequence() <= until.sequence()) {
            let key = window.key;
            self.end(|window| window.key == key);
        } else if window.told.as_ref().is_none_or(|told| told.sequence() < until.sequence()) {
            window.told = Some(until.clone());
            self.bound();
        }
    }

    /// How many windows were given up of which something may not have been told.
    #[must_use]
    pub fn lost_windows(&self) -> u64 {
        self.lost
    }

    fn is_over(&self, snapshot: &Snapshot) -> bool {
        self.over.contains(&WindowKey::of(snapshot))
    }

    /// The window of a snapshot. Those of other process lives are over.
    fn window(&mut self, snapshot: &Snapshot) -> &mut Window {
        let key = WindowKey::of(snapshot);
        self.end(|window| window.key.instance_id != key.instance_id);
        let place = self.windows.iter().position(|window| window.key == key).unwrap_or_else(|| {
            self.windows.push_back(Window { key, told: None, ended: None });
            self.windows.len() - 1
        });
        &mut self.windows[place]
    }

    /// Gives up the oldest windows of more than are kept.
    fn bound(&mut self) {
        let kinds = [(MOST_OPEN, false), (MOST_ENDED, true)];
        for (most, has_ended) in kinds {
            let mut of_kind = self.windows.iter().filter(|window| window.ended.is_some() == has_ended);
            let (oldest, count) = (of_kind.next().map(|window| window.key), 1 + of_kind.count());
            if let Some(oldest) = oldest.filter(|_| count > most) {
                self.end(|window| window.key == oldest);
                self.lost += 1;
            }
        }
    }

    /// Has windows be over.
    fn end(&mut self, is_over: impl Fn(&Window) -> bool) {
        let Self { windows, over, .. } = self;
        windows.retain(|window| {
            let is_over = is_over(window);
            if is_over {
                over.push_back(window.key);
            }
            !is_over
        });
        over.drain(..over.len().saturating_sub(MOST_OVER));
    }
}
