//! Signals of the operating system.

use futures_util::FutureExt as _;
use rustix::process::{Signal, getpgrp, getpid, getsid, kill_current_process_group, kill_process};
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

    /// Stops the job, and returns once it goes on, or when it is asked to end meanwhile.
    pub(crate) async fn stop(&mut self) -> std::io::Result<Asked> {
        // Whatever else is of the job, such as a script that its shell waits for.
        kill_current_process_group(Signal::TSTP)?;
        // The terminal may be told to go on only after the stop, which other threads may see later than this one: so this waits for the
        // signal that ends it.
        kill_process(getpid(), Signal::STOP)?;
        loop {
            match self.next().await {
                Asked::Suspend => {}
                asked => {
                    // The job's own signal is over, in whatever order the two are told.
                    while self.suspending.recv().now_or_never().flatten().is_some() {}
                    return Ok(asked);
                }
            }
        }
    }
}

/// Whether a shell could let the job go on after a stop. It gives each job a process group of its own; in the first group of a session, as
/// by `ssh -t HOST exp-worker top`, there is no shell above, and nobody could end a stop. Source: POSIX, "orphaned process group".
pub(crate) fn can_stop() -> bool {
    getsid(None).is_ok_and(|session| session != getpgrp())
}
