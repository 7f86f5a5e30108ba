//! Joint series of deliveries and of values: from how they were recorded to how they are shown.
//!
//! A snapshot counts by (endpoint, target, caller), values also by config name. On the way out two things happen to these
//! series, in this order:
//!
//! 1. The caller is shown, hashed or dropped. Series that come to have the same labels are added up.
//! 2. A series of which a label that is shown is the overflow label leaves the others: all of those are one sum, which
//!    the encoder writes as the family's overflow sample.
//!
//! So a shown series is unique, and the shown counts plus the overflow sum are what was recorded. Which series are added up is
//! decided by their labels alone, once for all snapshots that share a table.

use std::borrow::Cow;

use runtime_metrics::{DeliveryTable, OVERFLOW_LABEL};

use crate::caller::{self, CallerLabels};
use crate::number::push_hexadecimal;

/// The labels of one series. `C` is its caller: a `&str` as it was recorded, a [`Caller`] as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Joint<'a, C> {
    pub(crate) endpoint: &'a str,
    pub(crate) target: &'a str,
    pub(crate) caller: C,
    /// None for deliveries, which are not counted by config name.
    pub(crate) config_name: Option<&'a str>,
}

/// Where the count of a series stands.
pub(crate) type Place = u32;

/// A caller as it is shown. The order is the order of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Caller<'a> {
    Shown(&'a str),
    /// See [`caller::hash`].
    Hashed(u64),
    Dropped,
}

impl<'a> Caller<'a> {
    /// Its text, if it has one.
    pub(crate) fn text(self) -> Option<Cow<'a, str>> {
        match self {
            Self::Shown(caller) => Some(Cow::Borrowed(caller)),
            Self::Hashed(hash) => {
                let mut digits = String::with_capacity(16);
                push_hexadecimal(&mut digits, hash);
                Some(Cow::Owned(digits))
            }
            Self::Dropped => None,
        }
    }
}

impl<'a> Joint<'a, &'a str> {
    /// Whether a label that is shown is the overflow label.
    fn overflowed(&self, callers: CallerLabels) -> bool {
        self.endpoint == OVERFLOW_LABEL
            || self.target == OVERFLOW_LABEL
            || (callers != CallerLabels::Dropped && self.caller == OVERFLOW_LABEL)
            || self.config_name == Some(OVERFLOW_LABEL)
    }

    fn shown_as(self, caller: Caller<'a>) -> Joint<'a, Caller<'a>> {
        let Self { endpoint, target, config_name, .. } = self;
        Joint { endpoint, target, caller, config_name }
    }
}

/// The deliveries of a table, sorted by their labels.
pub(crate) fn deliveries(table: &DeliveryTable) -> impl Iterator<Item = Joint<'_, &str>> {
    table.deliveries().map(|[endpoint, target, caller]| Joint { endpoint, target, caller, config_name: None })
}

/// The values of a table, sorted by their labels.
pub(crate) fn values(table: &DeliveryTable) -> impl Iterator<Item = Joint<'_, &str>> {
    table.values().map(|([endpoint, target, caller], name)| Joint {
        endpoint,
        target,
        caller,
        config_name: Some(name),
    })
}

/// Gives every series as it is shown to `emit`, each once, sorted by the labels that are shown, with the places of those
/// `recorded` that it adds up; returns the places of those that overflowed.
///
/// `recorded` is sorted by (endpoint, target); the place of a series is its number in it.
///
/// Cost: with [`CallerLabels::Shown`] one pass. Otherwise the series of one (endpoint, target) at a time are sorted in a
/// scratch vector; hashing costs one SHA-256 for each run of series with the same caller.
pub(crate) fn show<'a>(
    callers: CallerLabels,
    recorded: impl Iterator<Item = Joint<'a, &'a str>>,
    mut emit: impl FnMut(Joint<'a, Caller<'a>>, &[Place]),
) -> Vec<Place> {
    let mut overflow = Vec::new();
    let kept = (0..).zip(recorded).filter_map(|(place, joint)| {
        let overflowed = joint.overflowed(callers);
        if overflowed {
            overflow.push(place);
        }
        (!overflowed).then_some((joint, place))
    });
    match callers {
        CallerLabels::Shown => {
            kept.for_each(|(joint, place)| emit(joint.shown_as(Caller::Shown(joint.caller)), &[place]));
        }
        CallerLabels::Hashed => {
            let mut last = None;
            let hashed = kept.map(|(joint, place)| {
                let hash = match last {
                    Some((caller, hash)) if caller == joint.caller => hash,
                    _ => caller::hash(joint.caller),
                };
                last = Some((joint.caller, hash));
                (joint.shown_as(Caller::Hashed(hash)), place)
            });
            merge(hashed, emit);
        }
        CallerLabels::Dropped => {
            merge(kept.map(|(joint, place)| (joint.shown_as(Caller::Dropped), place)), emit);
        }
    }
    overflow
}

/// Brings series with the same labels together. `joints` is sorted by (endpoint, target), and so is what is emitted; within
/// that by caller and config name.
fn merge<'a>(
    joints: impl Iterator<Item = (Joint<'a, Caller<'a>>, Place)>,
    mut emit: impl FnMut(Joint<'a, Caller<'a>>, &[Place]),
) {
    let mut group: Vec<(Joint<'a, Caller<'a>>, Place)> = Vec::new();
    for (joint, place) in joints {
        let begins =
            |(last, _): &(Joint<'_, _>, _)| (last.endpoint, last.target) != (joint.endpoint, joint.target);
        if group.last().is_some_and(begins) {
            merge_group(&mut group, &mut emit);
        }
        group.push((joint, place));
    }
    merge_group(&mut group, &mut emit);
}

/// The same for one group: series of one endpoint and target. Leaves the group empty.
fn merge_group<'a>(
    group: &mut Vec<(Joint<'a, Caller<'a>>, Place)>,
    emit: &mut impl FnMut(Joint<'a, Caller<'a>>, &[Place]),
) {
    group.sort_unstable_by_key(|(joint, place)| (joint.caller, joint.config_name, *place));
    for same in group.chunk_by(|(one, _), (other, _)| one == other) {
        let places: Vec<Place> = same.iter().map(|(_, place)| *place).collect();
        emit(same[0].0, &places);
    }
    group.clear();
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    type Labels = (String, String, String, Option<String>);

    fn shown(callers: CallerLabels, recorded: &BTreeMap<Labels, u64>) -> (Vec<(Labels, u64)>, Option<u64>) {
        let mut series = Vec::new();
        let counts: Vec<u64> = recorded.values().copied().collect();
        let sum = |places: &[Place]| places.iter().map(|place| counts[*place as usize]).sum();
        let recorded = recorded.keys().map(|(endpoint, target, caller, name)| Joint {
            endpoint,
            target,
            caller: caller.as_str(),
            config_name: name.as_deref(),
        });
        let overflow = show(callers, recorded, |joint, places| {
            let caller = match joint.caller {
                Caller::Shown(caller) => caller.to_owned(),
                Caller::Hashed(hash) => format!("{hash:016x}"),
                Caller::Dropped => String::new(),
            };
            let name = joint.config_name.map(str::to_owned);
            series.push(((joint.endpoint.to_owned(), joint.target.to_owned(), caller, name), sum(places)));
        });
        (series, (!overflow.is_empty()).then(|| sum(&overflow)))
    }

    fn series(endpoint: &str, target: &str, caller: &str, count: u64) -> (Labels, u64) {
        ((endpoint.to_owned(), target.to_owned(), caller.to_owned(), None), count)
    }

    fn some_overflow() -> BTreeMap<Labels, u64> {
        BTreeMap::from([
            series("config", "api", "a", 1),
            series("config", "api", "b", 2),
            series("config", "api", OVERFLOW_LABEL, 4),
            series("config", "web", "a", 8),
            series("config", OVERFLOW_LABEL, "a", 16),
            series(OVERFLOW_LABEL, "api", "a", 32),
            series(OVERFLOW_LABEL, OVERFLOW_LABEL, OVERFLOW_LABEL, 64),
        ])
    }

    #[test]
    fn series_of_which_any_label_overflowed_are_one_sum() {
        let (kept, overflow) = shown(CallerLabels::Shown, &some_overflow());
        assert_eq!(
            kept,
            [
                series("config", "api", "a", 1),
                series("config", "api", "b", 2),
                series("config", "web", "a", 8)
            ]
        );
        assert_eq!(overflow, Some(4 + 16 + 32 + 64));
    }

    #[test]
    fn a_hashed_overflow_caller_stays_in_the_overflow_sum() {
        let (kept, overflow) = shown(CallerLabels::Hashed, &some_overflow());
        // SHA-256 of "b" begins 3e23e816, of "a" ca978112
        assert_eq!(
            kept,
            [
                series("config", "api", "3e23e8160039594a", 2),
                series("config", "api", "ca978112ca1bbdca", 1),
                series("config", "web", "ca978112ca1bbdca", 8),
            ]
        );
        assert_eq!(overflow, Some(4 + 16 + 32 + 64));
    }

    #[test]
    fn a_delivery_whose_caller_alone_overflowed_counts_for_its_endpoint_and_target_when_callers_are_dropped()
    {
        let (kept, overflow) = shown(CallerLabels::Dropped, &some_overflow());
        assert_eq!(kept, [series("config", "api", "", 1 + 2 + 4), series("config", "web", "", 8)]);
        assert_eq!(overflow, Some(16 + 32 + 64));
    }

    #[test]
    fn there_is_no_overflow_sum_when_nothing_overflowed() {
        for callers in [CallerLabels::Shown, CallerLabels::Hashed, CallerLabels::Dropped] {
            assert_eq!(shown(callers, &BTreeMap::new()), (vec![], None));
            let one = BTreeMap::from([series("config", "api", "a", 1)]);
            assert_eq!(shown(callers, &one).1, None);
        }
    }

    #[test]
    fn callers_with_the_same_digits_are_counted_together() {
        let joint = |hash, name| Joint {
            endpoint: "config",
            target: "api",
            caller: Caller::Hashed(hash),
            config_name: Some(name),
        };
        let recorded = [joint(7, "y"), joint(7, "x"), joint(3, "y"), joint(7, "y")];
        let mut merged = Vec::new();
        merge(recorded.into_iter().zip(0..), |joint, places| merged.push((joint, places.to_vec())));
        assert_eq!(merged, [(joint(3, "y"), vec![2]), (joint(7, "x"), vec![1]), (joint(7, "y"), vec![0, 3])]);
    }

    fn label() -> impl Strategy<Value = String> {
        prop_oneof![Just(OVERFLOW_LABEL.to_owned()), "[ab]{0,2}", any::<String>()]
    }

    proptest! {
        #[test]
        fn shown_series_are_sorted_and_unique_and_with_the_overflow_sum_are_what_was_recorded(
            recorded in prop::collection::btree_map(
                (label(), label(), label(), prop::option::of(label())),
                1..u64::from(u32::MAX),
                0..40,
            ),
            callers in prop_oneof![
                Just(CallerLabels::Shown),
                Just(CallerLabels::Hashed),
                Just(CallerLabels::Dropped),
            ],
        ) {
            let (series, overflow) = shown(callers, &recorded);
            prop_assert!(series.iter().map(|(labels, _)| labels).is_sorted_by(|a, b| a < b));

            let mut expected = BTreeMap::new();
            let mut expected_overflow = None;
            for ((endpoint, target, caller, name), count) in recorded {
                let caller = match callers {
                    CallerLabels::Shown => caller,
                    CallerLabels::Hashed if caller == OVERFLOW_LABEL => caller,
                    CallerLabels::Hashed => format!("{:016x}", caller::hash(&caller)),
                    CallerLabels::Dropped => String::new(),
                };
                let labels = (endpoint, target, caller, name);
                if [&labels.0, &labels.1, &labels.2].contains(&&OVERFLOW_LABEL.to_owned())
                    || labels.3.as_deref() == Some(OVERFLOW_LABEL)
                {
                    *expected_overflow.get_or_insert(0) += count;
                } else {
                    *expected.entry(labels).or_insert(0) += count;
                }
            }
            prop_assert_eq!(series, expected.into_iter().collect::<Vec<_>>());
            prop_assert_eq!(overflow, expected_overflow);
        }
    }
}
