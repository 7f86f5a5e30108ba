//! Cuts while threads record.

use std::sync::Arc;

use loom::thread;

use super::world::{CAUSE, EFFECT, World, causing, check, collecting, counts, following, recording};
use crate::collector::Collector;
use crate::sync::AtomicBool;

/// An effect is in a cut only with its one cause.
fn look_at_cause_and_effect(world: &Arc<World>, collector: &mut Collector) {
    let (cause, effect) = counts(&collector.snapshot(&world.phase));
    assert!(effect <= cause && cause <= 1, "{cause} {effect}");
}

/// Rules 3, 4 and 6: a record that was caused by another one is in a cut only with it, and in the end both are.
#[test]
fn a_cut_holds_a_cause_with_its_effect() {
    check("scan: cause and effect in two threads", Some(3), || {
        let world = World::new();
        let caused = Arc::new(AtomicBool::new(false));
        let (first, second) = (world.first.claim_seat(), world.first.claim_seat());
        let cause = causing(&world, Some(first), &caused);
        let effect = following(&world, second, &caused);
        let collector = collecting(&world, look_at_cause_and_effect);
        cause.join().unwrap();
        let recorded = effect.join().unwrap();
        let (mut collector, ()) = collector.join().unwrap();
        assert_eq!(counts(&collector.snapshot(&world.phase)), (1, recorded));
    });
}

/// Rule 4 within one thread.
#[test]
fn a_cut_holds_what_a_thread_recorded_before() {
    check("scan: cause and effect in one thread", Some(4), || {
        let world = World::new();
        let writer = recording(&world, &world.first.claim_seat(), &[CAUSE, EFFECT]);
        let collector = collecting(&world, look_at_cause_and_effect);
        writer.join().unwrap();
        let (mut collector, ()) = collector.join().unwrap();
        assert_eq!(counts(&collector.snapshot(&world.phase)), (1, 1));
    });
}

/// Rule 5, and what a writer forwards too late: it is at most what the next cut reads.
#[test]
fn counts_do_not_go_down_from_cut_to_cut() {
    check("scan: two cuts, two records of one cell", Some(3), || {
        let world = World::new();
        let writer = recording(&world, &world.first.claim_seat(), &[CAUSE, CAUSE]);
        let collector = collecting(&world, |world, collector| {
            let first = counts(&collector.snapshot(&world.phase)).0;
            let second = counts(&collector.snapshot(&world.phase)).0;
            assert!(first <= second && second <= 2, "{first} {second}");
        });
        writer.join().unwrap();
        let (mut collector, ()) = collector.join().unwrap();
        assert_eq!(counts(&collector.snapshot(&world.phase)).0, 2);
    });
}

/// Rules 3 and 5: what a cell forwarded to an earlier scan does not count where another one of its stripe was forwarded to this one.
#[test]
fn a_forward_to_an_earlier_cut_does_not_count_in_a_later_one() {
    check("scan: two cuts, two cells of one stripe", Some(3), || {
        let world = World::new();
        let seat = world.first.claim_seat();
        let writer = recording(&world, &seat, &[CAUSE]);
        let collector = collecting(&world, move |world, collector| {
            assert!(counts(&collector.snapshot(&world.phase)).0 <= 1);
            writer.join().unwrap();
            // While no scan is open: it is in A alone.
            world.record(&seat, CAUSE);
            let writer = recording(world, &seat, &[EFFECT]);
            let (causes, effects) = counts(&collector.snapshot(&world.phase));
            assert!(causes == 2 && effects <= 1, "{causes} {effects}");
            writer.join().unwrap();
        });
        let (mut collector, ()) = collector.join().unwrap();
        assert_eq!(counts(&collector.snapshot(&world.phase)), (2, 1));
    });
}

/// A thread that takes its seat while the scan goes on is seen, or has recorded nothing that must be.
#[test]
fn a_seat_that_is_taken_during_a_scan_is_not_missed() {
    check("scan: a new seat", Some(3), || {
        let world = World::new();
        let caused = Arc::new(AtomicBool::new(false));
        let cause = causing(&world, None, &caused);
        let effect = following(&world, world.first.claim_seat(), &caused);
        let collector = collecting(&world, look_at_cause_and_effect);
        cause.join().unwrap();
        effect.join().unwrap();
        let (mut collector, ()) = collector.join().unwrap();
        assert_eq!(counts(&collector.snapshot(&world.phase)).0, 1);
    });
}

/// The pair of counts of deliveries without labels takes part in the cut.
#[test]
fn a_delivery_that_fits_no_cell_is_whole_or_not_there() {
    check("scan: deliveries without a cell", Some(2), || {
        let world = World::new();
        let seat = world.first.claim_seat();
        let unlabelled = {
            let world = Arc::clone(&world);
            thread::spawn(move || {
                world.first.tables.count_unlabelled(&world.phase, 3);
                world.record(&seat, EFFECT);
            })
        };
        let collector = collecting(&world, |world, collector| {
            let snapshot = collector.snapshot(&world.phase);
            let served = snapshot.served_config();
            let (responses, values) = (served.responses_total(), served.values_total());
            assert_eq!(values, 3 * responses);
            assert!(counts(&snapshot).1 <= responses && responses <= 1);
        });
        unlabelled.join().unwrap();
        let (mut collector, ()) = collector.join().unwrap();
        assert_eq!(collector.snapshot(&world.phase).served_config().responses_total(), 1);
    });
}
