//! Races the exp worker with the layer of `runtime-http`, with the usual middleware of peers in its place, and with none.
//!
//! ```sh
//! just middleware         # builds, then runs this; needs wrk and valgrind (Debian packages)
//! ```
//!
//! Each is a process of its own on one thread. `wrk` loads one after the other in turns, and the order changes with each round. A ratio is that of two
//! turns of one round. The worker without a middleware runs twice: how far its two processes are apart is the noise. The instructions of an answer, counted
//! by callgrind on a connection in memory, have next to none; what the operating system does is not in them.

use std::error::Error;
use std::iter;

use benches::middleware::{Middleware, Served, Turn, of_an_answer};
use benches::report::table::{aligned, figure};
use benches::spread::Spread;
use clap::Parser;

/// Races middlewares under load by wrk.
#[derive(Debug, Parser)]
struct Arguments {
    /// Turns of each.
    #[arg(long, default_value_t = 21)]
    rounds: usize,
    /// Seconds of a turn.
    #[arg(long, default_value_t = 1)]
    seconds: u32,
    /// Connections of wrk.
    #[arg(long, default_value_t = 16)]
    connections: u32,
    /// What is asked for: by default what takes the worker least, so that counting weighs most.
    #[arg(long, default_value = "/")]
    path: String,
}

const RACED: [Middleware; 5] =
    [Middleware::Nothing, Middleware::Nothing, Middleware::Ours, Middleware::Metrics, Middleware::Prometheus];

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { rounds, seconds, connections, path } = Arguments::parse();
    let program = std::env::current_exe()?.with_file_name("serve");
    let servers: Vec<Served> =
        RACED.iter().map(|middleware| Served::start(&program, *middleware)).collect::<Result<_, _>>()?;
    let turn = |index: usize| Turn::of(&servers[index], &path, connections, seconds);
    // A round that is not counted, in which caches and allocators warm up.
    (0..RACED.len()).try_for_each(|index| turn(index).map(drop))?;
    let mut turns: Vec<Vec<Turn>> = vec![Vec::new(); RACED.len()];
    for round in 0..rounds {
        for position in 0..RACED.len() {
            let index = (round + position) % RACED.len();
            turns[index].push(turn(index)?);
        }
        eprint!(".");
    }
    eprintln!();

    let instructions: Vec<f64> =
        RACED.iter().map(|middleware| of_an_answer(&program, *middleware)).collect::<Result<_, _>>()?;

    println!(
        "GET {path}, {connections} connections, {rounds} rounds of {seconds} s; medians, ratios with quartiles"
    );
    let headings = [
        "",
        "requests/s",
        "by nothing",
        "quartiles",
        "processor ns/request",
        "by nothing",
        "quartiles",
        "instructions",
        "by nothing",
    ];
    let rows: Vec<Vec<String>> = iter::once(headings.map(str::to_owned).to_vec())
        .chain((0..RACED.len()).map(|index| {
            let name = if index == 1 { "nothing again (noise)".to_owned() } else { RACED[index].to_string() };
            let throughput = columns(&turns[index], &turns[0], |turn| turn.per_second);
            let processor = columns(&turns[index], &turns[0], |turn| turn.processor_nanoseconds);
            let counted = instructions[index];
            let counted = vec![figure(counted), format!("{:.4}", counted / instructions[0])];
            [vec![name], throughput, processor, counted].concat()
        }))
        .collect();
    print!("{}", aligned(&rows));
    Ok(())
}

/// The median of a figure, the median of its ratios to those of the same rounds of another, and their quartiles.
fn columns(turns: &[Turn], others: &[Turn], figure_of: impl Fn(&Turn) -> f64) -> Vec<String> {
    let median = Spread::of(turns.iter().map(&figure_of)).median;
    let ratios = turns.iter().zip(others).map(|(turn, other)| figure_of(turn) / figure_of(other));
    let Spread { lower, median: ratio, upper } = Spread::of(ratios);
    vec![figure(median), format!("{ratio:.4}"), format!("{lower:.4} to {upper:.4}")]
}
