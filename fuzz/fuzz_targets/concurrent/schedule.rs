//! What one input says: limits, what each writer does, and what the observers do beside them.

use arbitrary::{Arbitrary, Result, Unstructured};

use crate::labels::{CALLERS, ENDPOINTS, Label, NAMES, PATHS, TARGETS};

pub(crate) const MOST_WRITERS: usize = 4;
pub(crate) const OBSERVERS: usize = 2;

/// Deliveries of one writer. With more, the last writer's would need longer lists of names: see [`names_of`].
pub(crate) const MOST_DELIVERIES: usize = 7;

/// Steps of one writer. A longer schedule is slow and finds nothing that a shorter one does not.
const MOST_STEPS: usize = 512;

/// Threads that are started in the middle of a schedule, by one writer: each costs more than all the rest.
const MOST_FRESH_THREADS: usize = 2;

#[derive(Debug)]
pub(crate) struct Schedule {
    pub(crate) limits: Limits,
    pub(crate) start: Start,
    pub(crate) writers: Vec<Vec<Step>>,
    /// What each observer does, again and again, until the writers have ended.
    pub(crate) observers: [Vec<Look>; OBSERVERS],
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    pub(crate) request_series: u32,
    pub(crate) delivery_series: u32,
    pub(crate) label_bytes: usize,
}

/// What the registry holds when the threads begin.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Start {
    Empty,
    /// Every place for a document is taken, and every cell for a number of names: the writers' deliveries are counted in
    /// the pair of counts that stands for all others.
    Crowded,
}

#[derive(Debug, Clone, Copy)]
pub(crate) enum Step {
    Record {
        record: Record,
        way: Way,
    },
    /// Waits, but not for ever, until another writer has made so many records; what it has made by then happened before
    /// all that follows.
    Follow {
        writer: usize,
        records: u32,
    },
    Pause(u32),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Record {
    Request(Label),
    Delivery(Document, Label),
}

/// What a delivery hands out; how many names it has says who delivers it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Document {
    pub(crate) endpoint: Label,
    pub(crate) target: Label,
    pub(crate) name: Label,
}

/// How a record is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Way {
    /// By its labels.
    Labels,
    /// By a handle that was made before the threads began.
    Handle,
    /// By its labels, on a thread that has never recorded before and ends with the record.
    FreshThread,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Look {
    Snapshot,
    SnapshotWithin,
    Latest,
    Reset,
    Pause(u32),
}

/// How many names a delivery of this writer has: its number is a digit's place, so the values of a cut, written in this base,
/// tell how many deliveries of each writer the cut holds, whichever of their labels gave way.
pub(crate) fn names_of(writer: usize) -> u64 {
    (MOST_DELIVERIES as u64 + 1).pow(writer as u32)
}

impl<'a> Arbitrary<'a> for Schedule {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let limits = Limits {
            request_series: u.int_in_range(1..=6)?,
            delivery_series: *u.choose(&[1, 2, 3, 6, 12, 100])?,
            label_bytes: if u.ratio(1, 2)? { 1_024 } else { u.int_in_range(1..=12)? },
        };
        let start = if u.ratio(1, 16)? { Start::Crowded } else { Start::Empty };
        let mut writers = vec![Vec::new(); u.int_in_range(2..=MOST_WRITERS)?];
        let mut observers: [Vec<Look>; OBSERVERS] = Default::default();
        // Dealt to all in turn, so that a short input is not one thread's alone.
        while !u.is_empty() {
            match u.int_in_range(0..=writers.len() + 1)? {
                0 => {
                    let observer = u.choose_index(OBSERVERS)?;
                    observers[observer].push(look(u)?);
                }
                number => {
                    let writer = (number - 1) % writers.len();
                    let count = writers.len();
                    steps(u, writer, count, &mut writers[writer])?;
                }
            }
        }
        follow_what_comes(&mut writers);
        Ok(Self { limits, start, writers, observers })
    }
}

/// Lets no writer wait for more records than the other one makes.
fn follow_what_comes(writers: &mut [Vec<Step>]) {
    let is_record = |step: &&Step| matches!(step, Step::Record { .. });
    let made: Vec<u32> = writers.iter().map(|steps| steps.iter().filter(is_record).count() as u32).collect();
    for step in writers.iter_mut().flatten() {
        if let Step::Follow { writer, records } = step {
            *records = (*records).min(made[*writer]);
        }
    }
}

fn look(u: &mut Unstructured<'_>) -> Result<Look> {
    Ok(match u.int_in_range(0..=7)? {
        0 | 1 => Look::Reset,
        2 => Look::SnapshotWithin,
        3 => Look::Latest,
        4 => Look::Pause(u.int_in_range(0..=500)?),
        _ => Look::Snapshot,
    })
}

/// Adds what the next few bytes say to the steps of `writer`, one of `writers`.
fn steps(u: &mut Unstructured<'_>, writer: usize, writers: usize, steps: &mut Vec<Step>) -> Result<()> {
    if steps.len() == MOST_STEPS {
        return Ok(());
    }
    match u.int_in_range(0..=15_u8)? {
        0 => steps.push(Step::Pause(u.int_in_range(0..=500)?)),
        1..=3 => {
            let other = (writer + 1 + u.choose_index(writers - 1)?) % writers;
            steps.push(Step::Follow { writer: other, records: u.int_in_range(0..=64)? });
        }
        4..=9 => {
            let way = way(u, steps)?;
            let times = if way == Way::FreshThread || u.ratio(3, 4)? { 1 } else { u.int_in_range(1..=128)? };
            let record = Record::Request(*u.choose(&PATHS)?);
            let room = MOST_STEPS - steps.len();
            steps.extend(std::iter::repeat_n(Step::Record { record, way }, room.min(times)));
        }
        _ => {
            let document = Document {
                endpoint: *u.choose(&ENDPOINTS)?,
                target: *u.choose(&TARGETS)?,
                name: *u.choose(&NAMES)?,
            };
            let record = Record::Delivery(document, *u.choose(&CALLERS)?);
            let way = way(u, steps)?;
            let delivered = |step: &&Step| matches!(step, Step::Record { record: Record::Delivery(..), .. });
            if steps.iter().filter(delivered).count() < MOST_DELIVERIES {
                steps.push(Step::Record { record, way });
            }
        }
    }
    Ok(())
}

fn way(u: &mut Unstructured<'_>, steps: &[Step]) -> Result<Way> {
    let is_fresh = |step: &&Step| matches!(step, Step::Record { way: Way::FreshThread, .. });
    Ok(match u.int_in_range(0..=31_u8)? {
        0 if steps.iter().filter(is_fresh).count() < MOST_FRESH_THREADS => Way::FreshThread,
        0..=15 => Way::Handle,
        _ => Way::Labels,
    })
}
