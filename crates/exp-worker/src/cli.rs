//! The command line.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;
use std::str::FromStr;

use clap::builder::Resettable;
use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand, ValueEnum};
use runtime_exposition::CallerLabels;
use runtime_exposition::discovery::Target;

use crate::hosts::{HostName, HostNameError, Hosts};
use crate::top::TopCommand;
use crate::variable::is_set_but_blank;

const TOP: &str = "top";
const TOKEN_FILE_VARIABLE: &str = "EXP_LOCAL_TOKEN_FILE";

/// Of 80 columns at most: where the terminal is as wide, it is shown as it stands here.
const AFTER_HELP: &str = "\
Environment:
  EXP_LOCAL_TOKEN
      the shared token itself; there is no option for it, because arguments are
      seen by everybody
  EXP_LOG
      log lines for standard error, such as info or exp_worker=debug
      (else RUST_LOG, else info)
  RUNTIME_METRICS_FENCES
      portable or asymmetric: how records are ordered against snapshots
      (else the kernel decides)
  A variable that is set but blank counts as not set, except EXP_LOCAL_TOKEN and
  EXP_LOCAL_TOKEN_FILE: an empty token is an error, so that a mistake never
  leaves the worker open.

Environment of pushes by OTLP, as OpenTelemetry specifies it:
  OTEL_EXPORTER_OTLP_ENDPOINT [default: http://localhost:4318, grpc: ...:4317]
      where to push to; if it is set there are pushes without --otlp, too
  OTEL_EXPORTER_OTLP_PROTOCOL [default: http/protobuf]
      http/protobuf, http/json or grpc
  OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE [default: cumulative]
      cumulative, delta or lowmemory (which is delta here)
  OTEL_EXPORTER_OTLP_TIMEOUT [default: 10000 ms]
      for one attempt; 0 is no limit
  OTEL_METRIC_EXPORT_INTERVAL [default: 60000 ms]
  OTEL_METRIC_EXPORT_TIMEOUT [default: 30000 ms]
      for one push with all its attempts; 0 is no limit
  OTEL_EXPORTER_OTLP_COMPRESSION [default: none]
      none or gzip
  OTEL_EXPORTER_OTLP_HEADERS
      name=value,name=value with values percent-encoded: keys, for example
  OTEL_EXPORTER_OTLP_CERTIFICATE [default: whom this machine trusts]
  OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, OTEL_EXPORTER_OTLP_CLIENT_KEY
      PEM files for TLS
  OTEL_EXPORTER_OTLP_INSECURE [default: false]
      whether grpc to an address without http:// or https:// is not encrypted
  OTEL_SERVICE_NAME [default: exp-worker], OTEL_RESOURCE_ATTRIBUTES
      who is said to push
  OTEL_SDK_DISABLED, OTEL_METRICS_EXPORTER
      true, or a list without otlp: no pushes by OTLP, whatever else is set
  Those that begin with OTEL_EXPORTER_OTLP_ may begin with
  OTEL_EXPORTER_OTLP_METRICS_ as well, which goes before.

Signals:
  SIGHUP
      read the configuration file again; on an error the old configuration stays
      in force
  SIGTERM, SIGINT
      stop: answers in flight have 10 s, then the last push has 5 s; then print
      what was counted; a second one stops at once

Exit codes:
  0 stopped by a signal (or only printed something)
  1 could not serve
  2 wrong usage or configuration";

/// Serves configuration documents over HTTP, and counts exactly what it served.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(
    name = "exp-worker", version, about, after_help = AFTER_HELP, max_term_width = 100, args_conflicts_with_subcommands = true,
    disable_help_subcommand = true, subcommand_value_name = "COMMAND"
)]
pub struct Cli {
    /// What to do in place of serving
    #[command(subcommand)]
    pub command: Option<Command>,

    /// Configuration file (JSON); without one a compiled-in sample is served
    #[arg(long, value_name = "FILE", env = "EXP_CONFIG", hide_env_values = true)]
    pub config: Option<PathBuf>,

    /// Address to listen on, as IP:PORT; port 0 takes a free one and prints it
    #[arg(
        long, value_name = "ADDR", env = "EXP_LISTEN", hide_env_values = true,
        default_value_t = SocketAddr::from((Ipv4Addr::LOCALHOST, 8080)), value_parser = listen_address
    )]
    pub listen: SocketAddr,

    /// Believe the X-MS-CLIENT-PRINCIPAL-ID header; only behind a front door that sets it itself
    #[arg(long, env = "EXP_TRUST_FRONT_DOOR", hide_env_values = true, value_parser = yes_or_no)]
    pub trust_front_door: bool,

    /// Answer only requests whose Host is this name, or none that a page of the web has (an address, localhost, a name
    /// without a dot); may be given again, * is any [default: any, but no further name where the address listened on is a
    /// loopback one and no front door is believed]
    #[arg(
        long = "allowed-host",
        value_name = "NAME",
        env = "EXP_ALLOWED_HOSTS",
        hide_env_values = true,
        value_delimiter = ','
    )]
    pub allowed_hosts: Vec<AllowedHost>,

    /// File with the shared token that callers must send as X-Exp-Local-Token; or set EXP_LOCAL_TOKEN
    #[arg(long, value_name = "FILE", env = TOKEN_FILE_VARIABLE, hide_env_values = true)]
    pub local_token_file: Option<PathBuf>,

    /// Name of the environment, shown by the health document and /metrics, to servers that find this worker, and in pushes
    #[arg(
        long,
        value_name = "NAME",
        env = "EXP_ENVIRONMENT",
        hide_env_values = true,
        default_value = "development"
    )]
    pub environment: String,

    /// How callers are shown by /metrics, /api/health and /api/ready, and in pushes
    #[arg(
        long,
        value_name = "HOW",
        env = "EXP_CALLER_LABELS",
        hide_env_values = true,
        value_enum,
        ignore_case = true,
        default_value_t = Callers::Shown
    )]
    pub caller_labels: Callers,

    /// Folder of a Prometheus server's file-based service discovery; this worker has a file there while it serves
    #[arg(long, value_name = "DIR", env = "EXP_DISCOVERY_DIR", hide_env_values = true)]
    pub discovery_dir: Option<PathBuf>,

    /// Where that server scrapes this worker, as HOST:PORT [default: the address listened on, or the host's name where that
    /// is every address, such as 0.0.0.0]
    #[arg(
        long,
        value_name = "TARGET",
        env = "EXP_DISCOVERY_TARGET",
        hide_env_values = true,
        requires = "discovery_dir"
    )]
    pub discovery_target: Option<Target>,

    /// Push to an OpenTelemetry receiver, as the variables below say
    #[arg(long)]
    pub otlp: bool,

    /// Push every 15 s to the Prometheus Pushgateway at this address, such as http://localhost:9091
    #[arg(long, value_name = "URL", env = "EXP_PUSHGATEWAY", hide_env_values = true)]
    pub pushgateway: Option<String>,

    /// Print the compiled-in sample configuration and exit
    #[arg(long)]
    pub print_sample: bool,
}

/// What is done in place of serving.
#[derive(Debug, Clone, PartialEq, Eq, Subcommand)]
pub enum Command {
    /// Shows the counts of a running worker in this terminal, as they grow; or of any service with the same routes
    #[command(name = TOP)]
    Top(TopCommand),
}

/// How callers are shown. (The [`CallerLabels`] of the exposition, in words of the command line.)
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Callers {
    /// As they were recorded
    #[default]
    Shown,
    /// As the first 16 digits of their SHA-256: who can guess a caller can check the guess
    Hashed,
    /// Not at all; the counts are added up
    Dropped,
}

impl From<Callers> for CallerLabels {
    fn from(callers: Callers) -> Self {
        match callers {
            Callers::Shown => Self::Shown,
            Callers::Hashed => Self::Hashed,
            Callers::Dropped => Self::Dropped,
        }
    }
}

/// A host that requests may be for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AllowedHost {
    /// Whatever they name.
    Any,
    /// This one.
    Name(HostName),
}

impl FromStr for AllowedHost {
    type Err = HostNameError;

    fn from_str(text: &str) -> Result<Self, HostNameError> {
        // Beside a comma of the list there may be a space.
        let text = text.trim();
        Ok(if text == "*" { Self::Any } else { Self::Name(text.parse()?) })
    }
}

impl Cli {
    /// The hosts that requests may be for. Where nothing is said, a page from elsewhere is kept from a worker that is for this machine; behind a front door that
    /// is believed, names are the front door's business. That a server is told to scrape a name says that it is one of the worker's.
    pub fn hosts(&self) -> Hosts {
        let is_for_this_machine = self.listen.ip().is_loopback() && !self.trust_front_door;
        if self.allowed_hosts.contains(&AllowedHost::Any)
            || (self.allowed_hosts.is_empty() && !is_for_this_machine)
        {
            return Hosts::Any;
        }
        let named = self.allowed_hosts.iter().filter_map(|host| match host {
            AllowedHost::Any => None,
            AllowedHost::Name(name) => Some(name.clone()),
        });
        let scraped = self.discovery_target.as_ref().and_then(|target| target.as_str().rsplit_once(':'));
        // An IPv6 address, which is no name, is admitted anyhow.
        let scraped = scraped.and_then(|(host, _)| host.parse().ok());
        Hosts::LocalAnd(named.chain(scraped).collect())
    }

    /// The command line of this process, variables that are set but blank counted as not set. Where there is
    /// nothing to run (help, version, wrong usage), says so and ends the process.
    pub fn of_this_process() -> Self {
        let serves = std::env::args_os().nth(1).is_none_or(|first| first != TOP);
        // What a worker is told by variables is none of a view's business.
        let argument =
            |arg: clap::Arg| if serves { without_blank_variable(arg) } else { arg.env(Resettable::Reset) };
        let mut command = Self::command().mut_args(argument);
        let mut matches = command.get_matches_mut();
        Self::from_arg_matches_mut(&mut matches).unwrap_or_else(|error| error.format(&mut command).exit())
    }
}

/// The argument without its variable, when that is set but blank and may be.
fn without_blank_variable(arg: clap::Arg) -> clap::Arg {
    let blank = arg
        .get_env()
        .filter(|name| *name != TOKEN_FILE_VARIABLE && is_set_but_blank(name))
        .map(|name| name.to_string_lossy().into_owned());
    match blank {
        // The help goes on naming the variable.
        Some(name) => {
            let help = format!("{} [env: {name}]", arg.get_help().cloned().unwrap_or_default());
            arg.env(Resettable::Reset).help(help)
        }
        None => arg,
    }
}

fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "1" | "t" | "y" => Ok(true),
        "false" | "no" | "off" | "0" | "f" | "n" => Ok(false),
        _ => Err("neither yes nor no; remedy: set EXP_TRUST_FRONT_DOOR to true, yes, on or 1, or else to false, no, off or 0"
            .to_owned()),
    }
}

fn listen_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "not an IP address and a port; remedy: write it like 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080 \
         (host names are not looked up)"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn a_worker_serves_unless_it_is_told_otherwise() {
        assert_eq!(Cli::try_parse_from(["exp-worker"]).unwrap().command, None);
        let top = Cli::try_parse_from(["exp-worker", "top", "http://127.0.0.1:9"]).unwrap();
        assert!(matches!(top.command, Some(Command::Top(_))));
        assert!(Cli::try_parse_from(["exp-worker", "--print-sample", "top"]).is_err());
        assert!(Cli::try_parse_from(["exp-worker", "--listen", "127.0.0.1:0", "top"]).is_err());
    }

    #[test]
    fn a_worker_for_this_machine_has_local_hosts_and_those_that_are_named_for_it() {
        let hosts =
            |options: &[&str]| Cli::try_parse_from([&["exp-worker"], options].concat()).unwrap().hosts();
        let local_and =
            |names: &[&str]| Hosts::LocalAnd(names.iter().map(|name| name.parse().unwrap()).collect());
        assert_eq!(hosts(&[]), local_and(&[]));
        assert_eq!(hosts(&["--listen", "[::1]:80"]), local_and(&[]));
        assert_eq!(hosts(&["--listen", "0.0.0.0:80"]), Hosts::Any);
        assert_eq!(hosts(&["--trust-front-door"]), Hosts::Any);
        assert_eq!(hosts(&["--allowed-host", "a.example, *"]), Hosts::Any);
        let both = local_and(&["a.example", "b.example"]);
        assert_eq!(hosts(&["--allowed-host", "a.example", "--allowed-host", "b.example"]), both);
        assert_eq!(hosts(&["--listen", "0.0.0.0:80", "--allowed-host", "a.example, b.example"]), both);
        let scraped = ["--discovery-dir", "/d", "--discovery-target", "a.example:80"];
        assert_eq!(hosts(&scraped), local_and(&["a.example"]));
        assert!(Cli::try_parse_from(["exp-worker", "--allowed-host", "http://a.example"]).is_err());
    }

    #[test]
    fn no_argument_takes_the_token_itself() {
        let refused = Cli::try_parse_from(["exp-worker", "--local-token", "s3cret"]);
        assert!(refused.is_err());
    }
}
