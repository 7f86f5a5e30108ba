//! Something that is made for everybody who waits for it.

use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::sleep;

use super::refusal::Refusal;

/// After it was made it is not made again for this many times as long as making it took.
const REST: u32 = 9;
/// But not longer: a making that took long because the process stood still, or waited for something, must not hold up those who come later.
const LONGEST_REST: Duration = Duration::from_millis(250);

/// The last one that was made. Clones share it.
///
/// It is made by one thread at a time. Whoever asks gets one that was begun after it asked, and so holds everything that had been recorded when
/// it asked; all that ask while one is being made, or while it rests, share the next. So whoever asks once in a while does not wait, and any
/// number of them cost a tenth of one processor at most, as long as making takes no more than 28 ms.
#[derive(Debug)]
pub(super) struct Shared<T>(Arc<Mutex<Option<Made<T>>>>);

#[derive(Debug)]
struct Made<T> {
    value: T,
    begun: Instant,
    /// What it took.
    cost: Duration,
}

impl<T: Clone + Send + 'static> Shared<T> {
    /// One that was begun after this call, or at most `maximum_age` ago.
    ///
    /// `make` may block, and take its time.
    pub(super) async fn get(
        &self,
        maximum_age: Duration,
        make: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Refusal> {
        let asked = Instant::now();
        let mut last = Arc::clone(&self.0).lock_owned().await;
        if let Some(made) = &*last {
            if made.begun >= asked || (!maximum_age.is_zero() && made.begun.elapsed() <= maximum_age) {
                return Ok(made.value.clone());
            }
            // Those who come now wait for the lock.
            sleep(made.rest()).await;
        }
        // The lock goes along: making goes on, and stays the only one, if whoever asked has gone away.
        let making = spawn_blocking(move || {
            let begun = Instant::now();
            let value = make();
            *last = Some(Made { value: value.clone(), begun, cost: begun.elapsed() });
            value
        });
        making.await.map_err(|_| Refusal::Defect)
    }
}

impl<T> Made<T> {
    /// How long to wait until another may be made.
    fn rest(&self) -> Duration {
        let rest = self.cost.saturating_mul(REST).min(LONGEST_REST);
        (self.cost + rest).saturating_sub(self.begun.elapsed())
    }
}

impl<T> Default for Shared<T> {
    fn default() -> Self {
        Self(Arc::default())
    }
}

impl<T> Clone for Shared<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;

    #[tokio::test]
    async fn those_who_ask_while_one_is_made_share_the_next() {
        let shared = Shared::default();
        let [begun, made] = [0, 0].map(|count| Arc::new(AtomicU64::new(count)));
        let ask = || {
            let (shared, begun, made) = (shared.clone(), Arc::clone(&begun), Arc::clone(&made));
            async move {
                let make = move || {
                    begun.fetch_add(1, Ordering::Relaxed);
                    std::thread::sleep(Duration::from_millis(20));
                    made.fetch_add(1, Ordering::Relaxed)
                };
                shared.get(Duration::ZERO, make).await.unwrap()
            }
        };
        let first = tokio::spawn(ask());
        while begun.load(Ordering::Relaxed) == 0 {
            tokio::task::yield_now().await;
        }
        let rest: Vec<_> = (0..100).map(|_| tokio::spawn(ask())).collect();
        assert_eq!(first.await.unwrap(), 0);
        for asked in rest {
            assert_eq!(asked.await.unwrap(), 1);
        }
        assert_eq!(made.load(Ordering::Relaxed), 2);
    }

    #[test]
    fn the_rest_is_nine_times_the_cost_up_to_a_limit() {
        let rest = |cost| Made { value: (), begun: Instant::now() + cost, cost }.rest();
        let about = |time: Duration, expected: Duration| time <= expected && expected - time < expected / 2;
        let cost = Duration::from_millis(20);
        assert!(about(rest(cost), 10 * cost), "{:?}", rest(cost));
        let minute = Duration::from_secs(60);
        assert!(rest(minute) <= minute + LONGEST_REST);
    }

    #[tokio::test]
    async fn one_that_is_young_enough_is_given_again() {
        let shared = Shared::default();
        let hour = Duration::from_secs(3_600);
        assert_eq!(shared.get(hour, || 1).await, Ok(1));
        assert_eq!(shared.get(hour, || 2).await, Ok(1));
        assert_eq!(shared.get(Duration::ZERO, || 3).await, Ok(3));
    }

    #[tokio::test]
    async fn whoever_goes_away_or_panics_leaves_nothing_locked() {
        let shared = Shared::default();
        let slow = shared.get(Duration::ZERO, || {
            std::thread::sleep(Duration::from_millis(20));
            1
        });
        assert!(tokio::time::timeout(Duration::from_millis(1), slow).await.is_err());
        assert_eq!(shared.get(Duration::ZERO, || panic!("on purpose")).await, Err(Refusal::Defect));
        assert_eq!(shared.get(Duration::ZERO, || 2).await, Ok(2));
    }
}
