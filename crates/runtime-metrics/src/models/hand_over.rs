//! A seat that one thread gives up and another one claims.

use std::sync::Arc;

use loom::thread;

use super::world::{CAUSE, World, check, collecting, counts};

#[test]
fn a_thread_continues_the_cells_of_one_that_ended() {
    check("hand-over: two owners, one after the other or side by side", Some(2), || {
        let world = World::new();
        let owner = || {
            let world = Arc::clone(&world);
            thread::spawn(move || {
                let seat = world.first.claim_seat();
                world.record(&seat, CAUSE);
                seat.give_up();
            })
        };
        let owners = [owner(), owner()];
        let collector = collecting(&world, |world, collector| {
            assert!(counts(&collector.snapshot(&world.phase)).0 <= 2);
        });
        owners.into_iter().for_each(|owner| owner.join().unwrap());
        let (mut collector, ()) = collector.join().unwrap();
        assert_eq!(counts(&collector.snapshot(&world.phase)).0, 2);
        assert!(world.first.seats().len() <= 2);
    });
}
