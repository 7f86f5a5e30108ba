//! What becomes of each fault: which rule it breaks, where, or why no machine shows it.

use crate::fault::Fault;
use crate::machine::Machine;
use crate::model::Model;
use crate::rule::Rule;
use crate::scenario::Scenario;
use crate::search::search;

/// What the search must say about a fault.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// The first rule that it breaks, by the shortest way, in a scenario. On weak stores only if it breaks none on x86.
    Caught { on: Machine, scenario: Scenario, rule: Rule },
    /// It breaks nothing, even with weak stores, in the scenarios that could show it.
    Unseen { why: &'static str },
}

/// A verdict on an x86 machine.
fn caught(scenario: Scenario, rule: Rule) -> Verdict {
    Verdict::Caught { on: Machine::X86Tso, scenario, rule }
}

impl Verdict {
    pub(crate) fn on(fault: Fault) -> Self {
        use Rule::{
            Causality, CompletedIncluded, LaterExcluded, NoCountDown, NoFreedStripe, NobodyWaits,
            NothingLostOrDoubled,
        };
        match fault {
            Fault::FirstFenceLeftOut | Fault::FirstBarrierLeftOut => {
                caught(Scenario::stale_forward(), CompletedIncluded)
            }
            // Without H2 a buffer drains while B is read: an effect in a later cell is seen, its cause is not.
            Fault::SecondFenceLeftOut | Fault::SecondBarrierLeftOut => {
                caught(Scenario::two_cells(), Causality)
            }
            Fault::SecondPassInstead => caught(Scenario::new_cause(), NoCountDown),
            Fault::FirstPassAlone
            | Fault::ClosedBeforeFirstPass
            | Fault::MarkComparedWrongly
            | Fault::LookBeforeAdd
            | Fault::ForwardLeftOut
            | Fault::OldValueForwarded
            | Fault::MarkLeftOut => caught(Scenario::two_cells(), Causality),
            Fault::ListsReadOnce | Fault::ListedLate => caught(Scenario::new_cause(), Causality),
            // The new seat is credited with what another has counted.
            Fault::MatchedByPosition => caught(Scenario::new_seat(), LaterExcluded),
            Fault::TooMuchForwarded => caught(Scenario::stale_forward(), LaterExcluded),
            Fault::GivenUpEarly => caught(Scenario::hand_over(), NothingLostOrDoubled),
            Fault::GivenUpPlain => Self::Caught {
                on: Machine::WeakStores,
                scenario: Scenario::hand_over(),
                rule: CompletedIncluded,
            },
            Fault::BusyLeftOut
            | Fault::EnteredBeforeBusy
            | Fault::LeftBeforeLook
            | Fault::OpenLeftOpen
            | Fault::ClosedAfterFence
            | Fault::QuietBeforeFence
            | Fault::QuietTakenForGranted => caught(Scenario::reset_by_handle(), NoFreedStripe),
            Fault::SlowWayUnverified | Fault::VerifiedBeforeBusy => {
                caught(Scenario::reset_new_seat(), NoFreedStripe)
            }
            // A thread that verified its seat before the reset opens it after, perhaps past the collector's last closing.
            Fault::OutdatedLeftOpen => caught(Scenario::reset_new_seat(), NoFreedStripe),
            Fault::QuietAfterClose => caught(Scenario::reset_by_handle(), NothingLostOrDoubled),
            Fault::WaitsUntilQuiet => caught(Scenario::reset_by_handle(), NobodyWaits),
            Fault::NumberMovedFirst => caught(Scenario::reset_chain(), Causality),
            Fault::BaselineAfterScan | Fault::FinalCountsDropped => {
                caught(Scenario::reset_by_handle(), NothingLostOrDoubled)
            }
            Fault::AnyMarkTaken => Self::Unseen {
                why: "a B of an earlier scan is at most the A that the first pass reads; the mark only saves reading it",
            },
            Fault::MarkAfterForward => Self::Unseen {
                why: "a record that B must show has returned before H2, which makes both stores seen whatever their order",
            },
            Fault::QuietAfterFirstPass => Self::Unseen {
                why: "a record that ends between the first pass and the reading of busy looked at W after H1, and forwarded",
            },
            Fault::CellsPlain => Self::Unseen {
                why: "H1 empties every buffer before A is read, H2 before B is read; the language asks for Release",
            },
            Fault::LeftPlain => Self::Unseen {
                why: "H2 empties every buffer after busy is read and before stripes go; the language asks for Release",
            },
        }
    }

    /// Searches, shows a line of the table, and panics if the verdict is another.
    pub(crate) fn check(&self, fault: Fault) {
        match self {
            Self::Caught { on, scenario, rule } => {
                if *on == Machine::WeakStores {
                    let report = search(&Model::new(scenario.clone(), Machine::X86Tso, Some(fault)));
                    assert!(report.violation.is_none(), "{fault:?} is caught on x86 already");
                }
                let report = search(&Model::new(scenario.clone(), *on, Some(fault)));
                let Some(violation) = report.violation else {
                    panic!("{fault:?} is not caught in {} ({} states)", scenario.name, report.states);
                };
                println!(
                    "{:22} {:30} {on:?}, {}, {} states",
                    format!("{fault:?}"),
                    violation.rule,
                    scenario.name,
                    report.states
                );
                assert_eq!(violation.rule, *rule, "{fault:?}: {violation}");
            }
            Self::Unseen { why } => {
                let mut states = 0;
                for scenario in Scenario::all_small() {
                    // Weak stores include every execution of x86.
                    let report = search(&Model::new(scenario.clone(), Machine::WeakStores, Some(fault)));
                    states += report.states;
                    if let Some(violation) = report.violation {
                        panic!("{fault:?} is caught in {}: {violation}", scenario.name);
                    }
                }
                println!("{:22} unseen in {states} states: {why}", format!("{fault:?}"));
            }
        }
    }
}
