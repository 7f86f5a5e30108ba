//! What the records of the writers should have been counted under.

use std::collections::{BTreeMap, BTreeSet};

use runtime_metrics::OVERFLOW_LABEL;

use crate::labels::Label;
use crate::run::{CROWD_LABEL, Log};
use crate::schedule::{Limits, Record, names_of};
use crate::tally::Tally;

/// As many names surely find room for all documents of a window.
const NAMES_WITH_ROOM: u64 = 4_000;

/// The requests among the first few records of each writer, by path, if none gives way at the series limit.
pub(crate) fn requests(log: &Log, records: &[u32], limits: Limits) -> BTreeMap<&'static str, u64> {
    let mut requests = BTreeMap::new();
    for (writer, count) in log.writers.iter().zip(records) {
        for record in &writer.records[..*count as usize] {
            if let Record::Request(path) = record {
                *requests.entry(counted(*path, limits)).or_default() += 1;
            }
        }
    }
    requests
}

/// The first few deliveries of each writer.
pub(crate) struct Deliveries {
    by_series: BTreeMap<Series, Counts>,
    /// Whether there is a place for each of the schedule's, those that are yet to come counted in.
    all_fit: bool,
}

/// Endpoint, target, caller and name as they are counted if there is a place.
type Series = [&'static str; 4];

#[derive(Debug, Clone, Copy, Default)]
struct Counts {
    responses: u64,
    values: u64,
}

impl Deliveries {
    pub(crate) fn new(log: &Log, delivered: &[u32], limits: Limits) -> Self {
        let mut by_series: BTreeMap<Series, Counts> = BTreeMap::new();
        let (mut plans, mut series) = (BTreeSet::new(), BTreeSet::new());
        for (number, writer) in log.writers.iter().enumerate() {
            let deliveries = writer.records.iter().filter_map(|record| match record {
                Record::Delivery(document, caller) => Some((document, caller)),
                Record::Request(_) => None,
            });
            for (order, (document, caller)) in deliveries.enumerate() {
                let [endpoint, target, name, caller] =
                    [document.endpoint, document.target, document.name, *caller]
                        .map(|label| counted(label, limits));
                plans.insert((number, endpoint, target, name));
                series.insert((number, endpoint, target, name, caller));
                if order < delivered[number] as usize {
                    let counts = by_series.entry([endpoint, target, caller, name]).or_default();
                    counts.responses += 1;
                    counts.values += names_of(number);
                }
            }
        }
        let names: u64 = plans.iter().map(|(writer, ..)| names_of(*writer)).sum();
        let all_fit = series.len() <= limits.delivery_series as usize
            && names <= NAMES_WITH_ROOM
            && log.crowd.responses == 0;
        if log.crowd.responses > 0 {
            let crowd = Counts { responses: log.crowd.responses, values: log.crowd.values };
            by_series.insert([CROWD_LABEL; 4], crowd);
        }
        Self { by_series, all_fit }
    }

    /// Fails unless `total`, up to a cut in the given window, is what these deliveries may have been counted as: under their
    /// labels, or without their caller, or without any label.
    pub(crate) fn assert_explain(&self, total: &Tally<'_>, window: usize) {
        // In a later window, what was in progress at a reset takes places beside those that are met.
        let exact = self.all_fit && window == 0;
        let responses = |counts: &Counts| counts.responses;
        self.assert_explains(&total.responses, exact, responses, |[endpoint, target, caller, _]| {
            [endpoint, target, caller]
        });
        self.assert_explains(&total.values, exact, |counts| counts.values, |series| series);
    }

    fn assert_explains<const N: usize>(
        &self,
        shown: &BTreeMap<[&str; N], u64>,
        exact: bool,
        count: impl Fn(&Counts) -> u64,
        key: impl Fn(Series) -> [&'static str; N],
    ) {
        let mut most: BTreeMap<[&str; N], u64> = BTreeMap::new();
        for (series, counts) in &self.by_series {
            let forms = forms(*series, exact).map(&key);
            for form in BTreeSet::from(forms) {
                *most.entry(form).or_default() += count(counts);
            }
            let found: u64 =
                BTreeSet::from(forms).iter().map(|form| shown.get(form).copied().unwrap_or(0)).sum();
            assert!(found >= count(counts), "rule 2 or 6: {found} of {series:?}");
        }
        for (series, found) in shown {
            let most = most.get(series).copied().unwrap_or(0);
            assert!(*found <= most, "rule 2 or 6: {found} of {series:?}, not {most}");
        }
    }
}

/// What a delivery may be counted under: all labels, the caller given up, or all given up.
fn forms(series: Series, exact: bool) -> [Series; 3] {
    if exact {
        return [series; 3];
    }
    let [endpoint, target, _, name] = series;
    [series, [endpoint, target, OVERFLOW_LABEL, name], [OVERFLOW_LABEL; 4]]
}

fn counted(label: Label, limits: Limits) -> &'static str {
    if label.always_overflows(limits.label_bytes) { OVERFLOW_LABEL } else { label.counted }
}
