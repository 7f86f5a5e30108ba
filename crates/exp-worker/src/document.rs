//! Configuration documents, prepared once per load: the bytes of the answer and the plan of its delivery.

use std::collections::BTreeMap;
use std::fmt;

use runtime_metrics::{DeliveryPlan, Metrics};
use serde::Serialize;
use serde::ser::SerializeMap as _;

use crate::configuration::{Configuration, Target};
use crate::json::json_line;
use crate::name::Name;
use crate::secret::Secret;

/// Which of a target's two documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum DocumentKind {
    /// What the target needs while it is built.
    BuildTime,
    /// What it needs while it runs; adds the feature flags.
    RunTime,
}

impl DocumentKind {
    /// Both kinds.
    pub const ALL: [Self; 2] = [Self::BuildTime, Self::RunTime];

    /// The endpoint category under which its deliveries are counted; also the last part of its route.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::BuildTime => "build-time",
            Self::RunTime => "run-time",
        }
    }
}

/// The keys that a document requires and the configuration lacks, in the order of the file. At least one.
///
/// As text: `key A`, or `keys A, B`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MissingKeys(Vec<Name>);

impl MissingKeys {
    pub(crate) fn one(key: Name) -> Self {
        Self(vec![key])
    }

    /// What a sentence calls them the second time.
    pub(crate) fn pronoun(&self) -> &'static str {
        if self.0.len() == 1 { "it" } else { "them" }
    }
}

impl fmt::Display for MissingKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.len() == 1 { "key" } else { "keys" })?;
        for (index, name) in self.0.iter().enumerate() {
            write!(f, "{}{name}", if index == 0 { " " } else { ", " })?;
        }
        Ok(())
    }
}

/// One document, ready to be handed out: `{"target": …, "values": {…}}`, with `"featureFlags": {…}` at run
/// time.
///
/// What counts as its *values* are the entries of `values`; feature flags are no configuration keys and are
/// not counted.
#[derive(Debug)]
pub struct Document {
    body: Result<Secret<axum::body::Bytes>, MissingKeys>,
    plan: DeliveryPlan,
    local_caller: String,
}

impl Document {
    /// Prepares the document of `kind` for the target `name`.
    pub fn prepare(
        metrics: &Metrics,
        configuration: &Configuration,
        kind: DocumentKind,
        name: &Name,
        target: &Target,
    ) -> Self {
        let keys = target.keys(kind);
        let missing: Vec<Name> = keys
            .required()
            .iter()
            .filter(|key| configuration.value(key.as_str()).is_none())
            .cloned()
            .collect();
        let present: Vec<(&Name, &str)> = keys
            .required()
            .iter()
            .chain(keys.optional())
            .filter_map(|key| Some((key, configuration.value(key.as_str())?.expose().as_str())))
            .collect();
        let names: Vec<&str> = present.iter().map(|(key, _)| key.as_str()).collect();
        let body = if missing.is_empty() {
            let flags = (kind == DocumentKind::RunTime).then(|| target.feature_flags());
            Ok(Secret::new(json(name, &present, flags).into()))
        } else {
            Err(MissingKeys(missing))
        };
        Self {
            body,
            plan: metrics.delivery_plan(kind.endpoint(), name.as_str(), &names),
            local_caller: local_caller(name.as_str()),
        }
    }

    /// The JSON of the answer.
    ///
    /// # Errors
    ///
    /// The keys that the document requires and the configuration lacks.
    pub fn body(&self) -> Result<&Secret<axum::body::Bytes>, &MissingKeys> {
        self.body.as_ref()
    }

    /// Counts one delivery to `caller`, or to `local:<target>` when there is no trusted caller.
    pub fn record_delivery(&self, caller: Option<&str>) {
        self.plan.record(caller.unwrap_or(&self.local_caller));
    }
}

/// The caller label of a request whose front door is not trusted, or named nobody.
pub(crate) fn local_caller(target: &str) -> String {
    format!("local:{target}")
}

fn json(target: &Name, values: &[(&Name, &str)], flags: Option<&BTreeMap<Name, bool>>) -> Vec<u8> {
    #[derive(Serialize)]
    #[serde(rename_all = "camelCase")]
    struct Shape<'a> {
        target: &'a str,
        values: InOrder<'a>,
        #[serde(skip_serializing_if = "Option::is_none")]
        feature_flags: Option<Flags<'a>>,
    }
    let shape = Shape { target: target.as_str(), values: InOrder(values), feature_flags: flags.map(Flags) };
    // Strings and switches in memory: serialising them cannot fail, and an empty body would be seen at once.
    json_line(&shape).unwrap_or_default()
}

struct InOrder<'a>(&'a [(&'a Name, &'a str)]);

impl Serialize for InOrder<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in self.0 {
            map.serialize_entry(key.as_str(), value)?;
        }
        map.end()
    }
}

struct Flags<'a>(&'a BTreeMap<Name, bool>);

impl Serialize for Flags<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, on)| (name.as_str(), on)))
    }
}
