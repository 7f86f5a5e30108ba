//! Each operation by itself, on one thread: a request by string and by handle, a delivery of 20 names, a snapshot, a page, and
//! a snapshot's encoding in each format.
//!
//! ```sh
//! cargo bench -p benches --bench operations
//! cargo bench -p benches --bench operations -- "ours"     # only names that match
//! ```
//!
//! Times of records include the loop around the record, which is listed by itself as `empty loop`.

use std::error::Error;
use std::time::{Duration, Instant};

use benches::contestants::{Contestant, OF_DELIVERIES, OF_HANDLES, OF_REQUESTS};
use benches::delivery::deliveries;
use benches::path::{RequestPath, requests};
use benches::workload::{Popularity, Workload};
use criterion::{Criterion, Throughput};
use runtime_exposition::{Exposition, TextFormat};
use runtime_metrics::{Metrics, Snapshot};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    let paths = requests(100, Popularity::Uniform)?;
    record(&mut criterion, "one request by string", &paths, &OF_REQUESTS)?;
    record(&mut criterion, "one request by handle", &paths, &OF_HANDLES)?;
    record(&mut criterion, "one delivery of 20 names", &deliveries(20)?, &OF_DELIVERIES)?;
    read(&mut criterion, &requests(10_000, Popularity::Uniform)?)?;
    for series in [100, 10_000, 100_000] {
        encode(&mut criterion, series)?;
    }
    criterion.final_summary();
    Ok(())
}

fn record<T>(
    criterion: &mut Criterion,
    name: &str,
    workload: &Workload<T>,
    contestants: &[Contestant<T>],
) -> Result<(), Box<dyn Error>> {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(1));
    for contestant in contestants {
        let recorder = contestant.set_up(workload)?;
        group.bench_function(contestant.name, |bencher| {
            bencher.iter_custom(|records| {
                let begin = Instant::now();
                recorder.lap(workload, 0, records);
                begin.elapsed()
            });
        });
    }
    group.finish();
    Ok(())
}

fn read(criterion: &mut Criterion, workload: &Workload<RequestPath>) -> Result<(), Box<dyn Error>> {
    let mut group = criterion.benchmark_group("10,000 request series");
    group.sample_size(20).measurement_time(Duration::from_secs(2));
    for contestant in &OF_REQUESTS {
        let recorder = contestant.set_up(workload)?;
        workload.items().iter().for_each(|item| recorder.record(item));
        let mut page = Vec::new();
        let (gathers, encodes) = (recorder.gather(), recorder.encode(&mut page));
        if gathers {
            group.bench_function(format!("snapshot/{}", contestant.name), |bencher| {
                bencher.iter(|| recorder.gather());
            });
        }
        if encodes {
            group.bench_function(format!("page/{}", contestant.name), |bencher| {
                bencher.iter(|| recorder.encode(&mut page));
            });
        }
    }
    group.finish();
    Ok(())
}

/// A way to append a snapshot in one format.
type Encode<'e> = &'e dyn Fn(&Snapshot, &mut String);

/// Encodes one snapshot again and again, into the same buffer.
fn encode(criterion: &mut Criterion, series: usize) -> Result<(), Box<dyn Error>> {
    let limit = u32::try_from(series)?;
    let metrics = Metrics::builder().request_series_limit(limit).build()?;
    requests(series, Popularity::Uniform)?.items().iter().for_each(|path| metrics.record_request(path.text));
    let snapshot = metrics.snapshot();
    let exposition = Exposition::builder().build()?;
    let formats: [(&str, Encode); 2] = [
        ("prometheus", &|snapshot, out| exposition.text(TextFormat::Prometheus, snapshot, out)),
        ("openmetrics", &|snapshot, out| exposition.text(TextFormat::OpenMetrics, snapshot, out)),
    ];
    let mut group = criterion.benchmark_group(format!("encoding {series} series"));
    for (format, encode) in formats {
        let mut page = String::new();
        encode(&snapshot, &mut page);
        group.throughput(Throughput::Bytes(page.len() as u64));
        group.bench_function(format, |bencher| {
            bencher.iter(|| {
                page.clear();
                encode(&snapshot, &mut page);
            });
        });
    }
    group.finish();
    Ok(())
}
