//! Projects a record of the benchmark to more threads, by the model of `benches::projection`, and sets it against what others have
//! published.
//!
//! ```sh
//! just project benches/records/2026-11-24-amd-epyc.json
//! ```

use std::error::Error;
use std::fs;
use std::path::PathBuf;

use benches::projection::{PUBLISHED, Projection};
use benches::report::Report;
use benches::report::table::{aligned, figure};
use benches::scenario::By;
use clap::Parser;

/// Threads to project to.
const THREADS: [u32; 6] = [1, 2, 8, 32, 64, 128];

/// Projects a record of the benchmark to more threads.
#[derive(Debug, Parser)]
struct Arguments {
    /// A record, as `just bench` writes it.
    record: PathBuf,
}

fn main() -> Result<(), Box<dyn Error>> {
    let Arguments { record } = Arguments::parse();
    let text =
        fs::read_to_string(&record).map_err(|error| format!("cannot read {}: {error}", record.display()))?;
    let report: Report = serde_json::from_str(&text)
        .map_err(|error| format!("{} is no record of `just bench`: {error}", record.display()))?;
    for (by, what) in [(By::String, "string"), (By::Handle, "handle")] {
        let projections = Projection::of(by, &report.findings);
        let mut rows = vec![vec![format!("ns/record by {what}, threads:")]];
        rows[0].extend(THREADS.map(|threads| threads.to_string()));
        rows.extend(projections.iter().map(|projection| {
            let bounds = THREADS.map(|threads| match projection.on(threads).map(figure) {
                [least, most] if least == most => least,
                [least, most] => format!("{least} to {most}"),
            });
            [projection.contestant.clone()].into_iter().chain(bounds).collect()
        }));
        println!("{}", aligned(&rows));
    }
    let projections = Projection::of(By::String, &report.findings);
    let mut rows =
        vec![["published by `measured`", "threads", "ns/record", "projected"].map(str::to_owned).to_vec()];
    for published in PUBLISHED {
        let Some(projection) =
            projections.iter().find(|projection| projection.contestant == published.contestant)
        else {
            continue;
        };
        let [least, most] = projection.on(published.threads).map(figure);
        let (threads, nanoseconds) = (published.threads.to_string(), figure(published.nanoseconds));
        rows.push(vec![projection.contestant.clone(), threads, nanoseconds, format!("{least} to {most}")]);
    }
    print!("{}", aligned(&rows));
    Ok(())
}
