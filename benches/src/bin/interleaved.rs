//! Every way to record in turns within one process: on one thread, on two, and deliveries of 20 names.
//!
//! ```sh
//! cargo run --release -p benches --bin interleaved              # 15 rounds of 2 million records; under a minute
//! cargo run --release -p benches --bin interleaved 5 500000     # rounds, records
//! ```
//!
//! Figures are nanoseconds a record and thread without the empty loop: median and quartiles over the rounds. A
//! ratio is the median over the rounds of the contestant's time by that of ours by string in the same round.
//! Where the threads were on a processor for much less than all of the time, as beside other work, they took
//! turns, and the figures for two threads show nothing about contention.
//!
//! Exits with 1 if a contestant has lost a record.

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::time::Duration;

use benches::contestants::{Contestant, OF_DELIVERIES, OF_REQUESTS};
use benches::delivery::deliveries;
use benches::path::requests;
use benches::race::{Outcome, Race};
use benches::spread::Spread;
use benches::workload::Workload;

/// For each of the three races: what takes longer is cut short after the round.
const BUDGET: Duration = Duration::from_secs(17);

/// Deliveries are slower than requests: a lap has this many times fewer.
const RECORDS_PER_DELIVERY: u64 = 40;

/// The contestants begin with the empty loop and ours by string.
const EMPTY: usize = 0;
const OURS: usize = 1;

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let rounds = arguments.next().map_or(Ok(15), |rounds| rounds.parse())?;
    let records = arguments.next().map_or(Ok(2_000_000), |records| records.parse())?;
    let race = Race { threads: 1, rounds, records, budget: BUDGET };

    let mut exact = true;
    let requests = requests();
    for threads in [1, 2] {
        let race = Race { threads, ..race };
        exact &= show("requests, 100 paths of 27 bytes", race, &requests, &OF_REQUESTS)?;
    }
    let race = Race { records: records / RECORDS_PER_DELIVERY, ..race };
    exact &= show("deliveries of 20 names", race, &deliveries(), &OF_DELIVERIES)?;
    Ok(if exact { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Runs a race and prints its table. False if a contestant has not counted what it recorded.
fn show<T: Sync>(
    what: &str,
    race: Race,
    workload: &Workload<T>,
    contestants: &[Contestant<T>],
) -> Result<bool, Box<dyn Error>> {
    let recorders: Vec<_> =
        contestants.iter().map(|contestant| contestant.set_up(workload)).collect::<Result<_, _>>()?;
    let before: Vec<_> = recorders.iter().map(|recorder| recorder.recorded()).collect();
    let outcome = race.run(workload, &recorders)?;
    let threads = if race.threads == 1 { "1 thread".to_owned() } else { format!("{} threads", race.threads) };
    println!("{what}, {threads}: {} rounds of {} records", outcome.rounds, race.records);
    println!("  {:.0} % of the time on a processor", 100.0 * outcome.on_processor);
    println!("  {:<28}{:>10}{:>22}{:>9}", "", "ns/record", "quartiles", "ratio");
    for (number, contestant) in contestants.iter().enumerate() {
        print_line(contestant.name, &outcome, number);
    }
    println!();

    let expected = race.recorded_after(outcome.rounds);
    let mut exact = true;
    for ((contestant, recorder), before) in contestants.iter().zip(&recorders).zip(before) {
        let Some((before, after)) = before.zip(recorder.recorded()) else { continue };
        if after - before != expected {
            println!("{} counted {} of {expected} records", contestant.name, after - before);
            exact = false;
        }
    }
    Ok(exact)
}

fn print_line(name: &str, outcome: &Outcome, number: usize) {
    let times = &outcome.nanoseconds;
    let empty = Spread::of(times[EMPTY].iter().copied()).median;
    if number == EMPTY {
        println!("  {:<28}{empty:>10.2}", format!("({name}, subtracted)"));
        return;
    }
    let Spread { lower, median, upper } = Spread::of(times[number].iter().map(|time| time - empty));
    let pairs = times[number].iter().zip(&times[OURS]);
    let ratio = Spread::of(pairs.map(|(time, ours)| (time - empty) / (ours - empty))).median;
    println!("  {name:<28}{median:>10.2}{:>22}{ratio:>9.2}", format!("{lower:.2} to {upper:.2}"));
}
