//! Something that is made for everybody who waits for it.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::Mutex;
use tokio::task::spawn_blocking;
use tokio::time::{self, sleep};

use super::pace::Pace;
use super::refusal::Refusal;

/// After it was made it is not made again for this many times as long as making it took.
const REST: u32 = 9;
/// But not longer: a making that took long because the process stood still, or waited for something, must not hold up those who come later.
/// After one that failed it is this long: it may have failed at once.
const LONGEST_REST: Duration = Duration::from_millis(250);

/// The last one that was made. Clones share it.
///
/// It is made by one thread at a time. Whoever asks gets one that was begun after it asked, and so holds everything that had been recorded when
/// it asked; all that ask while one is being made, or while it rests, share the next. So whoever asks once in a while does not wait, and any
/// number of them cost a tenth of one processor at most, as long as making takes no more than 28 ms.
#[derive(Debug)]
pub(super) struct Shared<T>(Arc<Mutex<State<T>>>);

#[derive(Debug)]
struct State<T> {
    last: Option<Made<T>>,
    /// If it must not be made more often than that.
    pace: Option<Pace>,
}

#[derive(Debug)]
struct Made<T> {
    outcome: Result<T, Refusal>,
    begun: Instant,
    /// What it took.
    cost: Duration,
}

impl<T: Clone + Send + 'static> Shared<T> {
    /// One that is made at this pace at most.
    pub(super) fn paced(pace: Pace) -> Self {
        Self::new(Some(pace))
    }

    fn new(pace: Option<Pace>) -> Self {
        Self(Arc::new(Mutex::new(State { last: None, pace })))
    }

    /// One that was begun after this call, or at most `maximum_age` ago.
    ///
    /// `make` may block, take its time, and panic, which is a defect for all who share it. What failed has no age: it is given to those alone who
    /// asked before it was begun.
    pub(super) async fn get(
        &self,
        maximum_age: Duration,
        make: impl FnOnce() -> Result<T, Refusal> + Send + 'static,
    ) -> Result<T, Refusal> {
        let asked = Instant::now();
        let mut state = Arc::clone(&self.0).lock_owned().await;
        if let Some(made) = state.last.as_ref().filter(|made| made.is_for(asked, maximum_age)) {
            return made.outcome.clone();
        }
        let rest = state.rest();
        if !rest.is_zero() {
            // Those who come now wait for the lock.
            sleep(rest).await;
        }
        // The lock goes along: making goes on, and stays the only one, if whoever asked has gone away.
        spawn_blocking(move || state.make(make)).await.map_err(|_| Refusal::Defect)?
    }
}

impl<T: Clone> State<T> {
    /// How long to wait until another may be made.
    fn rest(&self) -> Duration {
        let rest = self.last.as_ref().map_or(Duration::ZERO, |made| made.rest(Instant::now()));
        self.pace.as_ref().map_or(rest, |pace| rest.max(pace.wait(time::Instant::now())))
    }

    fn make(&mut self, make: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
        let begun = Instant::now();
        if let Some(pace) = &mut self.pace {
            pace.take(time::Instant::now());
        }
        let outcome = unless_it_panics(make);
        self.last = Some(Made { outcome: outcome.clone(), begun, cost: begun.elapsed() });
        outcome
    }
}

impl<T> Made<T> {
    /// Whether whoever asked at that instant may have it.
    fn is_for(&self, asked: Instant, maximum_age: Duration) -> bool {
        let is_young = || !maximum_age.is_zero() && self.begun.elapsed() <= maximum_age;
        self.begun >= asked || (self.outcome.is_ok() && is_young())
    }

    /// How long to wait from `now` on until another may be made.
    fn rest(&self, now: Instant) -> Duration {
        let rest = match self.outcome {
            Ok(_) => self.cost.saturating_mul(REST).min(LONGEST_REST),
            Err(_) => LONGEST_REST,
        };
        (self.cost + rest).saturating_sub(now.saturating_duration_since(self.begun))
    }
}

/// What `make` gives; a defect if it panics, which the panic's own message tells of.
pub(super) fn unless_it_panics<T>(make: impl FnOnce() -> Result<T, Refusal>) -> Result<T, Refusal> {
    // What it leaves half done is a document that nobody sees, or behind locks that can be poisoned.
    catch_unwind(AssertUnwindSafe(make)).unwrap_or(Err(Refusal::Defect))
}

impl<T: Clone + Send + 'static> Default for Shared<T> {
    fn default() -> Self {
        Self::new(None)
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
                    Ok(made.fetch_add(1, Ordering::Relaxed))
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
        let begun = Instant::now();
        let rest = |outcome, cost| Made { outcome, begun, cost }.rest(begun + cost);
        let (cost, minute) = (Duration::from_millis(20), Duration::from_secs(60));
        assert_eq!(rest(Ok(()), cost), 9 * cost);
        assert_eq!(rest(Ok(()), minute), LONGEST_REST);
        assert_eq!(rest(Err(Refusal::Defect), Duration::ZERO), LONGEST_REST);
    }

    #[tokio::test]
    async fn one_that_is_young_enough_is_given_again() {
        let shared = Shared::default();
        let hour = Duration::from_secs(3_600);
        assert_eq!(shared.get(hour, || Ok(1)).await, Ok(1));
        assert_eq!(shared.get(hour, || Ok(2)).await, Ok(1));
        assert_eq!(shared.get(Duration::ZERO, || Ok(3)).await, Ok(3));
    }

    #[tokio::test]
    async fn whoever_goes_away_or_panics_leaves_nothing_locked() {
        let shared = Shared::default();
        let (began, begun) = std::sync::mpsc::channel();
        let asking = shared.clone();
        let slow = tokio::spawn(async move {
            let make = move || {
                began.send(()).unwrap();
                std::thread::sleep(Duration::from_millis(20));
                Ok(1)
            };
            asking.get(Duration::ZERO, make).await
        });
        while begun.try_recv().is_err() {
            tokio::task::yield_now().await;
        }
        slow.abort();
        assert_eq!(shared.get(Duration::ZERO, || panic!("on purpose")).await, Err(Refusal::Defect));
        assert_eq!(shared.get(Duration::ZERO, || Ok(2)).await, Ok(2));
    }

    #[tokio::test]
    async fn a_panic_is_shared_by_those_who_wait_and_the_next_one_is_not_made_at_once() {
        let shared: Shared<u64> = Shared::default();
        let (began, begun) = std::sync::mpsc::channel();
        let (go_on, wait) = std::sync::mpsc::channel::<()>();
        let ask = |make: Box<dyn FnOnce() -> Result<u64, Refusal> + Send>| {
            let shared = shared.clone();
            tokio::spawn(async move { shared.get(Duration::from_secs(3_600), make).await })
        };
        let first = ask(Box::new(move || {
            began.send(()).unwrap();
            wait.recv().unwrap();
            panic!("on purpose")
        }));
        while begun.try_recv().is_err() {
            tokio::task::yield_now().await;
        }
        let makings = Arc::new(AtomicU64::new(0));
        let waiting: Vec<_> = (0..100)
            .map(|_| {
                let makings = Arc::clone(&makings);
                ask(Box::new(move || {
                    makings.fetch_add(1, Ordering::Relaxed);
                    panic!("on purpose, again")
                }))
            })
            .collect();
        tokio::task::yield_now().await; // all of them have asked
        go_on.send(()).unwrap();
        assert_eq!(first.await.unwrap(), Err(Refusal::Defect));
        for asked in waiting {
            assert_eq!(asked.await.unwrap(), Err(Refusal::Defect));
        }
        assert_eq!(makings.load(Ordering::Relaxed), 1);
        // What failed is not given to those who ask later, whatever age they would take.
        assert_eq!(shared.get(Duration::from_secs(3_600), || Ok(2)).await, Ok(2));
    }

    #[tokio::test]
    async fn what_has_a_pace_is_not_made_before_its_time() {
        let hour = Duration::from_secs(3_600);
        let shared = Shared::paced(Pace::new(2, hour));
        for number in 1..=2 {
            assert_eq!(shared.get(Duration::ZERO, move || Ok(number)).await, Ok(number));
        }
        let early = shared.get(Duration::ZERO, || Ok(3));
        assert!(tokio::time::timeout(Duration::from_millis(20), early).await.is_err());
        assert_eq!(shared.get(hour, || Ok(4)).await, Ok(2));
    }
}
