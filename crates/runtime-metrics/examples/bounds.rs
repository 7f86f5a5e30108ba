//! A scanner asks for a hundred thousand paths that do not exist. The memory stays what it was built for, the totals stay exact, and the
//! registry says what it did not keep apart.
//!
//! `cargo run -p runtime-metrics --example bounds`

use runtime_metrics::{BuildError, Metrics, OVERFLOW_LABEL};

const PATHS: u64 = 100_000;

fn main() -> Result<(), BuildError> {
    let metrics = Metrics::builder().request_series_limit(100).build()?;
    metrics.record_request("/orders");
    for number in 0..PATHS {
        metrics.record_request(&format!("/wp-admin/{number}.php"));
    }
    metrics.record_request("/orders");

    let snapshot = metrics.snapshot();
    let requests = snapshot.requests();
    let by_path = requests.requests_by_path();
    println!("{} requests under {} labels", requests.total_requests(), by_path.len());
    println!("{} of them under {OVERFLOW_LABEL}", by_path.get(OVERFLOW_LABEL).unwrap_or(0));
    println!(
        "some that were not kept apart: {:?}",
        requests.overflow().rejected_labels().collect::<Vec<_>>()
    );

    assert_eq!(requests.total_requests(), PATHS + 2);
    assert_eq!(by_path.get("/orders"), Some(2), "a path that was met in time is counted as ever");
    assert_eq!(
        requests.overflow().records(),
        PATHS + 2
            - by_path.iter().filter(|(path, _)| *path != OVERFLOW_LABEL).map(|(_, count)| count).sum::<u64>()
    );
    Ok(())
}
