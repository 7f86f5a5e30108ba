//! Places for those who watch.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::time::{Duration, Instant};

/// Who takes nothing of what was sent for so long has to give its place to somebody who comes.
const PATIENCE: Duration = Duration::from_secs(60);

/// A certain number of them.
#[derive(Debug)]
pub(super) struct Places {
    most: usize,
    /// Those that were dropped are left out when somebody comes.
    taken: Mutex<Vec<Weak<Place>>>,
}

/// The place of one viewer. Free once it is dropped, or given to somebody else.
#[derive(Debug)]
pub(super) struct Place(Mutex<Holder>);

/// What its viewer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// It waits for what is sent next.
    Listens,
    /// It has not taken all of what was sent: nothing more is asked for until there is room on its connection.
    Reads { since: Instant },
    /// The place is somebody else's.
    Gone,
}

impl Places {
    pub(super) fn new(most: usize) -> Self {
        Self { most, taken: Mutex::default() }
    }

    pub(super) fn most(&self) -> usize {
        self.most
    }

    /// A place, if need be of somebody who has taken nothing for a minute.
    pub(super) fn take(&self, now: Instant) -> Option<Arc<Place>> {
        let mut taken = self.taken();
        taken.retain(|place| place.strong_count() > 0);
        if taken.len() >= self.most {
            let given = taken.iter().position(|place| place.upgrade().is_none_or(|place| place.give(now)))?;
            taken.swap_remove(given);
        }
        let place = Arc::new(Place(Mutex::new(Holder::Reads { since: now })));
        taken.push(Arc::downgrade(&place));
        Some(place)
    }

    /// Whether anybody watches who has not given up reading.
    pub(super) fn are_watched(&self, now: Instant) -> bool {
        let taken = self.taken();
        taken.iter().filter_map(Weak::upgrade).any(|place| !place.holder().is_deaf(now))
    }

    /// Nothing here panics half-way, so what a poisoned lock guards is whole.
    fn taken(&self) -> MutexGuard<'_, Vec<Weak<Place>>> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Its viewer has taken what was sent. False if the place is not its own any more.
    pub(super) fn listen(&self) -> bool {
        self.pass_to(Holder::Listens)
    }

    /// Something is sent to its viewer.
    pub(super) fn send(&self, now: Instant) {
        self.pass_to(Holder::Reads { since: now });
    }

    /// Takes it from its viewer, if that is deaf.
    fn give(&self, now: Instant) -> bool {
        let mut holder = self.holder();
        let is_deaf = holder.is_deaf(now);
        if is_deaf {
            *holder = Holder::Gone;
        }
        is_deaf
    }

    fn pass_to(&self, next: Holder) -> bool {
        let mut holder = self.holder();
        let is_own = *holder != Holder::Gone;
        if is_own {
            *holder = next;
        }
        is_own
    }

    fn holder(&self) -> MutexGuard<'_, Holder> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Holder {
    fn is_deaf(self, now: Instant) -> bool {
        match self {
            Self::Listens => false,
            Self::Reads { since } => now.saturating_duration_since(since) >= PATIENCE,
            Self::Gone => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_free_once_it_is_dropped() {
        let (places, now) = (Places::new(2), Instant::now());
        let [one, other] = [(); 2].map(|()| places.take(now).unwrap());
        assert!(places.take(now).is_none() && places.are_watched(now));
        drop(one);
        assert!(places.take(now).is_some());
        drop(other);
        assert!(!places.are_watched(now));
    }

    #[test]
    fn who_takes_nothing_for_a_minute_gives_its_place_to_who_comes_and_who_listens_never_does() {
        let (places, begin) = (Places::new(2), Instant::now());
        let [reading, listening] = [(); 2].map(|()| places.take(begin).unwrap());
        assert!(reading.listen() && listening.listen());
        let hour = begin + Duration::from_secs(3_600);
        assert!(places.take(hour).is_none() && places.are_watched(hour));

        reading.send(hour);
        assert!(places.take(hour + PATIENCE / 2).is_none());
        let third = places.take(hour + PATIENCE).unwrap();
        assert!(!reading.listen() && listening.listen());
        // It was given once, and the one that has it now is as good as any.
        assert!(places.take(hour + PATIENCE).is_none());
        drop((listening, reading));
        assert!(!places.are_watched(hour + 3 * PATIENCE), "who never took anything watches nothing");
        assert!(third.listen() && places.are_watched(hour + 3 * PATIENCE));
    }
}
