//! What several processes found out about one scenario, put together.

use serde::{Deserialize, Serialize};

use crate::contestants::Role;
use crate::sample::{Figures, Sample, quantity};
use crate::scenario::Scenario;
use crate::spread::Spread;

/// What was found out about one scenario.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// What was looked at.
    pub scenario: Scenario,
    /// The same in words.
    pub title: String,
    /// The part of the time that the threads had the processors that they could have had, in each process.
    pub on_processor: Vec<f64>,
    /// Nanoseconds of the loop without a record, which are subtracted from all times of records.
    pub empty_loop: Option<f64>,
    /// A contestant's quantities stand together.
    pub lines: Vec<Line>,
}

/// One quantity of one contestant.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Line {
    /// The contestant.
    pub contestant: String,
    /// What it takes part as.
    pub role: Role,
    /// What the figures are of; one of [`quantity`].
    pub quantity: String,
    /// Over all rounds of all processes.
    #[serde(flatten)]
    pub spread: Spread,
    /// The median of each process.
    pub processes: Vec<f64>,
    /// By the same quantity of ours (the first of ours) in the same round: the median over all rounds.
    pub ratio: Option<f64>,
}

impl Finding {
    /// Puts together what each process found out about `scenario`; all have the same figures in the same order.
    #[must_use]
    pub fn new(scenario: Scenario, samples: &[Sample]) -> Self {
        let net: Vec<Vec<Figures>> = samples.iter().map(|sample| without_loop(&sample.figures)).collect();
        let first = net.first().map_or(&[][..], |figures| figures);
        let shown = |number: &usize| !is_loop(&first[*number]);
        let lines = (0..first.len()).filter(shown).map(|number| line(&net, number));
        let empty = samples.iter().filter_map(|sample| empty_loop(&sample.figures));
        let empty_loop = Spread::of(empty).median;
        Self {
            scenario,
            title: scenario.title(),
            on_processor: samples.iter().filter_map(|sample| sample.on_processor).collect(),
            empty_loop: empty_loop.is_finite().then_some(empty_loop),
            lines: lines.collect(),
        }
    }

    /// The line of a contestant.
    #[must_use]
    pub fn line(&self, contestant: &str, quantity: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.contestant == contestant && line.quantity == quantity)
    }
}

/// Whether they are the times to be subtracted.
fn is_loop(figures: &Figures) -> bool {
    figures.role == Role::Empty && figures.quantity == quantity::RECORD
}

/// The median time of the loop without a record.
fn empty_loop(figures: &[Figures]) -> Option<f64> {
    let empty = figures.iter().find(|figures| is_loop(figures))?;
    Some(Spread::of(empty.rounds.iter().copied()).median)
}

/// The figures with the loop's time subtracted from times of records; others are as they were.
fn without_loop(figures: &[Figures]) -> Vec<Figures> {
    let empty = empty_loop(figures).unwrap_or(0.0);
    let net = figures.iter().map(|figures| {
        let subtracted = if figures.quantity == quantity::RECORD { empty } else { 0.0 };
        Figures { rounds: figures.rounds.iter().map(|time| time - subtracted).collect(), ..figures.clone() }
    });
    net.collect()
}

fn line(processes: &[Vec<Figures>], number: usize) -> Line {
    let figures = &processes[0][number];
    let of_all = processes.iter().map(|process| &process[number]);
    let medians = of_all.clone().map(|figures| Spread::of(figures.rounds.iter().copied()).median);
    let ratios = processes.iter().flat_map(|process| ratios(process, &process[number]));
    let ratio = Spread::of(ratios).median;
    Line {
        contestant: figures.contestant.clone(),
        role: figures.role,
        quantity: figures.quantity.clone(),
        spread: Spread::of(of_all.clone().flat_map(|figures| figures.rounds.iter().copied())),
        processes: medians.collect(),
        ratio: ratio.is_finite().then_some(ratio),
    }
}

/// The figures of each round by those of ours.
fn ratios(process: &[Figures], figures: &Figures) -> Vec<f64> {
    let is_ours = |other: &&Figures| other.role == Role::Ours && other.quantity == figures.quantity;
    let ours = process.iter().find(is_ours).map_or(&[][..], |ours| &ours.rounds);
    figures.rounds.iter().zip(ours).map(|(time, ours)| time / ours).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::program::plain_deliveries;

    fn figures(contestant: &str, role: Role, rounds: [f64; 3]) -> Figures {
        let quantity = quantity::RECORD.to_owned();
        Figures { contestant: contestant.to_owned(), role, quantity, rounds: rounds.to_vec() }
    }

    #[test]
    fn the_loop_is_subtracted_process_by_process_and_ratios_are_taken_round_by_round() {
        let sample = |empty: f64| Sample {
            figures: vec![
                figures("loop", Role::Empty, [empty; 3]),
                figures("ours", Role::Ours, [1.0, 2.0, 4.0].map(|time| time + empty)),
                figures("peer", Role::Peer, [10.0, 20.0, 40.0].map(|time| time + empty)),
            ],
            on_processor: Some(0.5),
        };
        let finding = Finding::new(plain_deliveries(), &[sample(1.0), sample(3.0)]);
        assert_eq!(finding.lines.len(), 2);
        let peer = finding.line("peer", quantity::RECORD).unwrap();
        assert_eq!(peer.processes, [20.0, 20.0]);
        assert_eq!(peer.ratio, Some(10.0));
        assert_eq!(finding.on_processor, [0.5, 0.5]);
        assert!(finding.line("loop", quantity::RECORD).is_none());
    }
}
