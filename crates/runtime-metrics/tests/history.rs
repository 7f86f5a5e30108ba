//! Random histories of all operations show the same in a registry as in the naive model.

#![allow(clippy::unwrap_used)] // a test fails by panicking

mod model;

use model::Limits;
use model::run::{Operation, Run};
use proptest::prelude::*;
use runtime_metrics::OVERFLOW_LABEL;

/// Labels that meet often, in all their spellings, among some that never do.
fn label() -> impl Strategy<Value = String> {
    let alphabet = ["api", "web", "", "ΌΣ", "İx", "a\u{301}", "\u{202e}rtl", "nul\0", "😀", OVERFLOW_LABEL];
    let known =
        (prop::sample::select(alphabet.to_vec()), 0..6_u8).prop_map(|(label, spelling)| match spelling {
            0 => format!(" {label}\t"),
            1 => format!("\u{1f}{label}\u{3000}"),
            2 => label.to_uppercase(),
            _ => label.to_owned(),
        });
    prop_oneof![8 => known, 1 => any::<String>(), 1 => "[a-z]{0,40}"]
}

fn names() -> impl Strategy<Value = Vec<String>> {
    let few = prop::collection::vec(label(), 0..5);
    let many = (label(), 0..600_usize).prop_map(|(name, count)| vec![name; count]);
    prop_oneof![9 => few, 1 => many]
}

fn operation() -> impl Strategy<Value = Operation> {
    prop_oneof![
        8 => label().prop_map(Operation::Request),
        8 => (label(), label(), names(), label())
            .prop_map(|(endpoint, target, names, caller)| Operation::Delivery { endpoint, target, names, caller }),
        1 => label().prop_map(Operation::PrepareRequest),
        1 => any::<u8>().prop_map(Operation::DropRequestCounter),
        1 => any::<u8>().prop_map(Operation::DropPlan),
        4 => any::<u8>().prop_map(Operation::PreparedRequest),
        1 => (label(), label(), names())
            .prop_map(|(endpoint, target, names)| Operation::PreparePlan { endpoint, target, names }),
        4 => (any::<u8>(), label()).prop_map(|(plan, caller)| Operation::PlannedDelivery(plan, caller)),
        2 => Just(Operation::Snapshot),
        1 => Just(Operation::SnapshotWithin),
        1 => Just(Operation::Reset),
    ]
}

fn limits() -> impl Strategy<Value = Limits> {
    (1..8_usize, 1..8_usize, prop_oneof![1..12_usize, Just(1_024)]).prop_map(
        |(request_series, delivery_series, label_bytes)| Limits {
            request_series,
            delivery_series,
            label_bytes,
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_history_shows_the_same_as_in_the_naive_model(
        limits in limits(),
        history in prop::collection::vec(operation(), 1..120),
    ) {
        let mut run = Run::new(limits);
        for operation in &history {
            run.apply(operation);
        }
        run.finish();
    }

    #[test]
    fn a_history_made_by_ever_new_threads_shows_the_same_as_in_the_naive_model(
        limits in limits(),
        history in prop::collection::vec(operation(), 1..40),
    ) {
        let mut run = Run::new(limits);
        for operation in &history {
            run.apply_on_fresh_thread(operation);
        }
        run.finish();
    }
}
