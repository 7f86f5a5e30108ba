//! Memory of this process, where nothing else runs beside: the tests take turns.

use std::sync::{Mutex, PoisonError};

use benches::contestants::{OF_REQUESTS, name};
use benches::footprint::{of_series, of_thread};
use benches::path::requests;
use benches::resident::{anonymous, peak};
use benches::workload::Popularity;

static TURN: Mutex<()> = Mutex::new(());

#[test]
fn resident_memory_grows_by_what_is_written_to_and_its_peak_lies_above() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let before = anonymous().unwrap();
    let written = vec![1_u8; 8_000_000];
    let after = anonymous().unwrap();
    assert!((before + 7_000_000..before + 9_000_000).contains(&after), "{before} {after}");
    // The kernel counts the peak a little late.
    assert!(peak().unwrap() + 1_000_000 > after);
    assert_eq!(written[4_000_000], 1);
}

#[test]
fn series_take_memory_and_so_do_threads_that_record_them() {
    let _turn = TURN.lock().unwrap_or_else(PoisonError::into_inner);
    let requests = requests(10_000, Popularity::Uniform).unwrap();
    let ours = OF_REQUESTS.iter().find(|contestant| contestant.name == name::OURS_BY_STRING).unwrap();
    let series = of_series(|| ours.set_up(&requests), requests.items(), &|| 0).unwrap().by(10_000);
    // A label of 27 bytes and a count of 8; ten times the goal would be a leak.
    assert!((35.0..2_000.0).contains(&series.resident), "{series:?}");
    let recorder = ours.set_up(&requests).unwrap();
    let thread = of_thread(&*recorder, requests.items(), 10_000, 4, &|| 0).unwrap();
    assert!((80_000.0..800_000.0).contains(&thread.resident), "{thread:?}");
}
