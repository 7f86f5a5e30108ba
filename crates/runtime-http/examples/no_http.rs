//! A worker without HTTP and without a runtime: one thread for each core, each with its own queue. It records with the same registry, and remembers
//! what it did lately by itself.
//!
//! Works a moment, prints what was counted, and ends: `cargo run -p runtime-http --example no_http`.

use std::error::Error;
use std::sync::mpsc::{Receiver, channel};
use std::thread;

use runtime_exposition::{CallerLabels, Exposition, RequestLabel};
use runtime_http::history::History;
use runtime_metrics::{DeliveryPlan, Metrics, RequestCounter};

const JOBS: u64 = 10_000;

/// What a thread has: handles that find their series without looking them up.
struct Worker {
    jobs: RequestCounter,
    plan: DeliveryPlan,
}

impl Worker {
    fn new(metrics: &Metrics) -> Self {
        Self {
            jobs: metrics.request_counter("job:configure"),
            plan: metrics.delivery_plan("queue", "shop", &["Shop:Colour", "Shop:Size"]),
        }
    }

    /// Takes jobs until there are no more; every third caller is another.
    fn run(&self, queue: &Receiver<u64>) {
        for job in queue {
            self.jobs.record();
            self.plan.record(if job % 3 == 0 { "tenant-a" } else { "tenant-b" });
        }
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let metrics = Metrics::new();
    let mut history = History::new(CallerLabels::Shown);
    let mut sample = || {
        let snapshot = metrics.snapshot();
        history.record(snapshot.process().process_uptime(), &snapshot);
        snapshot
    };
    let before = sample();

    let cores = thread::available_parallelism()?.get();
    thread::scope(|scope| {
        let queues: Vec<_> = (0..cores)
            .map(|_| {
                let (send, queue) = channel();
                let worker = Worker::new(&metrics);
                scope.spawn(move || worker.run(&queue));
                send
            })
            .collect();
        for job in 0..JOBS {
            // A thread ends only once its queue is dropped, below.
            let _ = queues[job as usize % cores].send(job);
        }
    });
    thread::sleep(std::time::Duration::from_millis(600)); // an interval of the history is about a second
    let after = sample();

    let mut page = String::new();
    Exposition::builder().namespace("shop").build()?.prometheus_text(&after, &mut page);
    page.lines()
        .filter(|line| line.starts_with("shop_config_deliveries_total"))
        .for_each(|line| println!("{line}"));
    let history = serde_json::to_value(history.document(RequestLabel::Path))?;
    println!("{}", history["spans"][0]["requests"]);

    assert_eq!(before.requests().total_requests(), 0);
    assert_eq!(after.requests().total_requests(), JOBS);
    assert_eq!(after.served_config().responses_by_caller().get("tenant-a"), Some(JOBS.div_ceil(3)));
    assert_eq!(after.served_config().values_total(), 2 * JOBS);
    assert_eq!(history["spans"][0]["requests"][0]["counts"][0], JOBS);
    Ok(())
}
