//! A place that is written once, under a key.

use std::sync::Arc;

use loom::thread;

use super::world::check;
use crate::sync::{Key, Keyed};

const VALUE: u64 = 7;

#[test]
fn of_two_values_that_are_written_at_once_who_finds_the_key_reads_one_whole() {
    check("a keyed place: two writers and a reader", None, || {
        let place = Arc::new(Keyed::<u64>::default());
        let key = Key::of(1);
        let writers = [0, 1].map(|_| {
            let place = Arc::clone(&place);
            thread::spawn(move || place.write(key, VALUE))
        });
        let reader = {
            let place = Arc::clone(&place);
            // The checker sees to it that the value was written before it is read.
            thread::spawn(move || assert!(place.get(key).is_none_or(|value| *value == VALUE)))
        };
        writers.into_iter().for_each(|writer| writer.join().unwrap());
        reader.join().unwrap();
        assert_eq!(place.get(key), Some(&VALUE));
    });
}
