//! A thread that reads the published snapshot.

use std::sync::Arc;
use std::time::Duration;

use super::actor::Actor;
use super::counts::lowered;
use super::scene::{Depth, Scene};
use super::violation::{Rule, Violation};

/// Reads the last published snapshot and checks it against the one that it read before.
#[derive(Debug)]
pub struct Reader;

const REST: Duration = Duration::from_millis(5);

impl Actor for Reader {
    fn name(&self) -> &'static str {
        "reader"
    }

    fn run(self: Box<Self>, scene: &Arc<Scene>) {
        let mut earlier = scene.metrics().latest();
        while scene.control().go_on_after(REST) {
            let later = scene.metrics().latest();
            scene.check(&later, Depth::Maps);
            let [before, after] = [earlier.sequence(), later.sequence()];
            if after < before {
                let detail = format!("the published snapshot is that of cut {after} after {before}");
                scene.report([Violation::new(Rule::Sequence, detail)]);
            }
            scene.report(lowered(&earlier, &later));
            scene.activity().latest.add_one();
            earlier = later;
        }
    }
}
