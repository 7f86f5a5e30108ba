//! A seat that one thread gives up and another one claims.

use std::sync::Arc;

use loom::thread;

use super::world::{CAUSE, World, check, collecting, counts};

/// A thread that takes a seat in the first generation, records, and gives the seat up.
fn owning(world: &Arc<World>) -> thread::JoinHandle<()> {
    let world = Arc::clone(world);
    thread::spawn(move || {
        let seat = world.first.claim_seat();
        world.record(&seat, CAUSE);
        seat.give_up();
    })
}

#[test]
fn a_thread_continues_the_cells_of_one_that_ended() {
    check("hand-over: two owners, one after the other or side by side", Some(2), || {
        let world = World::new();
        let owners = [owning(&world), owning(&world)];
        let collector = collecting(&world, |world, collector| {
            assert!(counts(&collector.snapshot(&world.phase)).0 <= 2);
        });
        owners.into_iter().for_each(|owner| owner.join().unwrap());
        let (mut collector, ()) = collector.join().unwrap();
        assert_eq!(counts(&collector.snapshot(&world.phase)).0, 2);
        assert!(world.first.seats().len() <= 2);
    });
}

/// What an owner did with a stripe happened before what the next one does, and so before the stripe is taken away.
#[test]
fn a_seat_that_was_handed_over_is_taken_away_after_all_that_its_owners_did() {
    check("hand-over: two owners and a reset", Some(1), || {
        let world = World::new();
        let owners = [owning(&world), owning(&world)];
        let collector = collecting(&world, |world, collector| {
            let ended = collector.reset(&world.phase, Arc::clone(&world.second)).ended;
            drop(collector.snapshot(&world.phase));
            counts(&ended).0
        });
        owners.into_iter().for_each(|owner| owner.join().unwrap());
        let (mut collector, ended) = collector.join().unwrap();
        assert_eq!(ended + counts(&collector.snapshot(&world.phase)).0, 2);
    });
}
