//! Which configuration is in force.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use arc_swap::ArcSwap;
use runtime_metrics::Metrics;

use crate::configuration::Configuration;
use crate::document::{Document, DocumentKind, MissingKeys};
use crate::name::Name;

/// A configuration and the documents prepared from it. Immutable: a reload puts another one in its place, and
/// a request sees one of the two from beginning to end.
#[derive(Debug)]
pub struct InForce {
    configuration: Configuration,
    documents: HashMap<Name, [Document; 2]>,
    load_count: u64,
    loaded_at: Option<SystemTime>,
}

impl InForce {
    fn nothing() -> Self {
        Self {
            configuration: Configuration::empty(),
            documents: HashMap::new(),
            load_count: 0,
            loaded_at: None,
        }
    }

    fn prepare(metrics: &Metrics, configuration: Configuration, load_count: u64) -> Self {
        let documents = configuration
            .targets()
            .map(|(name, target)| {
                let document = |kind| Document::prepare(metrics, &configuration, kind, name, target);
                (name.clone(), [document(DocumentKind::BuildTime), document(DocumentKind::RunTime)])
            })
            .collect();
        Self { documents, configuration, load_count, loaded_at: Some(SystemTime::now()) }
    }

    /// The configuration itself.
    pub fn configuration(&self) -> &Configuration {
        &self.configuration
    }

    /// The document of `kind` for the target of this exact name.
    pub fn document(&self, kind: DocumentKind, target: &str) -> Option<&Document> {
        let [build_time, run_time] = self.documents.get(target)?;
        Some(match kind {
            DocumentKind::BuildTime => build_time,
            DocumentKind::RunTime => run_time,
        })
    }

    /// The documents that cannot be given out, sorted by target, and the required keys without a value.
    pub fn incomplete_documents(&self) -> impl Iterator<Item = (&Name, DocumentKind, &MissingKeys)> {
        self.configuration
            .targets()
            .flat_map(|(name, _)| DocumentKind::ALL.map(|kind| (name, kind)))
            .filter_map(|(name, kind)| Some((name, kind, self.document(kind, name.as_str())?.body().err()?)))
    }

    /// How many configurations were put in force in this process life, this one included; 0 when none was.
    pub fn load_count(&self) -> u64 {
        self.load_count
    }

    /// When this one was put in force.
    pub fn loaded_at(&self) -> Option<SystemTime> {
        self.loaded_at
    }
}

/// Holds the configuration in force. Reading it is wait-free; installing one takes a lock among installers.
#[derive(Debug)]
pub struct Store {
    in_force: ArcSwap<InForce>,
    installing: Mutex<()>,
}

impl Store {
    /// A store in which nothing is in force yet.
    pub fn new() -> Self {
        Self { in_force: ArcSwap::from_pointee(InForce::nothing()), installing: Mutex::new(()) }
    }

    /// Prepares the documents and puts the configuration in force, for all requests that look from now on.
    pub fn install(&self, metrics: &Metrics, configuration: Configuration) -> Arc<InForce> {
        // The lock guards no data, so a panic of another installer leaves nothing behind.
        let _alone = self.installing.lock().unwrap_or_else(PoisonError::into_inner);
        let load_count = self.in_force.load().load_count + 1;
        let next = Arc::new(InForce::prepare(metrics, configuration, load_count));
        self.in_force.store(Arc::clone(&next));
        next
    }

    /// What is in force.
    pub fn in_force(&self) -> Arc<InForce> {
        self.in_force.load_full()
    }
}

impl Default for Store {
    fn default() -> Self {
        Self::new()
    }
}
