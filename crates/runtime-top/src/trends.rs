//! What each series grew by between the last snapshots, for rates and sparklines.

use std::collections::{HashMap, VecDeque};

use jiff::Timestamp;

use crate::family::{Counts, Family, Key};
use crate::past::Point;
use crate::snapshot::{FamilyName, Measure, Snapshot};

/// Snapshots: a minute at one a second.
const LENGTH: usize = 60;
/// Long enough that one request in some seconds does not flicker.
const RATE_SECONDS: f64 = 10.0;
/// The rate of a window that has just begun says nothing.
const SHORTEST_WINDOW_SECONDS: f64 = 0.1;
/// Beyond so many series of a family, those that the newest snapshot lacks are forgotten: labels may be new in each of many windows.
const MANY_SERIES: usize = 50_000;

/// One series, or one total.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Series<'a> {
    Total(Measure),
    Row(FamilyName, &'a Key),
}

/// The last intervals between snapshots. A series that grew in none of them takes no memory.
#[derive(Debug, Clone, Default)]
pub(crate) struct Trends {
    /// The oldest first.
    intervals: VecDeque<Interval>,
    rings: [HashMap<Key, Ring>; 5],
    /// How many intervals there ever were.
    taken: usize,
}

#[derive(Debug, Clone, Copy)]
struct Interval {
    /// None: what was counted in it is not known.
    seconds: Option<f64>,
    ended_at: Timestamp,
    cost_seconds: f64,
    totals: [u64; 3],
    /// It is the first of a process life: what stands before it was counted by another one.
    begins_life: bool,
}

/// What a series grew by in each interval, by the interval's number modulo [`LENGTH`].
type Ring = Box<[u64; LENGTH]>;

impl Trends {
    /// Takes a snapshot and the one before it, if there is one.
    ///
    /// *Cost:* one pass over the rows of all families.
    pub(crate) fn take(&mut self, previous: Option<&Snapshot>, snapshot: &Snapshot) {
        let place = self.taken % LENGTH;
        self.taken += 1;
        let continued = previous.filter(|previous| previous.shares_window_with(snapshot));
        let seconds = match (previous, continued) {
            (_, Some(previous)) => Some(snapshot.seconds_since(previous)),
            // The end of a window that another one followed was not seen. What the new one holds since it began is known; one that began
            // long before the last snapshot, of a process beside the one before, says nothing of lately.
            (Some(previous), None) => {
                let longest = snapshot.received.since(previous.received) + RATE_SECONDS;
                Some(snapshot.window.uptime_seconds)
                    .filter(|seconds| (SHORTEST_WINDOW_SECONDS..=longest).contains(seconds))
            }
            (None, None) => None,
        };
        let seconds = seconds.filter(|seconds| *seconds > 0.0);
        let grown = |measure| {
            let before = continued.map_or(0, |previous| previous.total(measure));
            snapshot.total(measure).saturating_sub(before)
        };
        if self.intervals.len() == LENGTH {
            self.intervals.pop_front();
        }
        self.intervals.push_back(Interval {
            seconds,
            ended_at: snapshot.taken_at,
            cost_seconds: snapshot.duration_seconds,
            totals: Measure::ALL.map(grown),
            begins_life: previous.is_none_or(|previous| !previous.is_of_same_life(snapshot)),
        });
        for name in FamilyName::ALL {
            let rings = &mut self.rings[name as usize];
            rings.retain(|_, ring| {
                ring[place] = 0;
                ring.iter().any(|grown| *grown > 0)
            });
            let family = snapshot.family(name);
            if rings.len() > MANY_SERIES {
                rings.retain(|key, _| family.has(key));
            }
            if seconds.is_some() {
                grow(rings, place, family, continued.map(|previous| previous.family(name)));
            }
        }
    }

    /// Per second over the last seconds of the present process life; none while nothing is known.
    pub(crate) fn rate(&self, series: Series<'_>) -> Option<f64> {
        let growth = self.growth(series);
        let (mut seconds, mut grown) = (0.0, 0.0);
        for back in 1..=self.intervals.len() {
            if seconds >= RATE_SECONDS - 0.5 {
                break;
            }
            let place = self.intervals.len() - back;
            // Nothing is known, or it is of long before: the view slept, or the service did not answer.
            let Some(length) = self.intervals[place].seconds else { break };
            if back > 1 && length > RATE_SECONDS {
                break;
            }
            seconds += length;
            grown += growth(place) as f64;
            if self.intervals[place].begins_life {
                break;
            }
        }
        (seconds > 0.0).then(|| grown / seconds)
    }

    /// Per second in each interval, the oldest first; none where nothing is known.
    pub(crate) fn rates(&self, series: Series<'_>) -> impl DoubleEndedIterator<Item = Option<f64>> {
        let growth = self.growth(series);
        self.intervals
            .iter()
            .enumerate()
            .map(move |(place, interval)| interval.seconds.map(|seconds| growth(place) as f64 / seconds))
    }

    /// The totals' rates, the oldest first.
    pub(crate) fn points(&self) -> impl Iterator<Item = Point> {
        self.intervals.iter().map(|interval| {
            let rate = |measure: Measure| {
                interval.seconds.map(|seconds| interval.totals[measure as usize] as f64 / seconds)
            };
            Point {
                ended_at: interval.ended_at,
                seconds: interval.seconds.unwrap_or_default(),
                requests: rate(Measure::Requests),
                responses: rate(Measure::Responses),
            }
        })
    }

    /// The most that taking a snapshot cost, in seconds.
    pub(crate) fn highest_cost(&self) -> f64 {
        self.intervals.iter().fold(0.0, |highest, interval| highest.max(interval.cost_seconds))
    }

    /// By what a series grew in the interval at each place among those that are kept.
    fn growth(&self, series: Series<'_>) -> impl Fn(usize) -> u64 {
        let first = self.taken - self.intervals.len();
        let (measure, ring) = match series {
            Series::Total(measure) => (Some(measure), None),
            Series::Row(family, key) => (None, self.rings[family as usize].get(key)),
        };
        move |place| match (measure, ring) {
            (Some(measure), _) => self.intervals[place].totals[measure as usize],
            (None, Some(ring)) => ring[(first + place) % LENGTH],
            (None, None) => 0,
        }
    }
}

fn grow(rings: &mut HashMap<Key, Ring>, place: usize, family: &Family, before: Option<&Family>) {
    for (key, &Counts { count, .. }) in family.rows() {
        let grown = count.saturating_sub(before.map_or(0, |before| before.counts(key).count));
        if grown > 0 {
            rings.entry(key.clone()).or_insert_with(|| Box::new([0; LENGTH]))[place] = grown;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample::Cut;

    const REQUESTS: Series<'_> = Series::Total(Measure::Requests);

    fn trends(cuts: &[Cut]) -> Trends {
        let snapshots: Vec<_> = cuts.iter().map(Cut::snapshot).collect();
        let mut trends = Trends::default();
        for (place, snapshot) in snapshots.iter().enumerate() {
            trends.take(place.checked_sub(1).map(|before| &snapshots[before]), snapshot);
        }
        trends
    }

    #[test]
    fn a_rate_is_over_the_last_ten_seconds_and_unknown_before_there_are_two_snapshots() {
        assert_eq!(trends(&[Cut::new(0.0, &[("/", 5)])]).rate(REQUESTS), None);
        let cuts: Vec<_> =
            (0..=20).map(|second| Cut::new(f64::from(second), &[("/", 3 * second as u64 + 1)])).collect();
        let trends = trends(&cuts);
        assert_eq!(trends.rate(REQUESTS), Some(3.0));
        assert_eq!(trends.rate(Series::Row(FamilyName::Paths, &Key::label("/"))), Some(3.0));
        assert_eq!(trends.rate(Series::Row(FamilyName::Paths, &Key::label("/never"))), Some(0.0));
        assert_eq!(trends.rates(REQUESTS).next(), Some(None));
        assert_eq!(trends.rates(REQUESTS).skip(1).flatten().collect::<Vec<_>>(), vec![3.0; 20]);
    }

    #[test]
    fn after_a_reset_a_rate_counts_what_the_new_window_holds() {
        let trends = trends(&[
            Cut::new(0.0, &[("/", 50)]),
            Cut::new(1.0, &[("/", 60)]),
            Cut::new(2.0, &[("/", 2)]).in_window(9, 0.5),
        ]);
        assert_eq!(trends.rates(REQUESTS).collect::<Vec<_>>(), [None, Some(10.0), Some(4.0)]);
        assert_eq!(trends.rate(REQUESTS), Some(12.0 / 1.5));
    }

    #[test]
    fn what_another_process_counted_is_in_no_rate_and_still_in_the_line() {
        let mut other = Cut::new(2.0, &[("/", 2)]).in_window(1, 0.5);
        other.instance = "018f4c9e-6f0a-7000-8000-00000000002a";
        let trends = trends(&[Cut::new(0.0, &[("/", 50)]), Cut::new(1.0, &[("/", 60)]), other]);
        assert_eq!(trends.rate(REQUESTS), Some(4.0));
        assert_eq!(trends.rates(REQUESTS).collect::<Vec<_>>(), [None, Some(10.0), Some(4.0)]);
    }

    #[test]
    fn what_another_process_counted_long_before_is_no_rate_of_lately() {
        let mut other = Cut::new(2.0, &[("/", 9_000)]).in_window(1, 86_400.0);
        other.instance = "018f4c9e-6f0a-7000-8000-00000000002a";
        let mut later = Cut::new(3.0, &[("/", 9_005)]).in_window(1, 86_401.0);
        later.instance = other.instance;
        let before = [Cut::new(0.0, &[("/", 50)]), Cut::new(1.0, &[("/", 60)]), other];
        assert_eq!(trends(&before).rate(REQUESTS), None);
        assert_eq!(trends(&[&before[..], &[later]].concat()).rate(REQUESTS), Some(5.0));
    }

    #[test]
    fn labels_that_are_new_in_each_of_many_windows_take_no_more_memory_than_those_of_a_few() {
        let mut cuts = vec![Cut::new(0.0, &[])];
        for window in 1..6 {
            let mut cut = Cut::new(f64::from(window), &[]).in_window(window as u64, 0.5);
            cut.paths = (0..MANY_SERIES / 2).map(|path| (format!("/{window}/{path}"), 1)).collect();
            cuts.push(cut);
        }
        let trends = trends(&cuts);
        assert!(trends.rings[0].len() <= MANY_SERIES + MANY_SERIES / 2, "{}", trends.rings[0].len());
        assert_eq!(
            trends.rate(Series::Row(FamilyName::Paths, &Key::label("/5/0"))).map(|rate| rate > 0.0),
            Some(true)
        );
    }

    #[test]
    fn a_window_that_has_just_begun_has_no_rate() {
        let trends = trends(&[Cut::new(0.0, &[("/", 50)]), Cut::new(1.0, &[("/", 2)]).in_window(9, 0.05)]);
        assert_eq!(trends.rate(REQUESTS), None);
    }

    #[test]
    fn a_gap_is_one_long_interval_and_what_was_before_it_is_in_no_rate() {
        let trends = trends(&[
            Cut::new(0.0, &[("/", 0)]),
            Cut::new(1.0, &[("/", 100)]),
            Cut::new(101.0, &[("/", 200)]),
        ]);
        assert_eq!(trends.rate(REQUESTS), Some(1.0));
        let mut later = trends;
        let (gap, end) =
            (Cut::new(101.0, &[("/", 200)]).snapshot(), Cut::new(102.0, &[("/", 204)]).snapshot());
        later.take(Some(&gap), &end);
        assert_eq!(later.rate(REQUESTS), Some(4.0));
    }

    #[test]
    fn a_series_that_stands_still_takes_no_memory_and_one_that_grew_is_forgotten_after_a_minute() {
        let mut cuts: Vec<_> = (0..3)
            .map(|second| Cut::new(f64::from(second), &[("/", second as u64), ("/still", 9)]))
            .collect();
        assert_eq!(trends(&cuts).rings[0].len(), 1);
        cuts.extend((3..70).map(|second| Cut::new(f64::from(second), &[("/", 2), ("/still", 9)])));
        let trends = trends(&cuts);
        assert_eq!(trends.rings[0].len(), 0);
        assert_eq!(trends.intervals.len(), LENGTH);
    }
}
