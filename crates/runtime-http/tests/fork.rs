//! A history through a fork: each process remembers what it counted itself.

#![allow(clippy::unwrap_used)] // a test fails by panicking

#[allow(dead_code)] // threads, which this test does not need
#[path = "../../runtime-identity/tests/forked_child/mod.rs"]
mod forked_child;

use std::time::Duration;

use forked_child::in_forked_child;
use runtime_exposition::{CallerLabels, RequestLabel};
use runtime_http::history::History;
use runtime_metrics::Metrics;
use serde_json::{Value, json};

/// A history that is shown a snapshot a second.
struct Watched {
    metrics: Metrics,
    history: History,
    second: u64,
}

impl Watched {
    fn requests(&mut self, path: &str, count: u64) {
        (0..count).for_each(|_| self.metrics.record_request(path));
        self.second += 1;
        self.history.record(Duration::from_secs(self.second), &self.metrics.snapshot());
    }

    fn document(&self) -> Value {
        serde_json::to_value(self.history.document(RequestLabel::Path)).unwrap()
    }
}

#[test]
fn a_forked_child_begins_its_own_history_and_leaves_its_parents_to_the_parent() {
    let history = History::new(CallerLabels::Shown);
    let mut watched = Watched { metrics: Metrics::new(), history, second: 0 };
    watched.requests("/", 0);
    watched.requests("/parent", 3);
    let before = watched.document();

    let answer = in_forked_child(|| {
        watched.requests("/", 0);
        let begun = watched.document();
        watched.requests("/child", 2);
        json!([begun, watched.document()]).to_string()
    });
    let [begun, later]: [Value; 2] = serde_json::from_str(&answer).unwrap();
    assert_eq!(begun["spans"][0]["intervals"], json!([]));
    assert_eq!(later["spans"][0]["requests"], json!([{"path": "/child", "counts": [2]}]));
    assert!(later["instanceId"].is_string() && later["instanceId"] == begun["instanceId"]);
    assert_ne!(later["instanceId"], before["instanceId"]);

    assert_eq!(watched.document(), before);
    watched.requests("/parent", 1);
    assert_eq!(watched.document()["spans"][0]["requests"], json!([{"path": "/parent", "counts": [3, 1]}]));
}
