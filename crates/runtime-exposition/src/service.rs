//! What the options say about the service that is observed.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::target_label;

/// The configured part of a service's identity, the same on every way out. (The rest, its instance and process, is in each snapshot.)
#[derive(Debug, Clone, Default, Serialize)]
pub(crate) struct Service {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) namespace: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) version: Option<Box<str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) revision: Option<Box<str>>,
    /// That of the code that runs: no attribute of the resource changes it.
    #[serde(skip)]
    pub(crate) build_version: Option<Box<str>>,
    /// In place of the one that a snapshot has.
    #[serde(skip)]
    pub(crate) host_name: Option<Box<str>>,
    /// All further attributes of the resource, but those that are a snapshot's.
    #[serde(skip)]
    pub(crate) attributes: BTreeMap<Box<str>, Box<str>>,
    /// These as labels of `target_info`.
    #[serde(skip)]
    pub(crate) labels: BTreeMap<Box<str>, Box<str>>,
}

/// What tells whose counts they are. A forked child has the environment of its parent, so nobody gives these from outside.
const OF_SNAPSHOTS: [&str; 3] = ["process.creation.time", "process.pid", "service.instance.id"];

impl Service {
    /// Takes over attributes of the resource; the later of two with one key wins.
    pub(crate) fn take(&mut self, attributes: impl IntoIterator<Item = (Box<str>, Box<str>)>) {
        for (key, value) in attributes {
            match &*key {
                "service.name" => self.name = Some(value),
                "service.namespace" => self.namespace = Some(value),
                "service.version" => self.version = Some(value),
                "host.name" => self.host_name = Some(value),
                of_snapshots if OF_SNAPSHOTS.contains(&of_snapshots) => {}
                _ => _ = self.attributes.insert(key, value),
            }
        }
        self.labels = target_label::labels(&self.attributes);
    }

    /// The host's name, given that of a snapshot.
    pub(crate) fn host_name<'h>(&'h self, of_snapshot: &'h str) -> &'h str {
        self.host_name.as_deref().unwrap_or(of_snapshot)
    }
}

/// An empty text is the same as none: to Prometheus a label with an empty value is a label that is not there.
pub(crate) fn configured(text: String) -> Option<Box<str>> {
    (!text.is_empty()).then(|| text.into_boxed_str())
}
