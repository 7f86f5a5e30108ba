//! Readers of the last published snapshot beside cuts.

use std::sync::Arc;

use loom::thread;
use runtime_identity::clock::Monotonic;

use super::world::{CAUSE, World, check, counts};
use crate::fence::FenceMode;
use crate::phase::Phase;
use crate::state::State;
use crate::window::Window;

#[test]
fn published_snapshots_only_ever_get_newer() {
    check("publishing: two cuts and a reader", Some(3), || {
        let world = World::new();
        let seat = world.first.claim_seat();
        let window = Window::beginning(Monotonic::now());
        let first = Arc::clone(&world.first);
        let state = Arc::new(State::new(0, Phase::NONE, FenceMode::Portable, first, window));
        let publisher = {
            let (world, state) = (Arc::clone(&world), Arc::clone(&state));
            thread::spawn(move || {
                for _ in 0..2 {
                    world.record(&seat, CAUSE);
                    let snapshot = state.collector().snapshot(&world.phase);
                    state.latest.store(Arc::new(snapshot));
                }
            })
        };
        let reader = {
            let state = Arc::clone(&state);
            thread::spawn(move || {
                let (one, two) = (state.latest.load_full(), state.latest.load_full());
                assert!(one.sequence() <= two.sequence());
                assert_eq!(counts(&one).0, one.sequence(), "one record before each cut");
                assert_eq!(counts(&two).0, two.sequence(), "one record before each cut");
            })
        };
        publisher.join().unwrap();
        reader.join().unwrap();
        assert_eq!(state.latest.load().sequence(), 2);
    });
}
