//! Resets while threads record.

use std::sync::Arc;

use super::world::{CAUSE, World, causing, check, collecting, counts, following, recording};
use crate::sync::AtomicBool;

/// Rule 6, and that no stripe is taken from under a record: the checker watches the desk.
#[test]
fn a_record_is_in_exactly_one_window() {
    check("reset: two records of one thread", Some(3), || {
        let world = World::new();
        let writer = recording(&world, &world.first.claim_seat(), &[CAUSE, CAUSE]);
        let collector = collecting(&world, |world, collector| {
            let ended = collector.reset(&world.phase, Arc::clone(&world.second)).ended;
            let running = collector.snapshot(&world.phase);
            let (ended, running) = (counts(&ended).0, counts(&running).0);
            assert!(ended + running <= 2, "{ended} {running}");
            (ended, running)
        });
        writer.join().unwrap();
        let (mut collector, (ended, running)) = collector.join().unwrap();
        let last = counts(&collector.snapshot(&world.phase)).0;
        assert!(running <= last);
        assert_eq!(ended + last, 2);
    });
}

/// Rule 4 across a reset: a record that was caused by another one is in an ended window only with it.
#[test]
fn an_ended_window_holds_a_cause_with_its_effect() {
    check("reset: cause and effect in two threads", Some(2), || {
        let world = World::new();
        let caused = Arc::new(AtomicBool::new(false));
        let (first, second) = (world.first.claim_seat(), world.first.claim_seat());
        let cause = causing(&world, Some(first), &caused);
        let effect = following(&world, second, &caused);
        let collector = collecting(&world, |world, collector| {
            let ended = collector.reset(&world.phase, Arc::clone(&world.second)).ended;
            let (cause, effect) = counts(&ended);
            assert!(effect <= cause, "{cause} {effect}");
            (cause, effect)
        });
        cause.join().unwrap();
        let recorded = effect.join().unwrap();
        let (mut collector, (cause, effect)) = collector.join().unwrap();
        let (late_cause, late_effect) = counts(&collector.snapshot(&world.phase));
        assert_eq!((cause + late_cause, effect + late_effect), (1, recorded));
    });
}

/// A thread that records once and sleeps keeps nothing of an earlier window; one in the middle of a record keeps it.
#[test]
fn a_generation_drains_once_nobody_records_in_it() {
    check("reset: draining", Some(3), || {
        let world = World::new();
        let seat = world.first.claim_seat();
        let writer = recording(&world, &seat, &[CAUSE]);
        let collector = collecting(&world, |world, collector| {
            let ended = collector.reset(&world.phase, Arc::clone(&world.second)).ended;
            drop(collector.snapshot(&world.phase));
            counts(&ended).0
        });
        writer.join().unwrap();
        let (mut collector, ended) = collector.join().unwrap();
        assert_eq!(ended + counts(&collector.snapshot(&world.phase)).0, 1);
        assert!(seat.is_retired(), "the writer has left it, and a cut was taken since");
    });
}
