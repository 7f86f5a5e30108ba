//! The worker with its sample, and a measurement window that ends every second. Every window is printed when it has ended, as the snapshot document
//! on one line: whoever loads the worker can add them up, and check that nothing is lost or counted twice where one ends and the next begins.
//!
//! ```sh
//! cargo run --release -p exp-worker --example windows
//! ```
//!
//! It listens on a free port of 127.0.0.1, which it prints, and ends by SIGTERM or SIGINT. `just crowd` runs it under load.

use std::error::Error;
use std::io::Write as _;
use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use exp_worker::app::App;
use exp_worker::configuration::Source;
use exp_worker::limits::Limits;
use exp_worker::server::Server;
use exp_worker::stop::Stop;
use runtime_exposition::Exposition;
use runtime_metrics::{Metrics, Snapshot};
use tokio::signal::unix::{SignalKind, signal};
use tokio::time::{MissedTickBehavior, interval};

const WINDOW: Duration = Duration::from_secs(1);

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (mut terminate, mut interrupt) = (signal(SignalKind::terminate())?, signal(SignalKind::interrupt())?);
    let metrics = Metrics::new();
    let exposition = Exposition::builder().service_name("exp-worker").build()?;
    let app = App::builder(metrics.clone()).build()?;
    app.install(Source::Sample.load()?);
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
    let server = Server::bind(address, app, Limits::default()).await?;
    say(format!("exp-worker listens on {}\n", server.local_address()).as_bytes())?;

    let stop = Stop::new();
    let served = tokio::spawn(server.run(stop.clone()));
    let mut windows = interval(WINDOW);
    windows.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            _ = windows.tick() => print(&exposition, &metrics.reset())?,
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    stop.drain();
    served.await?;
    print(&exposition, &metrics.snapshot())
}

fn print(exposition: &Exposition, window: &Snapshot) -> Result<(), Box<dyn Error>> {
    let mut line = Vec::new();
    exposition.snapshot_json(window, &mut line);
    line.push(b'\n');
    say(&line)
}

fn say(text: &[u8]) -> Result<(), Box<dyn Error>> {
    let mut out = std::io::stdout().lock();
    out.write_all(text)?;
    Ok(out.flush()?)
}
