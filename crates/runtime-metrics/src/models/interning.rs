//! Threads that meet labels at once.

use std::sync::Arc;

use loom::thread;

use super::world::check;
use crate::hashing::label_hash;
use crate::limits::Limits;
use crate::tables::{REQUEST_OVERFLOW, Tables};

fn tables(requests: u32) -> Arc<Tables> {
    let limits = Limits { request_series: requests, delivery_series: 1, label_bytes: 64 };
    // As in `World::new`.
    thread::spawn(move || Arc::new(Tables::new(limits, label_hash()))).join().unwrap()
}

fn meeting(tables: &Arc<Tables>, path: &'static str) -> thread::JoinHandle<u32> {
    let tables = Arc::clone(tables);
    thread::spawn(move || {
        let cell = tables.request(path);
        // What a record does next: its cell is published, and has its labels.
        assert!((cell as usize) < tables.published());
        assert!(tables.series(cell).is_some());
        cell
    })
}

#[test]
fn threads_that_meet_one_label_share_its_cell_while_another_takes_the_last_place() {
    check("interning: one label twice, and the last place", Some(2), || {
        let tables = tables(2);
        let [one, same, other] = ["/one", "/one", "/other"].map(|path| meeting(&tables, path));
        let [one, same, other] = [one, same, other].map(|thread| thread.join().unwrap());
        assert_eq!(one, same);
        assert!(one != other && one != REQUEST_OVERFLOW && other != REQUEST_OVERFLOW);
        assert_eq!(tables.request_occupancy(), (2, 2));
    });
}

#[test]
fn of_two_labels_and_one_place_one_overflows() {
    check("interning: two labels, one place", Some(3), || {
        let tables = tables(1);
        let cells =
            ["/one", "/other"].map(|path| meeting(&tables, path)).map(|thread| thread.join().unwrap());
        assert_eq!(cells.iter().filter(|cell| **cell == REQUEST_OVERFLOW).count(), 1, "{cells:?}");
        assert_eq!(tables.request_occupancy(), (1, 1));
    });
}

#[test]
fn a_label_that_is_found_without_a_lock_is_the_one_that_was_met() {
    check("interning: a look-up beside a meeting", Some(3), || {
        let tables = tables(2);
        let meeting = meeting(&tables, "/one");
        let found = {
            let tables = Arc::clone(&tables);
            thread::spawn(move || {
                let found = tables.request_at_once("/one");
                assert!(
                    found.is_none_or(|cell| (cell as usize) < tables.published_before()),
                    "published before it is found"
                );
                found
            })
        };
        let (met, found) = (meeting.join().unwrap(), found.join().unwrap());
        assert!(found.is_none_or(|found| found == met));
    });
}
