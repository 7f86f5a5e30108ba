//! What was counted in one interval.

use std::borrow::Cow;
use std::ops::AddAssign;
use std::time::{Duration, SystemTime};

use runtime_exposition::{CallerLabels, Interval};

use super::busiest::Busiest;

/// An interval that is over.
#[derive(Debug)]
pub(super) struct Point {
    pub(super) ended_at: SystemTime,
    pub(super) length: Duration,
    pub(super) counted: Counted,
}

/// What was counted in an interval, or in a part of one.
#[derive(Debug, Default)]
pub(super) struct Counted {
    pub(super) totals: Totals,
    /// By path.
    pub(super) requests: Busiest<1>,
    /// By endpoint, target and caller as it is shown; the caller is empty if callers are dropped.
    pub(super) deliveries: Busiest<3>,
    /// Resets that were noticed.
    pub(super) resets: u32,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Totals {
    pub(super) requests: u64,
    pub(super) responses: u64,
    pub(super) values: u64,
}

impl AddAssign for Totals {
    fn add_assign(&mut self, other: Self) {
        self.requests = self.requests.saturating_add(other.requests);
        self.responses = self.responses.saturating_add(other.responses);
        self.values = self.values.saturating_add(other.values);
    }
}

impl Counted {
    /// Adds what was counted in `interval`. Labels that `before` has, too, are shared with it.
    pub(super) fn add(&mut self, interval: &Interval, callers: CallerLabels, before: Option<&Self>) {
        let nothing = Self::default();
        let before = before.unwrap_or(&nothing);
        self.totals += Totals {
            requests: interval.total_requests(),
            responses: interval.responses_total(),
            values: interval.values_total(),
        };
        let until = interval.until();
        let (paths, counts) = (until.requests().table().paths(), interval.request_counts());
        let requests = paths.map(|path| [path]).zip(counts.iter().copied());
        let requests = Busiest::of(requests, |labels| labels.map(Cow::Borrowed), &before.requests);
        let (joints, counts) = (until.served_config().table().deliveries(), interval.response_counts());
        let joints = joints.zip(counts.iter().copied());
        // The whole caller, before it is cut: its hash is the same as everywhere else.
        let shown = |[endpoint, target, caller]: [_; 3]| {
            [Cow::Borrowed(endpoint), Cow::Borrowed(target), callers.shown(caller).unwrap_or_default()]
        };
        let deliveries = if callers == CallerLabels::Dropped {
            Busiest::of(without_callers(joints), shown, &before.deliveries)
        } else {
            Busiest::of(joints, shown, &before.deliveries)
        };
        self.requests = std::mem::take(&mut self.requests).and(requests);
        self.deliveries = std::mem::take(&mut self.deliveries).and(deliveries);
    }
}

/// The sums of those that differ by their callers alone, which stand side by side.
fn without_callers<'l>(
    joints: impl Iterator<Item = ([&'l str; 3], u64)>,
) -> impl Iterator<Item = ([&'l str; 3], u64)> {
    let mut joints = joints.peekable();
    std::iter::from_fn(move || {
        let ([endpoint, target, _], mut sum) = joints.next()?;
        while let Some((_, count)) = joints.next_if(|([e, t, _], _)| (*e, *t) == (endpoint, target)) {
            sum = sum.saturating_add(count);
        }
        Some(([endpoint, target, ""], sum))
    })
}
