//! Two ways to ask what happened lately: the difference between two snapshots, which costs nothing, and a reset, which ends the window.
//! What is recorded at the same time is in exactly one window.
//!
//! `cargo run -p runtime-metrics --example resets`

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use runtime_metrics::Metrics;

const DELIVERIES: u64 = 200_000;

fn main() {
    let metrics = Metrics::new();
    let plan = metrics.delivery_plan("run-time", "api", &["Auth:Issuer", "Auth:Audience"]);

    // A difference: of two snapshots of one window.
    plan.record("local:api");
    let before = metrics.snapshot();
    plan.record("local:api");
    plan.record("local:batch");
    let after = metrics.snapshot();
    assert_eq!(before.window_id(), after.window_id());
    let lately = after.served_config().responses_total() - before.served_config().responses_total();
    println!("between two snapshots: {lately} deliveries");
    assert_eq!(lately, 2);

    // Resets, beside a thread that goes on.
    let mut ended = vec![metrics.reset()];
    let is_done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            (0..DELIVERIES).for_each(|_| plan.record("local:api"));
            is_done.store(true, Ordering::Release);
        });
        while !is_done.load(Ordering::Acquire) {
            ended.push(metrics.reset());
        }
    });
    let current = metrics.snapshot();

    let responses: u64 = ended.iter().map(|window| window.served_config().responses_total()).sum();
    println!("{} windows and the current one: {} deliveries", ended.len(), responses);
    assert_eq!(responses + current.served_config().responses_total(), 3 + DELIVERIES);
    // A delivery is in a window whole: each has two values.
    assert!(
        ended
            .iter()
            .all(|window| window.served_config().values_total()
                == 2 * window.served_config().responses_total())
    );
}
