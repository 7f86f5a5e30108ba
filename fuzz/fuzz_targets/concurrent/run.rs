//! A schedule, done by real threads, and what each of them saw.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, AtomicUsize, Ordering};
use std::time::Duration;

use runtime_metrics::{DeliveryPlan, Metrics, RequestCounter, Snapshot};

use crate::crew;
use crate::labels::{Label, PATHS};
use crate::schedule::{Document, Limits, Look, MOST_WRITERS, Record, Schedule, Start, Step, Way, names_of};

/// How often a writer that follows another looks before it goes on without.
const MOST_TRIES: u32 = 300;

/// How many cuts an observer takes at most.
const MOST_OBSERVATIONS: usize = 12;

/// Endpoint, target, caller and config name of the deliveries that crowd a registry.
pub(crate) const CROWD_LABEL: &str = "c";

/// More numbers of names than a registry tells apart in deliveries that kept no label.
const CROWD: usize = 256 + 8;

/// What all threads saw.
#[derive(Debug)]
pub(crate) struct Log {
    pub(crate) writers: Vec<Written>,
    /// In no order.
    pub(crate) observations: Vec<Observation>,
    pub(crate) crowd: Crowd,
}

/// What was recorded before the threads began, all under [`CROWD_LABEL`].
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Crowd {
    pub(crate) responses: u64,
    pub(crate) values: u64,
}

/// What one writer did.
#[derive(Debug)]
pub(crate) struct Written {
    /// In order.
    pub(crate) records: Vec<Record>,
    pub(crate) followed: Vec<Followed>,
}

/// After `position` records of its own, a writer saw that `writer` had made `records`: they happened before the next one.
#[derive(Debug)]
pub(crate) struct Followed {
    pub(crate) position: u32,
    pub(crate) writer: usize,
    pub(crate) records: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Observation {
    pub(crate) look: Look,
    pub(crate) snapshot: Snapshot,
    /// How many records of each writer had returned before the look began.
    pub(crate) returned: Vec<u32>,
    /// How many records of each writer had begun after the look ended.
    pub(crate) begun: Vec<u32>,
}

/// What the threads share.
struct Shared {
    metrics: Metrics,
    counters: BTreeMap<Label, RequestCounter>,
    progress: Vec<Progress>,
    /// Writers that have not ended.
    writing: AtomicUsize,
    /// Threads that have not begun.
    missing: AtomicUsize,
}

/// How far one writer has come. On cache lines of its own, and stored plainly: a locked instruction beside each record would
/// order what the record itself has to order.
#[derive(Default)]
#[repr(align(128))]
struct Progress {
    begun: AtomicU32,
    returned: AtomicU32,
}

/// One writer, about to begin.
struct Writer {
    shared: Arc<Shared>,
    number: usize,
    names: Vec<&'static str>,
    plans: BTreeMap<Document, DeliveryPlan>,
    steps: Vec<Step>,
}

/// What one thread does in a run: it writes, or it observes.
type Job = dyn FnOnce() -> (Option<Written>, Vec<Observation>) + Send;

/// Does what the schedule says.
pub(crate) fn run(schedule: &Schedule) -> Log {
    let Schedule { limits, start, writers, observers } = schedule;
    let metrics = registry(*limits);
    let crowd = match start {
        Start::Empty => Crowd::default(),
        Start::Crowded => crowd(&metrics, *limits),
    };
    let shared = Arc::new(Shared {
        counters: PATHS.map(|path| (path, metrics.request_counter(path.raw))).into(),
        progress: writers.iter().map(|_| Progress::default()).collect(),
        writing: AtomicUsize::new(writers.len()),
        missing: AtomicUsize::new(writers.len() + observers.len()),
        metrics,
    });
    let mut jobs: Vec<Box<Job>> = Vec::new();
    for (number, steps) in writers.iter().enumerate() {
        let writer = Writer::new(Arc::clone(&shared), number, steps.clone());
        jobs.push(Box::new(move || (Some(writer.write()), Vec::new())));
    }
    for looks in observers {
        let (shared, looks) = (Arc::clone(&shared), looks.clone());
        jobs.push(Box::new(move || (None, shared.observe(&looks))));
    }
    let (written, observations): (Vec<_>, Vec<_>) = crew::run(jobs).into_iter().unzip();
    let written: Vec<Written> = written.into_iter().flatten().collect();
    assert_eq!(written.len(), writers.len());
    let mut observations: Vec<Observation> = observations.into_iter().flatten().collect();
    observations.push(shared.look(Look::Snapshot));
    Log { writers: written, observations, crowd }
}

fn registry(limits: Limits) -> Metrics {
    Metrics::builder()
        .request_series_limit(limits.request_series)
        .delivery_series_limit(limits.delivery_series)
        .max_label_bytes(limits.label_bytes)
        .build()
        .unwrap()
}

/// Fills the places for documents, and the cells for numbers of names with numbers that no writer uses.
fn crowd(metrics: &Metrics, limits: Limits) -> Crowd {
    let names = [CROWD_LABEL; 2 * CROWD];
    let is_free = |number: &usize| !(0..MOST_WRITERS).any(|writer| names_of(writer) == *number as u64);
    let mut crowd = Crowd::default();
    for number in (2..names.len()).filter(is_free).take(limits.delivery_series as usize + CROWD) {
        metrics.record_config_delivery(CROWD_LABEL, CROWD_LABEL, &names[..number], CROWD_LABEL);
        crowd.responses += 1;
        crowd.values += number as u64;
    }
    crowd
}

impl Observation {
    /// Takes in that somebody else was given the same snapshot: what began after that is not in it either. If both asked for
    /// one that is young enough, either may have taken it, so only what had returned before both is sure to be in it.
    pub(crate) fn share(&mut self, other: &Self) {
        self.begun.iter_mut().zip(&other.begun).for_each(|(begun, other)| *begun = (*begun).min(*other));
        if (self.look, other.look) == (Look::SnapshotWithin, Look::SnapshotWithin) {
            let returned = self.returned.iter_mut().zip(&other.returned);
            returned.for_each(|(returned, other)| *returned = (*returned).min(*other));
        }
    }
}

impl Shared {
    /// Waits until every thread is there, so that none is done before the last begins.
    fn begin(&self) {
        self.missing.fetch_sub(1, Ordering::AcqRel);
        while self.missing.load(Ordering::Acquire) > 0 {
            std::thread::yield_now();
        }
    }

    fn observe(&self, looks: &[Look]) -> Vec<Observation> {
        let looks = if looks.is_empty() { &[Look::Snapshot] } else { looks };
        let mut observations: Vec<Observation> = Vec::new();
        self.begin();
        for look in looks.iter().cycle().take(8 * MOST_OBSERVATIONS) {
            if let Look::Pause(time) = look {
                pause(*time);
            } else {
                let observation = self.look(*look);
                let last = observations.last().map_or(0, |last| last.snapshot.sequence());
                assert!(observation.snapshot.sequence() >= last, "a later look shows an earlier cut");
                observations.push(observation);
            }
            if observations.len() == MOST_OBSERVATIONS || self.writing.load(Ordering::Acquire) == 0 {
                break;
            }
        }
        observations
    }

    fn look(&self, look: Look) -> Observation {
        let returned = self.progress.iter().map(|writer| writer.returned.load(Ordering::Acquire)).collect();
        let snapshot = match look {
            Look::Snapshot | Look::Pause(_) => self.metrics.snapshot(),
            Look::SnapshotWithin => self.metrics.snapshot_within(Duration::from_micros(20)),
            Look::Latest => self.metrics.latest(),
            Look::Reset => self.metrics.reset(),
        };
        // Relaxed is enough: a record in the snapshot happened before this.
        let begun = self.progress.iter().map(|writer| writer.begun.load(Ordering::Relaxed)).collect();
        Observation { look, snapshot, returned, begun }
    }
}

impl Writer {
    fn new(shared: Arc<Shared>, number: usize, steps: Vec<Step>) -> Self {
        let names_of = |name: Label| vec![name.raw; names_of(number) as usize];
        let mut plans = BTreeMap::new();
        for step in &steps {
            if let Step::Record { record: Record::Delivery(document, _), way: Way::Handle } = step {
                let Document { endpoint, target, name } = document;
                let plan = || shared.metrics.delivery_plan(endpoint.raw, target.raw, &names_of(*name));
                plans.entry(*document).or_insert_with(plan);
            }
        }
        Self { names: Vec::new(), plans, number, steps, shared }
    }

    fn write(mut self) -> Written {
        let steps = std::mem::take(&mut self.steps);
        let (mut records, mut followed) = (Vec::with_capacity(steps.len()), Vec::new());
        self.shared.begin();
        for step in steps {
            match step {
                Step::Record { record, way } => {
                    let progress = &self.shared.progress[self.number];
                    progress.begun.store(records.len() as u32 + 1, Ordering::Relaxed);
                    records.push(record);
                    self.record(record, way);
                    let progress = &self.shared.progress[self.number];
                    progress.returned.store(records.len() as u32, Ordering::Release);
                }
                Step::Follow { writer, records: wanted } => {
                    let seen = self.shared.progress[writer].wait_for(wanted);
                    followed.push(Followed { position: records.len() as u32, writer, records: seen });
                }
                Step::Pause(time) => pause(time),
            }
        }
        self.shared.writing.fetch_sub(1, Ordering::AcqRel);
        Written { records, followed }
    }

    fn record(&mut self, record: Record, way: Way) {
        if way == Way::FreshThread {
            std::thread::scope(|scope| scope.spawn(|| self.record(record, Way::Labels)).join().unwrap());
            return;
        }
        match record {
            Record::Request(path) => match self.shared.counters.get(&path) {
                Some(counter) if way == Way::Handle => counter.record(),
                _ => self.shared.metrics.record_request(path.raw),
            },
            Record::Delivery(document, caller) => match self.plans.get(&document) {
                Some(plan) if way == Way::Handle => plan.record(caller.raw),
                _ => {
                    let Document { endpoint, target, name } = document;
                    self.names.clear();
                    self.names.resize(names_of(self.number) as usize, name.raw);
                    let metrics = &self.shared.metrics;
                    metrics.record_config_delivery(endpoint.raw, target.raw, &self.names, caller.raw);
                }
            },
        }
    }
}

impl Progress {
    /// How many records have returned, when these have, or when patience ends.
    fn wait_for(&self, records: u32) -> u32 {
        let mut returned = self.returned.load(Ordering::Acquire);
        for _ in 0..MOST_TRIES {
            if returned >= records {
                break;
            }
            std::thread::yield_now();
            returned = self.returned.load(Ordering::Acquire);
        }
        returned
    }
}

fn pause(time: u32) {
    for _ in 0..time {
        std::hint::spin_loop();
    }
}
