//! A configuration, written as a file.

use exp_worker::configuration::{Configuration, KeyList};
use exp_worker::document::DocumentKind;
use exp_worker::name::Name;
use serde_json::{Map, Value, json};

/// All that the configuration says of its targets, and of these keys.
pub(crate) fn written<'k>(configuration: &Configuration, keys: impl Iterator<Item = &'k str>) -> Value {
    let targets: Map<String, Value> = configuration
        .targets()
        .map(|(name, target)| {
            let flags = target.feature_flags().iter();
            let flags: Map<String, Value> =
                flags.map(|(name, on)| (name.to_string(), (*on).into())).collect();
            let target = json!({
                "buildTime": lists(target.keys(DocumentKind::BuildTime)),
                "runTime": lists(target.keys(DocumentKind::RunTime)),
                "featureFlags": flags,
            });
            (name.to_string(), target)
        })
        .collect();
    let value = |key| Some(configuration.value(key)?.expose().as_str().into());
    let values: Map<String, Value> = keys.filter_map(|key| Some((key.to_owned(), value(key)?))).collect();
    json!({ "targets": targets, "values": values })
}

fn lists(list: &KeyList) -> Value {
    let names = |names: &[Name]| -> Vec<String> { names.iter().map(Name::to_string).collect() };
    json!({ "required": names(list.required()), "optional": names(list.optional()) })
}
