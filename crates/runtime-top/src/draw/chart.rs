//! Lines of rates, drawn with blocks, from nothing up.

use jiff::Timestamp;

use crate::past::Point;

const BLOCKS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// The rate that a chart of several lines ends at, so that these can be compared.
pub(crate) fn highest<'a>(rates: impl IntoIterator<Item = &'a Option<f64>>) -> f64 {
    rates.into_iter().flatten().fold(0.0, |highest: f64, rate| highest.max(*rate))
}

/// One line of blocks. What is not known is left blank, what is nothing has the lowest block, and what is something a higher one.
pub(crate) fn sparkline(rates: &[Option<f64>], highest: f64) -> String {
    rows(rates, 1, highest).concat()
}

/// So many lines of blocks, the highest first.
pub(crate) fn rows(rates: &[Option<f64>], height: usize, highest: f64) -> Vec<String> {
    let levels = rates
        .iter()
        .map(|rate| rate.map(|rate| level(rate, highest, height * BLOCKS.len())))
        .collect::<Vec<_>>();
    let row = |row: usize| {
        let below = (height - 1 - row) * BLOCKS.len();
        let block = |level: &Option<usize>| match level {
            // Levels count from 1: the lowest is that of nothing.
            Some(level) if *level > below => BLOCKS[(level - below).min(BLOCKS.len()) - 1],
            _ => ' ',
        };
        levels.iter().map(block).collect()
    };
    (0..height).map(row).collect()
}

fn level(rate: f64, highest: f64, levels: usize) -> usize {
    if rate > 0.0 && highest > 0.0 {
        // From 2 up; a share of a whole is never more than 1.
        2 + ((rate / highest) * (levels - 2) as f64).round() as usize
    } else {
        1
    }
}

/// The last rates in so many columns: of what shares a column, the highest.
pub(crate) fn fit(
    rates: impl DoubleEndedIterator<Item = Option<f64>>,
    columns: usize,
    per_column: usize,
) -> Vec<Option<f64>> {
    let mut rates = rates.rev();
    let column = |_| {
        let shared = rates.by_ref().take(per_column).flatten();
        shared
            .fold(None, |highest: Option<f64>, rate| Some(highest.map_or(rate, |highest| highest.max(rate))))
    };
    let mut fitted: Vec<_> = (0..columns).map(column).collect();
    fitted.reverse();
    fitted
}

/// Rates over the time up to an instant, in so many columns: the highest of what ended in a column's time, else what covers it.
pub(crate) fn over_time(
    points: &[Point],
    rate: impl Fn(&Point) -> Option<f64>,
    until: Timestamp,
    seconds: f64,
    columns: usize,
) -> Vec<Option<f64>> {
    let width = seconds / columns as f64;
    let mut fitted = vec![None; columns];
    let mut covering = vec![None; columns];
    for point in points {
        let back = until.duration_since(point.ended_at).as_secs_f64();
        if back < 0.0 {
            continue;
        }
        // Columns count from the newest.
        let end = (back / width) as usize;
        if let Some(column) = fitted.get_mut(end) {
            *column = match (*column, rate(point)) {
                (Some(one), Some(other)) => Some(f64::max(one, other)),
                (one, other) => one.or(other),
            };
        }
        let start = ((back + point.seconds) / width - 0.5).ceil().max(0.0) as usize;
        for column in covering.iter_mut().take(start).skip(end) {
            *column = rate(point);
        }
    }
    let mut rates: Vec<_> =
        fitted.into_iter().zip(covering).map(|(ended, covering)| ended.or(covering)).collect();
    rates.reverse();
    rates
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn nothing_something_and_the_unknown_look_different() {
        let rates = [None, Some(0.0), Some(0.001), Some(0.5), Some(1.0)];
        assert_eq!(highest(&rates), 1.0);
        assert_eq!(sparkline(&rates, 1.0), " ▁▂▅█");
        assert_eq!(sparkline(&rates, 10.0), " ▁▂▂▃");
        assert_eq!(sparkline(&[Some(0.0), Some(0.0)], 0.0), "▁▁");
        assert_eq!(
            rows(&[Some(0.0), Some(1.0), Some(2.0), None], 2, 2.0),
            [" ▁█ ", "▁██ "].map(String::from)
        );
    }

    #[test]
    fn rates_that_share_a_column_show_the_highest_and_the_newest_stands_at_the_right() {
        let rates = [Some(9.0), Some(1.0), Some(2.0), None, None, Some(3.0)];
        assert_eq!(fit(rates.into_iter(), 4, 2), [None, Some(9.0), Some(2.0), Some(3.0)]);
        assert_eq!(fit(rates.into_iter(), 2, 1), [None, Some(3.0)]);
    }

    #[test]
    fn a_long_interval_covers_all_columns_of_its_time_and_a_short_peak_is_not_lost() {
        let until = sample::at(0.0).wall;
        let point = |back: f64, seconds: f64, rate: f64| Point {
            ended_at: until - jiff::SignedDuration::from_secs_f64(back),
            seconds,
            requests: Some(rate),
            responses: None,
        };
        let requests = |points: &[Point]| over_time(points, |point| point.requests, until, 6.0, 6);
        assert_eq!(
            requests(&[point(4.0, 1.0, 7.0), point(0.0, 4.0, 2.0)]),
            [None, Some(7.0), Some(2.0), Some(2.0), Some(2.0), Some(2.0)]
        );
        let jitter = [point(2.1, 1.0, 1.0), point(1.9, 0.2, 9.0), point(0.02, 1.88, 1.0)];
        assert_eq!(requests(&jitter), [None, None, None, Some(1.0), Some(9.0), Some(1.0)]);
        assert_eq!(requests(&[point(-1.0, 1.0, 5.0), point(1_000.0, 1.0, 5.0)]), [None; 6]);
    }
}
