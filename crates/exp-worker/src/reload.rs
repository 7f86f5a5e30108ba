//! Loading a configuration without holding up the answers of others.

use std::path::PathBuf;

use crate::app::App;
use crate::configuration::{Configuration, LoadError, Source};
use crate::store::InForce;

/// Reads the source on a thread where it may block.
pub(crate) async fn load(source: &Source) -> Result<Configuration, LoadError> {
    let reading = source.clone();
    match tokio::task::spawn_blocking(move || reading.load()).await {
        Ok(loaded) => loaded,
        Err(_stopping) => Err(LoadError::Abandoned { path: PathBuf::from(source.to_string()) }),
    }
}

/// Loads the source again and puts it in force; on an error the old configuration stays, and the error is
/// logged.
pub(crate) async fn reload(app: &App, source: &Source) {
    if *source == Source::Sample {
        tracing::info!("nothing to reload: the compiled-in sample is served; name a file with --config");
        return;
    }
    match load(source).await {
        Ok(configuration) => {
            let in_force = app.install(configuration);
            tracing::info!(
                file = %source,
                targets = in_force.configuration().targets().len(),
                keys = in_force.configuration().key_count(),
                load = in_force.load_count(),
                "configuration reloaded"
            );
            warn_of_incomplete_documents(&in_force);
        }
        Err(error) => tracing::error!("{error}; the old configuration stays in force"),
    }
}

/// Says once for each load which documents will be answered with a 500, and which keys would mend them.
pub(crate) fn warn_of_incomplete_documents(in_force: &InForce) {
    for (target, kind, missing) in in_force.incomplete_documents() {
        tracing::warn!(
            "the {} document of {target} cannot be given out: no value for the required {missing}; \
             remedy: add {} to the values and reload",
            kind.endpoint(),
            missing.pronoun(),
        );
    }
}
