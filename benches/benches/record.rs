//! One record: of a request by path, and of a delivery of 20 names, on one thread.
//!
//! ```sh
//! cargo bench -p benches --bench record
//! cargo bench -p benches --bench record -- "ours"     # only names that match
//! ```
//!
//! Times include the loop around the record, which is listed by itself as `empty loop`.

use std::error::Error;
use std::time::Instant;

use benches::contestants::{Contestant, OF_DELIVERIES, OF_REQUESTS};
use benches::delivery::deliveries;
use benches::path::requests;
use benches::workload::Workload;
use criterion::{Criterion, Throughput};

fn main() -> Result<(), Box<dyn Error>> {
    let mut criterion = Criterion::default().configure_from_args();
    measure(&mut criterion, "one request by path", &requests(), &OF_REQUESTS)?;
    measure(&mut criterion, "one delivery of 20 names", &deliveries(), &OF_DELIVERIES)?;
    criterion.final_summary();
    Ok(())
}

fn measure<T>(
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
