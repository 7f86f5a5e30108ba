//! The command line.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use clap::Parser;
use clap::builder::BoolishValueParser;

const AFTER_HELP: &str = "\
Environment:
  EXP_LOCAL_TOKEN  the shared token itself; it has no argument, because arguments are seen by everybody
  EXP_LOG          which log lines to write to standard error, e.g. info or exp_worker=debug (else RUST_LOG, else info)

Signals:
  SIGHUP           read the configuration file again; on an error the old configuration stays in force
  SIGTERM, SIGINT  stop: finish the answers in flight, print what was counted; a second one stops at once

Exit codes: 0 stopped by a signal, 1 could not serve, 2 wrong usage or configuration.";

/// Serves configuration documents over HTTP, and counts exactly what it served.
#[derive(Debug, Clone, PartialEq, Eq, Parser)]
#[command(name = "exp-worker", version, about, after_help = AFTER_HELP)]
pub struct Cli {
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
    #[arg(long, env = "EXP_TRUST_FRONT_DOOR", hide_env_values = true, value_parser = BoolishValueParser::new())]
    pub trust_front_door: bool,

    /// File with the shared token that callers must send as X-Exp-Local-Token; or set EXP_LOCAL_TOKEN
    #[arg(long, value_name = "FILE", env = "EXP_LOCAL_TOKEN_FILE", hide_env_values = true)]
    pub local_token_file: Option<PathBuf>,

    /// Name of the environment, shown by the health document
    #[arg(
        long,
        value_name = "NAME",
        env = "EXP_ENVIRONMENT",
        hide_env_values = true,
        default_value = "development"
    )]
    pub environment: String,
}

fn listen_address(text: &str) -> Result<SocketAddr, String> {
    text.parse().map_err(|_| {
        "not an IP address and a port; write it like 127.0.0.1:8080, 0.0.0.0:8080 or [::1]:8080 \
         (host names are not looked up)"
            .to_owned()
    })
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn no_argument_takes_the_token_itself() {
        let refused = Cli::try_parse_from(["exp-worker", "--local-token", "s3cret"]);
        assert!(refused.is_err());
    }
}
