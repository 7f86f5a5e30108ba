//! The command `top`: the live page of a worker, in a terminal.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::Args;
use runtime_top::{Address, AddressError, Ending, Token, TokenError, Top, TopError};

/// The environment variable that holds the token itself.
pub const TOKEN_VARIABLE: &str = "EXP_TOP_TOKEN";

/// Of 80 columns at most: where the terminal is as wide, it is shown as it stands here.
const AFTER_HELP: &str = "\
What is shown:
  Who counts, the totals with their rates, and tables of paths, endpoints, targets,
  callers and configuration names; a pivot of endpoint, target and caller; the last
  minute, hour and day, with what was busiest; what limits did, and what a snapshot
  costs. Every number is of the one snapshot whose number is at the top.
  A banner says when the worker is gone, another one has taken its place, or its
  counts were reset. The view goes on by itself when the worker is back.

Keys: ? shows them all; q quits
  Tab or 1 ... 8 tables    arrows or hjkl rows, columns    / filter    s sort
  p pause                  m mark, M forget it             Enter details of a row

The terminal is taken to show UTF-8, whatever the locale says.

Without a terminal, as in a pipe, or with TERM=dumb:
  one snapshot as plain text, once
    exp-worker top | grep /api/

Environment:
  EXP_TOP_TOKEN
      the bearer token itself; there is no option for it, because arguments are
      seen by everybody
  NO_COLOR
      if set to anything: bold, dim and reversed text alone
  SSL_CERT_FILE, SSL_CERT_DIR
      whom to trust by https [default: whom this machine trusts]
  Proxies of the environment are not used.

Exit codes:
  0 ended by a key, or the report is written
  1 the service does not answer (to a report), or the terminal cannot be used
  2 wrong usage or token
  129, 130, 143 ended by SIGHUP, SIGINT, SIGTERM";

/// The options of `top`.
#[derive(Debug, Clone, PartialEq, Eq, Args)]
#[command(after_help = AFTER_HELP)]
pub struct TopCommand {
    /// Where the service is: http or https, and the path that its routes are below, if any
    // No `Address`: a message about a wrong argument quotes it, and it may hold a secret.
    #[arg(value_name = "URL", default_value = "http://127.0.0.1:8080")]
    pub url: String,

    /// Seconds between snapshots, 1 to 60
    #[arg(long, value_name = "SECONDS", default_value_t = 1, value_parser = clap::value_parser!(u64).range(1..=60))]
    pub interval: u64,

    /// File with the bearer token that the service asks for; or set EXP_TOP_TOKEN
    #[arg(long, value_name = "FILE")]
    pub token_file: Option<PathBuf>,
}

/// Why there was nothing to watch.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum TopFailure {
    /// The URL is none that can be asked.
    #[error("URL: {0}")]
    Address(#[from] AddressError),
    /// The token could not be taken.
    #[error(transparent)]
    Token(#[from] TokenError),
    /// Both sources were given.
    #[error("a token comes from {TOKEN_VARIABLE} and another from --token-file; remedy: give one of the two")]
    TwoTokens,
    /// The view ended by itself, or never began.
    #[error(transparent)]
    Top(#[from] TopError),
}

impl TopFailure {
    /// 2 when whoever started it must change something it was told, else 1.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Address(_) | Self::Token(_) | Self::TwoTokens => 2,
            Self::Top(_) => 1,
        }
    }
}

/// Watches until somebody quits or a signal comes, or writes a report. Returns the exit code.
///
/// # Errors
///
/// [`TopFailure`]; a worker that does not answer is none while somebody watches.
pub fn run(command: TopCommand) -> Result<u8, TopFailure> {
    let address: Address = command.url.parse()?;
    let token = token(command.token_file, std::env::var_os(TOKEN_VARIABLE))?;
    let mut top = Top::new(address).interval(command.interval);
    if let Some(token) = token {
        top = top.token(token);
    }
    Ok(match top.run()? {
        Ending::Quit => 0,
        // As shells count it. Signals have small numbers.
        Ending::Signal(number) => u8::try_from(number).unwrap_or_default().saturating_add(128),
    })
}

/// An empty token is an error: whoever set one wants it to be sent.
fn token(file: Option<PathBuf>, variable: Option<OsString>) -> Result<Option<Token>, TopFailure> {
    match (file, variable) {
        (Some(_), Some(_)) => Err(TopFailure::TwoTokens),
        (Some(file), None) => Ok(Some(Token::from_file(&file)?)),
        (None, Some(text)) => Ok(Some(Token::new(text.as_encoded_bytes(), TOKEN_VARIABLE)?)),
        (None, None) => Ok(None),
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Command};

    #[test]
    fn a_wrong_url_is_wrong_usage_and_its_secret_is_not_told() {
        let parsed = Cli::try_parse_from(["exp-worker", "top", "http://me:s3cret@127.0.0.1:1"]).unwrap();
        let Some(Command::Top(command)) = parsed.command else { panic!("another command") };
        let error = run(command).unwrap_err();
        assert_eq!(error.exit_code(), 2);
        let message = error.to_string();
        assert!(
            message.starts_with("URL: ") && message.contains("remedy:") && !message.contains("s3cret"),
            "{message}"
        );
    }

    #[test]
    fn a_token_comes_from_one_source_and_an_empty_one_is_an_error() {
        assert!(token(None, None).unwrap().is_none());
        assert!(token(None, Some("s3cret".into())).unwrap().is_some());
        for wrong in [
            token(Some("/nowhere".into()), Some("s3cret".into())),
            token(Some("/nowhere".into()), None),
            token(None, Some("".into())),
        ] {
            let error = wrong.unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(
                error.to_string().contains("remedy:") && !error.to_string().contains("s3cret"),
                "{error}"
            );
        }
    }
}
