//! Someone who reads the counts at a steady rate beside those who record.

use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use crate::recorder::Recorder;

/// Does `work` while a thread of its own reads `recorder` so often a second, in the recorder's own way: a gather, or a
/// page if it has nothing else. What cannot be read that often is read again at once. At 0 a second, does the
/// work alone.
///
/// Gives what the work did, and how often the recorder was read.
pub fn beside<T, R>(recorder: &dyn Recorder<T>, per_second: u32, work: impl FnOnce() -> R) -> (R, u64) {
    if per_second == 0 {
        return (work(), 0);
    }
    let period = Duration::from_secs(1) / per_second;
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let observer = scope.spawn(|| {
            let mut page = Vec::new();
            let (mut readings, mut next) = (0, Instant::now());
            // Relaxed: nothing else is read by it.
            while !done.load(Ordering::Relaxed) {
                let now = Instant::now();
                if now < next {
                    thread::park_timeout(next - now);
                    continue;
                }
                if recorder.gather() || recorder.encode(&mut page) {
                    readings += 1;
                }
                next = Instant::now().max(next + period);
            }
            readings
        });
        let result = work();
        done.store(true, Ordering::Relaxed);
        observer.thread().unpark();
        // An observer that panicked has said so, and has read nothing.
        (result, observer.join().unwrap_or(0))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contestants::OF_REQUESTS;
    use crate::path::requests;
    use crate::workload::Popularity;

    #[test]
    fn an_observer_reads_while_the_work_is_done_and_not_at_a_rate_of_zero() {
        let requests = requests(1, Popularity::Uniform).unwrap();
        let ours = OF_REQUESTS[1].set_up(&requests).unwrap();
        let begin = Instant::now();
        let (result, readings) = beside(&*ours, 1_000, || {
            thread::sleep(Duration::from_millis(100));
            7
        });
        assert_eq!(result, 7);
        // One at the beginning, and never more than the rate; how many come in time is the machine's affair.
        let most = 1 + begin.elapsed().as_millis();
        assert!(readings >= 1 && u128::from(readings) <= most, "{readings} of {most}");
        assert_eq!(beside(&*ours, 0, || 7), (7, 0));
    }
}
