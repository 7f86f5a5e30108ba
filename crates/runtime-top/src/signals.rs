//! Signals of the operating system.

use rustix::process::Signal;
use tokio::signal::unix::{Signal as Stream, SignalKind, signal};

/// What a signal asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Asked {
    /// To end, by the signal of that number.
    End(i32),
    Suspend,
    /// The process goes on after it was stopped, by whomever.
    Continued,
}

/// From the moment this is made, none of them ends the process by itself.
#[derive(Debug)]
pub(crate) struct Signals {
    ending: [(i32, Stream); 3],
    suspending: Stream,
    continuing: Stream,
}

impl Signals {
    /// Must be called inside the runtime.
    pub(crate) fn install() -> std::io::Result<Self> {
        let stream = |asked: Signal| signal(SignalKind::from_raw(asked.as_raw()));
        let ending = |asked: Signal| Ok::<_, std::io::Error>((asked.as_raw(), stream(asked)?));
        Ok(Self {
            ending: [ending(Signal::TERM)?, ending(Signal::INT)?, ending(Signal::HUP)?],
            suspending: stream(Signal::TSTP)?,
            continuing: stream(Signal::CONT)?,
        })
    }

    pub(crate) async fn next(&mut self) -> Asked {
        let [(term, terminate), (int, interrupt), (hup, hang_up)] = &mut self.ending;
        tokio::select! {
            _ = terminate.recv() => Asked::End(*term),
            _ = interrupt.recv() => Asked::End(*int),
            _ = hang_up.recv() => Asked::End(*hup),
            _ = self.suspending.recv() => Asked::Suspend,
            _ = self.continuing.recv() => Asked::Continued,
        }
    }

    /// Stops the process, and returns once it goes on, or when it is asked to end meanwhile.
    pub(crate) async fn stop(&mut self) -> std::io::Result<Asked> {
        // The terminal may be told to go on only after the stop, which other threads may see later than this one: so this waits for the
        // signal that ends it.
        rustix::process::kill_process(rustix::process::getpid(), Signal::STOP)?;
        loop {
            match self.next().await {
                Asked::Suspend => {}
                asked => return Ok(asked),
            }
        }
    }
}
