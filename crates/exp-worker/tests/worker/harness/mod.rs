//! A worker in process, a worker as a process, and a client of bytes.

mod answer;
mod client;
mod in_process;
mod spawned;

pub(crate) use answer::Answer;
pub(crate) use client::Client;
pub(crate) use in_process::Worker;
pub(crate) use spawned::{Command, Spawned};

use std::time::{Duration, Instant};

/// No single step of a test takes longer than this; a step that does has failed.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Asks until the answer is yes; fails when patience ends.
pub(crate) fn wait_until(what: &str, is_so: impl Fn() -> bool) {
    let end = Instant::now() + PATIENCE;
    while !is_so() {
        assert!(Instant::now() < end, "not yet: {what}");
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// A small configuration with every case: required, optional, lacking and unlisted keys.
pub(crate) const CONFIGURATION: &str = r#"{
  "targets": {
    "api": {
      "buildTime": { "required": ["Build:Channel"] },
      "runTime": { "required": ["Db:Host", "Auth:JWT:Issuer"], "optional": ["Trace:Rate", "Not:There"] },
      "featureFlags": { "New": true, "Old": false }
    },
    "Web-1": {
      "runTime": { "required": ["Auth:JWT:Issuer"] }
    },
    "broken": {
      "buildTime": { "required": ["Build:Channel", "Lacking:Two", "Lacking:One"] }
    }
  },
  "values": {
    "Auth:JWT:Issuer": "HUSH-issuer \"quoted\" \\ ünï",
    "Build:Channel": "HUSH-channel",
    "Db:Host": "HUSH-host",
    "Trace:Rate": "HUSH-rate",
    "Unlisted:Key": "HUSH-unlisted"
  }
}"#;

/// What every value of [`CONFIGURATION`] begins with, and nothing else.
pub(crate) const VALUE_MARK: &str = "HUSH";
