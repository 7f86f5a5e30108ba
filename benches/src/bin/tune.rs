//! Measures on this machine what a registry costs, and says which fence mode and which limits to choose.
//!
//! ```sh
//! just tune                                                     # as many threads as processors, 64 MB, 1 ms
//! just tune --threads 64 --memory 256 --snapshot-micros 5000
//! ```
//!
//! - **Fence mode.** The default makes a record cheaper and leaves the ordering to the one who takes a snapshot (where the
//!   kernel can do that: `membarrier(2)`); `portable_fences()` orders each record by the processor's own
//!   instructions and makes a snapshot cheaper. The default is chosen if it records faster by 5 % or more and a
//!   snapshot of next to nothing takes at most half of the time that a snapshot may take.
//! - **Limits.** A series costs memory, once and for each thread that records it, and time in every snapshot, again once and for
//!   each thread. The limits are the largest with which a full registry, every series of it recorded by every thread,
//!   keeps to the memory and the time of the budget.
//!
//! There is no look-up cache to size: labels are found in one index that all threads share and read without a lock, and
//! that has room for every series below the limits.

use std::error::Error;
use std::sync::Barrier;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use benches::delivery::{Delivery, deliveries_to};
use benches::empty::Empty;
use benches::footprint::{Footprint, of_series, of_thread};
use benches::ours::{DeliveriesByString, RequestsByHandle, RequestsByString};
use benches::path::{RequestPath, requests};
use benches::processor::processors;
use benches::race::Race;
use benches::recorder::Recorder;
use benches::report::table::{aligned, figure};
use benches::spread::Spread;
use benches::tuning::{Allowed, Budget, Costs, SeriesCost, calls};
use benches::workload::{Popularity, Workload};
use clap::Parser;
use runtime_metrics::{BuildError, Metrics};

/// Series of a full registry, as far as measuring goes.
const SERIES: usize = 10_000;

/// Series of next to nothing.
const FEW: usize = 10;

/// Threads whose memory is averaged, and that make a snapshot longer.
const THREADS: usize = 4;

/// By how much the default must record faster to be chosen.
const WORTH: f64 = 0.95;

/// Says which fence mode and limits to choose on this machine.
#[derive(Debug, Parser)]
struct Arguments {
    /// Threads that will record; as many as there are processors if not given.
    #[arg(long)]
    threads: Option<usize>,
    /// Megabytes that a full registry may take.
    #[arg(long, default_value_t = 64.0)]
    memory: f64,
    /// Microseconds that a snapshot of a full registry may take.
    #[arg(long, default_value_t = 1_000.0)]
    snapshot_micros: f64,
    /// Percent of the series that are deliveries.
    #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(u8).range(0..=100))]
    deliveries: u8,
    /// Bytes of a path and of a caller's label.
    #[arg(long, default_value_t = 27)]
    label_bytes: usize,
    /// Names in a delivered document.
    #[arg(long, default_value_t = 20)]
    names: usize,
}

/// A way to build a registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Default,
    Portable,
}

const MODES: [Mode; 2] = [Mode::Default, Mode::Portable];

impl Mode {
    fn build(self) -> Result<Metrics, BuildError> {
        let builder = Metrics::builder();
        match self {
            Self::Default => builder.build(),
            Self::Portable => builder.portable_fences().build(),
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let arguments = Arguments::parse();
    let budget = Budget {
        threads: arguments.threads.unwrap_or_else(processors).max(1),
        bytes: arguments.memory * 1e6,
        snapshot_nanoseconds: arguments.snapshot_micros * 1e3,
        delivery_share: f64::from(arguments.deliveries) / 100.0,
    };
    let paths = (0..SERIES).map(|number| RequestPath::of_bytes(number, arguments.label_bytes)).collect();
    let paths = Workload::new(paths, Popularity::Uniform)?;
    let width = arguments.label_bytes;
    let callers = (0..SERIES).map(|number| format!("local:{number:0>0$}", width.saturating_sub(6)));
    let deliveries = deliveries_to(callers, arguments.names)?;

    // Memory first, as long as nothing was given back that could be used again.
    let (request, thread_bytes) = memory_of(&paths, request_recorder)?;
    let (delivery, _) = memory_of(&deliveries, delivery_recorder)?;
    let mode = choose_mode(&budget)?;
    let (request, base) = with_times(request, mode, &paths, request_recorder)?;
    let (delivery, _) = with_times(delivery, mode, &deliveries, delivery_recorder)?;
    let costs = Costs { request, delivery, thread_bytes, snapshot_nanoseconds: base };
    show_costs(&costs);

    let allowed = Allowed::by(&budget, &costs);
    let Some(limits) = allowed.limits(budget.delivery_share) else {
        return Err("the budget is below what a registry costs without any series: allow more".into());
    };
    let Budget { threads, .. } = budget;
    println!(
        "for {threads} threads, {} MB, snapshots of {} µs, {} % deliveries:",
        arguments.memory, arguments.snapshot_micros, arguments.deliveries
    );
    println!(
        "  the memory allows {} series in all, the snapshot {}",
        figure(allowed.by_memory),
        figure(allowed.by_snapshot)
    );
    println!("\n{}", calls(limits, mode == Mode::Portable));
    Ok(())
}

type Made<T> = Result<Box<dyn Recorder<T>>, Box<dyn Error>>;

fn request_recorder(mode: Mode) -> Made<RequestPath> {
    Ok(Box::new(RequestsByString::of(mode.build()?)?))
}

fn delivery_recorder(mode: Mode) -> Made<Delivery> {
    Ok(Box::new(DeliveriesByString::of(mode.build()?)))
}

/// What a series costs in memory, and a thread's first record.
fn memory_of<T: Sync>(
    workload: &Workload<T>,
    recorder: fn(Mode) -> Made<T>,
) -> Result<(SeriesCost, f64), Box<dyn Error>> {
    let items = workload.items();
    let uncounted = || 0;
    let of_thread = |touched| -> Result<Footprint, Box<dyn Error>> {
        // Kept: what were given back would be used again.
        let recorder = Box::leak(recorder(Mode::Default)?);
        Ok(of_thread(recorder, items, touched, THREADS, &uncounted)?)
    };
    let (first, all) = (of_thread(1)?.resident, of_thread(items.len())?.resident);
    let shared = of_series(|| recorder(Mode::Default), items, &uncounted)?.resident - all;
    let cost = SeriesCost {
        bytes: (shared / items.len() as f64).max(0.0),
        bytes_a_thread: ((all - first) / (items.len() - 1) as f64).max(0.0),
        ..SeriesCost::default()
    };
    Ok((cost, first))
}

/// Measures both modes, prints what they take, and chooses one.
fn choose_mode(budget: &Budget) -> Result<Mode, Box<dyn Error>> {
    let paths = requests(100, Popularity::Uniform)?;
    let mut rows = vec![["ns/record", "default", "portable"].map(str::to_owned).to_vec()];
    let mut relations = Vec::new();
    let mut threads = vec![1, budget.threads.min(processors())];
    threads.dedup();
    for threads in threads {
        let by_string = MODES.map(request_recorder);
        let by_handle = MODES
            .map(|mode| -> Made<RequestPath> { Ok(Box::new(RequestsByHandle::of(mode.build()?, &paths))) });
        for (name, recorders) in [("by string", by_string), ("by handle", by_handle)] {
            let [default, portable] = race(threads, &paths, recorders)?;
            rows.push(vec![format!("{name}, threads: {threads}"), figure(default), figure(portable)]);
            relations.push(default / portable);
        }
    }
    let mut snapshots = Vec::new();
    for mode in MODES {
        snapshots.push(snapshot_time(
            &*request_recorder(mode)?,
            &requests(FEW, Popularity::Uniform)?,
            FEW,
            1,
        ));
    }
    rows.push(vec![
        "snapshot of next to nothing, µs".to_owned(),
        figure(snapshots[0] / 1e3),
        figure(snapshots[1] / 1e3),
    ]);
    print!("{}", aligned(&rows));

    let relation = relations.iter().sum::<f64>() / relations.len() as f64;
    let (faster, affordable) = (relation <= WORTH, snapshots[0] <= budget.snapshot_nanoseconds / 2.0);
    println!("  the default takes {:.0} % of the portable mode's time for a record,", relation * 100.0);
    println!(
        "  and its snapshots {} half of what they may take",
        if affordable { "take at most" } else { "take more than" }
    );
    let mode = if faster && affordable { Mode::Default } else { Mode::Portable };
    println!("  -> {}\n", if mode == Mode::Default { "the default mode" } else { "portable_fences()" });
    Ok(mode)
}

/// Nanoseconds a record in each mode, without the loop.
fn race(
    threads: usize,
    paths: &Workload<RequestPath>,
    [default, portable]: [Made<RequestPath>; 2],
) -> Result<[f64; 2], Box<dyn Error>> {
    let race = Race { threads, readings_per_second: 0, rounds: 15, lap: Duration::from_millis(20) };
    let outcome = race.run(paths, &[Box::new(Empty), default?, portable?]);
    let median = |number: usize| Spread::of(outcome.nanoseconds[number].iter().copied()).median;
    Ok([median(1) - median(0), median(2) - median(0)])
}

/// Adds what a series costs in time, and gives the nanoseconds of a snapshot of next to nothing.
fn with_times<T: Sync>(
    cost: SeriesCost,
    mode: Mode,
    workload: &Workload<T>,
    recorder: fn(Mode) -> Made<T>,
) -> Result<(SeriesCost, f64), Box<dyn Error>> {
    let few = snapshot_time(&*recorder(mode)?, workload, FEW, 1);
    let one = snapshot_time(&*recorder(mode)?, workload, SERIES, 1);
    let several = snapshot_time(&*recorder(mode)?, workload, SERIES, THREADS);
    let nanoseconds_a_thread = ((several - one) / ((THREADS - 1) * SERIES) as f64).max(0.0);
    let nanoseconds = ((one - few) / SERIES as f64 - nanoseconds_a_thread).max(0.0);
    Ok((SeriesCost { nanoseconds, nanoseconds_a_thread, ..cost }, few))
}

/// Nanoseconds of a snapshot after each of `threads` threads has recorded the first `touched` items, while one goes on
/// recording. The median of several.
fn snapshot_time<T: Sync>(
    recorder: &dyn Recorder<T>,
    workload: &Workload<T>,
    touched: usize,
    threads: usize,
) -> f64 {
    const ROUNDS: usize = 15;
    let items = &workload.items()[..touched];
    let done = AtomicBool::new(false);
    // After the records, and before the threads end.
    let meeting = Barrier::new(threads + 1);
    let times = thread::scope(|scope| {
        for number in 0..threads {
            let (meeting, done) = (&meeting, &done);
            scope.spawn(move || {
                items.iter().for_each(|item| recorder.record(item));
                meeting.wait();
                // Relaxed: nothing else is read by it.
                while number == 0 && !done.load(Ordering::Relaxed) {
                    recorder.record(&items[0]);
                }
                meeting.wait();
            });
        }
        meeting.wait();
        let times: Vec<f64> = (0..ROUNDS).map(|_| time_of_gather(recorder)).collect();
        done.store(true, Ordering::Relaxed);
        meeting.wait();
        times
    });
    Spread::of(times).median
}

/// Nanoseconds of a gather, on average over a few milliseconds.
fn time_of_gather<T>(recorder: &dyn Recorder<T>) -> f64 {
    let (begin, mut gathers) = (Instant::now(), 0_u32);
    while begin.elapsed() < Duration::from_millis(5) {
        recorder.gather();
        gathers += 1;
    }
    begin.elapsed().as_nanos() as f64 / f64::from(gathers)
}

fn show_costs(costs: &Costs) {
    let Costs { request, delivery, thread_bytes, snapshot_nanoseconds } = costs;
    let row = |what: &str, of: fn(&SeriesCost) -> f64| {
        vec![what.to_owned(), figure(of(request)), figure(of(delivery))]
    };
    let rows = [
        ["one series costs", "requests", "deliveries"].map(str::to_owned).to_vec(),
        row("resident bytes", |cost| cost.bytes),
        row("resident bytes of each thread that records it", |cost| cost.bytes_a_thread),
        row("ns of a snapshot", |cost| cost.nanoseconds),
        row("ns of a snapshot, for each thread that records it", |cost| cost.nanoseconds_a_thread),
    ];
    print!("{}", aligned(&rows));
    println!(
        "  besides: {} bytes a thread, {} µs a snapshot\n",
        figure(*thread_bytes),
        figure(snapshot_nanoseconds / 1e3)
    );
}
