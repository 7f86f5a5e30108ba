//! Log lines: text, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;
use tracing_subscriber::filter::LevelFilter;

use crate::variable::variable;

/// The worker's own filter variable; `RUST_LOG` is asked next.
const LOG_VARIABLE: &str = "EXP_LOG";

/// The filter of a worker that was told nothing, or nothing sensible.
const DEFAULT_FILTER: &str = "info";

/// Installs the log for the whole process: `EXP_LOG`, else `RUST_LOG`, else `info`. Does nothing if one is
/// there.
///
/// A filter that cannot be used is reported in the log, which then runs at `info`.
pub(crate) fn install() {
    let asked = [LOG_VARIABLE, "RUST_LOG"].into_iter().find_map(|name| {
        let text = variable(name)?;
        Some((name, text.to_string_lossy().into_owned()))
    });
    let told = asked.as_ref().map(|(name, text)| (*name, filter(text)));
    let (filter, refused) = match told {
        None => (EnvFilter::new(DEFAULT_FILTER), None),
        Some((_, Some(filter))) => (filter, None),
        Some((name, None)) => (EnvFilter::new(DEFAULT_FILTER), Some(name)),
    };
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
    if let Some(name) = refused {
        tracing::warn!(
            "{name} is not a log filter, the log runs at {DEFAULT_FILTER}; remedy: name a level (off, error, \
             warn, info, debug, trace), as in `info` or `exp_worker=debug`"
        );
    }
}

/// The filter, when it can be parsed and names a level. A lone word that is no level is the name of a module
/// to the parser, and would silently turn off the log of all others.
fn filter(text: &str) -> Option<EnvFilter> {
    let names_a_level = text.split(',').any(|directive| {
        let level = directive.rsplit_once('=').map_or(directive, |(_, level)| level).trim();
        !level.is_empty() && level.parse::<LevelFilter>().is_ok()
    });
    names_a_level.then(|| EnvFilter::try_new(text).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_names_at_least_one_level() {
        for good in
            ["info", "WARN", "off", "info,hyper=warn", "exp_worker=debug", "hyper,info", "[asked]=trace"]
        {
            assert!(filter(good).is_some(), "{good}");
        }
        for bad in ["infos", "banana", "exp_worker", "exp_worker=", "exp_worker=infos", "=,=", ",", " "] {
            assert!(filter(bad).is_none(), "{bad}");
        }
    }
}
