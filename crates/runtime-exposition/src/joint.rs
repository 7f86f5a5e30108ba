//! Joint series of deliveries and of values: from how they were recorded to how they are shown.
//!
//! A snapshot counts by (endpoint, target, caller), values also by config name. On the way out two things happen to these
//! series, in this order:
//!
//! 1. The caller is shown, hashed or dropped. Series that come to have the same labels are added up.
//! 2. A series of which a label that is shown is the overflow label leaves the others: all of those are one sum, which
//!    the encoder writes as the family's overflow sample.
//!
//! So a shown series is unique, and the shown counts plus the overflow sum are what was recorded.

use runtime_metrics::{OVERFLOW_LABEL, ServedConfigMetricsSnapshot};

use crate::caller::{self, CallerLabels};

/// One series and its count. `C` is its caller: a `&str` as it was recorded, a [`Caller`] as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Joint<'a, C> {
    pub(crate) endpoint: &'a str,
    pub(crate) target: &'a str,
    pub(crate) caller: C,
    /// None for deliveries, which are not counted by config name.
    pub(crate) config_name: Option<&'a str>,
    pub(crate) count: u64,
}

/// A caller as it is shown. The order is the order of the texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Caller<'a> {
    Shown(&'a str),
    /// See [`caller::hash`].
    Hashed(u64),
    Dropped,
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
        let Self { endpoint, target, config_name, count, .. } = self;
        Joint { endpoint, target, caller, config_name, count }
    }
}

/// The deliveries of a snapshot, sorted by their labels.
pub(crate) fn deliveries(served: &ServedConfigMetricsSnapshot) -> impl Iterator<Item = Joint<'_, &str>> {
    served.deliveries().map(|delivery| Joint {
        endpoint: delivery.endpoint(),
        target: delivery.target(),
        caller: delivery.caller(),
        config_name: None,
        count: delivery.responses(),
    })
}

/// The values of a snapshot, sorted by their labels.
pub(crate) fn values(served: &ServedConfigMetricsSnapshot) -> impl Iterator<Item = Joint<'_, &str>> {
    served.values().map(|value| Joint {
        endpoint: value.endpoint(),
        target: value.target(),
        caller: value.caller(),
        config_name: Some(value.config_name()),
        count: value.count(),
    })
}

/// Gives every series as it is shown to `emit`, each once, sorted by the labels that are shown; returns the overflow
/// sum, if any series overflowed.
///
/// `recorded` is sorted by (endpoint, target).
///
/// Cost: with [`CallerLabels::Shown`] one pass that allocates nothing. Otherwise the series of one (endpoint, target) at
/// a time are sorted in a scratch vector; hashing costs one SHA-256 for each run of series with the same caller.
pub(crate) fn show<'a>(
    callers: CallerLabels,
    recorded: impl Iterator<Item = Joint<'a, &'a str>>,
    mut emit: impl FnMut(Joint<'a, Caller<'a>>),
) -> Option<u64> {
    let mut overflow: Option<u64> = None;
    let kept = recorded.filter(|joint| {
        let overflowed = joint.overflowed(callers);
        if overflowed {
            overflow = Some(overflow.unwrap_or(0).saturating_add(joint.count));
        }
        !overflowed
    });
    match callers {
        CallerLabels::Shown => kept.for_each(|joint| emit(joint.shown_as(Caller::Shown(joint.caller)))),
        CallerLabels::Hashed => {
            let mut last = None;
            let hashed = kept.map(|joint| {
                let hash = match last {
                    Some((caller, hash)) if caller == joint.caller => hash,
                    _ => caller::hash(joint.caller),
                };
                last = Some((joint.caller, hash));
                joint.shown_as(Caller::Hashed(hash))
            });
            merge(hashed, emit);
        }
        CallerLabels::Dropped => merge(kept.map(|joint| joint.shown_as(Caller::Dropped)), emit),
    }
    overflow
}

/// Adds up series with the same labels. `joints` is sorted by (endpoint, target), and so is what is emitted; within that
/// by caller and config name.
fn merge<'a>(
    joints: impl Iterator<Item = Joint<'a, Caller<'a>>>,
    mut emit: impl FnMut(Joint<'a, Caller<'a>>),
) {
    let mut group: Vec<Joint<'a, Caller<'a>>> = Vec::new();
    for joint in joints {
        if group.last().is_some_and(|last| (last.endpoint, last.target) != (joint.endpoint, joint.target)) {
            merge_group(&mut group, &mut emit);
        }
        group.push(joint);
    }
    merge_group(&mut group, &mut emit);
}

/// Adds up one group: series of the same endpoint and target. Leaves the group empty.
fn merge_group<'a>(group: &mut Vec<Joint<'a, Caller<'a>>>, emit: &mut impl FnMut(Joint<'a, Caller<'a>>)) {
    group.sort_unstable_by_key(|joint| (joint.caller, joint.config_name));
    let mut joints = group.drain(..);
    let Some(mut sum) = joints.next() else { return };
    for joint in joints {
        if (joint.caller, joint.config_name) == (sum.caller, sum.config_name) {
            sum.count = sum.count.saturating_add(joint.count);
        } else {
            emit(std::mem::replace(&mut sum, joint));
        }
    }
    emit(sum);
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    type Labels = (String, String, String, Option<String>);

    fn shown(callers: CallerLabels, recorded: &BTreeMap<Labels, u64>) -> (Vec<(Labels, u64)>, Option<u64>) {
        let mut series = Vec::new();
        let recorded = recorded.iter().map(|((endpoint, target, caller, name), count)| Joint {
            endpoint,
            target,
            caller: caller.as_str(),
            config_name: name.as_deref(),
            count: *count,
        });
        let overflow = show(callers, recorded, |joint| {
            let caller = match joint.caller {
                Caller::Shown(caller) => caller.to_owned(),
                Caller::Hashed(hash) => format!("{hash:016x}"),
                Caller::Dropped => String::new(),
            };
            let name = joint.config_name.map(str::to_owned);
            series.push(((joint.endpoint.to_owned(), joint.target.to_owned(), caller, name), joint.count));
        });
        (series, overflow)
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
        let joint = |hash, name, count| Joint {
            endpoint: "config",
            target: "api",
            caller: Caller::Hashed(hash),
            config_name: Some(name),
            count,
        };
        let mut merged = Vec::new();
        merge([joint(7, "y", 1), joint(7, "x", 2), joint(3, "y", 4), joint(7, "y", 8)].into_iter(), |sum| {
            merged.push(sum);
        });
        assert_eq!(merged, [joint(3, "y", 4), joint(7, "x", 2), joint(7, "y", 9)]);
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
