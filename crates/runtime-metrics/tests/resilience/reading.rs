//! A config name that records when it is read, wherever in a record that happens to be.

use std::cell::Cell;

use runtime_metrics::Metrics;

use crate::turn;

/// A config name that records a delivery of documents never seen before each time it is read.
struct Recording<'a> {
    metrics: &'a Metrics,
    text: &'a str,
    /// Readings of all names that share it.
    readings: &'a Cell<u64>,
}

impl AsRef<str> for Recording<'_> {
    fn as_ref(&self) -> &str {
        let reading = self.readings.get();
        self.readings.set(reading + 1);
        // Many: if the record that reads the name held one of a few locks, one of these would need it, too.
        for document in 0..20 {
            let name = format!("{}/{reading}/{document}", self.text);
            self.metrics.record_config_delivery("config", "inner", &[name], "web");
        }
        self.text
    }
}

#[test]
fn names_that_meet_new_series_when_they_are_read_are_counted_and_wait_for_no_lock() {
    let _turn = turn::take();
    let metrics = Metrics::new();
    let readings = Cell::new(0);
    for text in ["a", "b", "b"] {
        let name = Recording { metrics: &metrics, text, readings: &readings };
        metrics.record_config_delivery("config", "outer", &[name], " Web ");
    }
    let snapshot = metrics.snapshot();
    let by_target = snapshot.served_config().responses_by_target();
    assert_eq!(by_target.get("outer"), Some(3));
    assert_eq!(by_target.get("inner"), Some(20 * readings.get()));
    assert_eq!(snapshot.served_config().overflow().records(), 0);
}
