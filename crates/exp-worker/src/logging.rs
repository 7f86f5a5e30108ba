//! Log lines: text, on standard error.

use std::io::IsTerminal as _;

use tracing_subscriber::EnvFilter;

/// The worker's own filter variable; `RUST_LOG` is asked next.
const LOG_VARIABLE: &str = "EXP_LOG";

/// Installs the log for the whole process: `EXP_LOG`, else `RUST_LOG`, else `info`. Does nothing if one is
/// there.
///
/// A filter that cannot be parsed is reported in the log, which then runs at `info`.
pub(crate) fn install() {
    let asked = [LOG_VARIABLE, "RUST_LOG"]
        .into_iter()
        .find_map(|name| std::env::var(name).ok().filter(|text| !text.is_empty()).map(|text| (name, text)));
    let (filter, refused) = match &asked {
        None => (EnvFilter::new("info"), None),
        Some((name, text)) => match EnvFilter::try_new(text) {
            Ok(filter) => (filter, None),
            Err(error) => (EnvFilter::new("info"), Some((*name, error))),
        },
    };
    let _ = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .try_init();
    if let Some((name, error)) = refused {
        tracing::warn!(
            "{name} is not a log filter ({error}); remedy: write it like `info` or `exp_worker=debug`"
        );
    }
}
