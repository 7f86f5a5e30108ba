//! The binary, as a process.

use std::ffi::OsStr;
use std::io::{BufRead as _, BufReader, Read as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdout, Stdio};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::{Answer, Client, PATIENCE};

/// The command line of a worker, with an empty environment.
pub(crate) struct Command(std::process::Command);

/// A worker that serves.
pub(crate) struct Spawned {
    pub(crate) address: SocketAddr,
    /// Everything up to and including the last line of the start message.
    pub(crate) start_message: String,
    child: Child,
    out: Option<BufReader<ChildStdout>>,
    log: Arc<Mutex<String>>,
    log_reader: Option<JoinHandle<()>>,
}

/// How a process ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Verdict {
    pub(crate) code: Option<i32>,
    pub(crate) out: String,
    pub(crate) log: String,
}

impl Command {
    pub(crate) fn new() -> Self {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_exp-worker"));
        command.env_clear().stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        Self(command)
    }

    pub(crate) fn arg(mut self, arg: impl AsRef<OsStr>) -> Self {
        self.0.arg(arg);
        self
    }

    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.0.env(name, value);
        self
    }

    /// Runs a command that must end by itself.
    pub(crate) fn verdict(mut self) -> Verdict {
        let mut child = self.0.spawn().expect("the binary is there");
        let code = wait(&mut child);
        let (mut out, mut log) = (String::new(), String::new());
        child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
        child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
        Verdict { code, out, log }
    }

    /// Runs a worker on a free port until it says where it listens.
    pub(crate) fn serve(self) -> Spawned {
        self.arg("--listen").arg("127.0.0.1:0").serve_as_told()
    }

    /// The same, without choosing the address.
    pub(crate) fn serve_as_told(mut self) -> Spawned {
        let mut child = self.0.spawn().expect("the binary is there");
        let log = Arc::new(Mutex::new(String::new()));
        let log_reader = std::thread::spawn({
            let (log, lines) = (Arc::clone(&log), BufReader::new(child.stderr.take().unwrap()));
            move || {
                for line in lines.lines().map_while(Result::ok) {
                    let mut log = log.lock().unwrap();
                    log.push_str(&line);
                    log.push('\n');
                }
            }
        });
        let mut out = BufReader::new(child.stdout.take().unwrap());
        let mut start_message = String::new();
        while !start_message.contains("  example") {
            let before = start_message.len();
            out.read_line(&mut start_message).unwrap();
            assert!(start_message.len() > before, "ended early: {start_message}{}", log.lock().unwrap());
        }
        let (_, rest) = start_message.split_once("listens on ").expect("an address");
        let address = rest.lines().next().and_then(|line| line.parse().ok()).expect("an address");
        Spawned { address, start_message, child, out: Some(out), log, log_reader: Some(log_reader) }
    }
}

impl Spawned {
    pub(crate) fn connect(&self) -> Client {
        Client::connect(self.address)
    }

    pub(crate) fn get(&self, path: &str) -> Answer {
        self.connect().get(path)
    }

    pub(crate) fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).expect("the process is there");
    }

    /// Waits until the log contains `text`.
    pub(crate) fn wait_for_log(&self, text: &str) {
        let end = Instant::now() + PATIENCE;
        while !self.log.lock().unwrap().contains(text) {
            assert!(Instant::now() < end, "not in the log: {text}\n{}", self.log.lock().unwrap());
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Sends SIGTERM and waits for the end.
    pub(crate) fn terminate(self) -> Verdict {
        self.signal(Signal::TERM);
        self.verdict()
    }

    /// Closes the reading end of the standard output, sends SIGTERM and waits for the end: the exit code.
    pub(crate) fn terminate_unread(mut self) -> Option<i32> {
        drop(self.out.take());
        self.signal(Signal::TERM);
        wait(&mut self.child)
    }

    /// Waits for the end.
    pub(crate) fn verdict(mut self) -> Verdict {
        let code = wait(&mut self.child);
        let mut out = String::new();
        self.out.take().unwrap().read_to_string(&mut out).unwrap();
        self.log_reader.take().unwrap().join().unwrap();
        Verdict { code, out, log: self.log.lock().unwrap().clone() }
    }
}

impl Drop for Spawned {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The exit code; a process that outlives patience is killed and has none.
fn wait(child: &mut Child) -> Option<i32> {
    let end = Instant::now() + PATIENCE;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.code();
        }
        if Instant::now() > end {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
}
