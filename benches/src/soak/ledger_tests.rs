//! Each rule that the ledger checks, and a registry that breaks it.

use super::*;

const CHAIN: Chain = Chain { cause: 0, effect: 1 };

fn ledger() -> Ledger {
    let terms = |name: &str, kind, has_room| Terms { name: name.to_owned(), kind, has_room };
    let accounts = vec![
        terms("/cause", Kind::Request, true),
        terms("effect", Kind::Delivery { values: 2 }, true),
        terms("/crowded", Kind::Request, false),
        terms("hostile", Kind::Request, false),
    ];
    Ledger::new(accounts, vec![CHAIN])
}

/// A true observation at an instant when `counts` records of each account were in the window, and `ended` in those
/// before it.
fn observation(sequence: u64, counts: [u64; 4], ended: [u64; 4]) -> Observation {
    let since: Vec<u64> = counts.iter().zip(ended).map(|(count, ended)| count + ended).collect();
    let [cause, effect, crowded, hostile] = counts;
    Observation {
        sequence,
        ends_window: false,
        completed: since.clone().into(),
        begun: since.into(),
        counted: [Some(cause), Some(effect), Some(crowded), None].into(),
        totals: Totals { requests: cause + crowded + hostile, responses: effect, values: 2 * effect },
    }
}

/// The rules that `wrong` breaks after two true cuts, the second of which ended a window.
fn broken(wrong: Observation) -> Vec<Rule> {
    let mut ledger = ledger();
    assert_eq!(ledger.enter(observation(1, [3, 3, 2, 1], [0; 4])), []);
    let reset = Observation { ends_window: true, ..observation(2, [4, 3, 2, 1], [0; 4]) };
    assert_eq!(ledger.enter(reset), []);
    ledger.enter(wrong).into_iter().map(|violation| violation.rule).collect()
}

const ENDED: [u64; 4] = [4, 3, 2, 1];

#[test]
fn a_true_history_breaks_no_rule_even_if_its_cuts_come_out_of_order() {
    let mut ledger = ledger();
    let reset = Observation { ends_window: true, ..observation(2, ENDED, [0; 4]) };
    assert_eq!(ledger.enter(observation(3, [0, 1, 0, 0], ENDED)), []);
    assert_eq!(ledger.enter(reset), []);
    assert_eq!(ledger.cuts(), 0);
    assert_eq!(ledger.enter(observation(1, [3, 3, 2, 1], [0; 4])), []);
    assert_eq!(ledger.close(), None);
    assert_eq!((ledger.cuts(), ledger.quiet_cuts()), (3, 3));
    assert_eq!(ledger.counted(), Totals { requests: 7, responses: 4, values: 8 });
}

#[test]
fn records_in_progress_may_be_on_either_side_of_a_cut() {
    for crowded in [5, 6, 7] {
        let mut seen = observation(3, [0, 1, crowded, 0], ENDED);
        seen.completed[2] = 2 + 5;
        seen.begun[2] = 2 + 7;
        assert_eq!(broken(seen), []);
    }
}

#[test]
fn rule_3_is_broken_if_a_record_that_returned_is_missing() {
    let mut seen = observation(3, [2, 2, 0, 4], ENDED);
    seen.completed = [6, 5, 2, 6].into();
    seen.begun = [7, 5, 2, 8].into();
    assert_eq!(broken(seen), [Rule::RealTime], "the total is one short, no own label is");

    let mut seen = observation(3, [2, 2, 0, 0], ENDED);
    seen.completed[0] += 1;
    seen.begun[0] += 2;
    assert_eq!(broken(seen), [Rule::RealTime; 2], "the label and the total");
}

#[test]
fn rule_3_is_broken_if_a_record_is_in_that_had_not_begun() {
    let mut seen = observation(3, [2, 2, 3, 0], ENDED);
    seen.completed[2] -= 2;
    seen.begun[2] -= 1;
    assert_eq!(broken(seen), [Rule::RealTime; 2], "the label and the total");
}

#[test]
fn rule_4_is_broken_if_an_effect_is_in_without_its_cause_or_one_too_few() {
    for [cause, effect] in [[0, 2], [2, 2 + 2], [4, 2]] {
        let mut seen = observation(3, [cause, effect, 0, 0], ENDED);
        // Nothing else gives it away: anything between may have been in progress.
        seen.completed = ENDED.into();
        seen.begun = [u64::MAX / 4; 4].into();
        assert_eq!(broken(seen), [Rule::Causality], "{cause} {effect}");
    }
}

#[test]
fn rule_4_is_broken_across_a_reset_that_cuts_a_pair_in_two() {
    let mut ledger = ledger();
    let wide = |seen: Observation| Observation {
        completed: [0; 4].into(),
        begun: [9; 4].into(),
        ends_window: true,
        ..seen
    };
    assert_eq!(ledger.enter(wide(observation(1, [2, 2, 0, 0], [0; 4]))), []);
    let violations = ledger.enter(wide(observation(2, [1, 2, 0, 0], [2, 2, 0, 0])));
    assert_eq!(violations[0].rule, Rule::Causality);
    assert_eq!(violations[0].detail, "cut 2: 3 of /cause, 4 of effect");
}

#[test]
fn rule_5_is_broken_if_a_count_goes_down() {
    let mut ledger = ledger();
    let wide = |seen: Observation| Observation { completed: [0; 4].into(), begun: [9; 4].into(), ..seen };
    assert_eq!(ledger.enter(wide(observation(1, [3, 3, 2, 1], [0; 4]))), []);
    let violations = ledger.enter(wide(observation(2, [3, 3, 1, 1], [0; 4])));
    assert!(violations.iter().all(|violation| violation.rule == Rule::Monotony));
    let details: Vec<_> = violations.iter().map(|violation| &*violation.detail).collect();
    assert_eq!(details, ["cut 2: 5 requests after 6", "cut 2: 1 /crowded after 2"]);
}

#[test]
fn rule_6_is_broken_if_one_record_is_lost_or_doubled_in_a_reset() {
    let mut seen = observation(3, [2, 2, 0, 0], ENDED);
    seen.totals.values -= 1;
    assert_eq!(broken(seen), [Rule::Conservation], "one value lost");

    let mut seen = observation(3, [2, 2, 0, 0], ENDED);
    seen.totals.requests += 1;
    assert_eq!(broken(seen), [Rule::Conservation], "one request doubled");

    let mut seen = observation(3, [2, 2, 0, 0], ENDED);
    seen.counted[0] = Some(1);
    assert_eq!(broken(seen), [Rule::Conservation], "one record under another label");
}

#[test]
fn two_cuts_with_one_number_and_a_number_without_a_cut_are_told() {
    assert_eq!(broken(observation(2, [0; 4], ENDED)), [Rule::Sequence]);

    let mut ledger = ledger();
    assert_eq!(ledger.enter(observation(2, [0; 4], [0; 4])), []);
    assert_eq!(ledger.close().map(|violation| violation.rule), Some(Rule::Sequence));
}

#[test]
fn a_missing_cut_is_told_after_very_many_others_and_what_follows_is_checked() {
    let mut ledger = ledger();
    for sequence in 2..LATEST as u64 + 2 {
        assert_eq!(ledger.enter(observation(sequence, [0; 4], [0; 4])), []);
    }
    let violations = ledger.enter(observation(LATEST as u64 + 2, [0, 1, 0, 0], [0; 4]));
    let rules: Vec<_> = violations.into_iter().map(|violation| violation.rule).collect();
    assert_eq!(rules, [Rule::Sequence, Rule::Causality]);
    assert_eq!((ledger.close(), ledger.cuts()), (None, LATEST as u64 + 2));
}
