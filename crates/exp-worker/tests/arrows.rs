//! The arrows between the crates of the workspace, which docs/architecture.md draws.

use std::collections::{BTreeMap, BTreeSet};

use cargo_metadata::{DependencyKind, Metadata, MetadataCommand};

/// What each crate may use of the others.
const ARROWS: [(&str, &[&str]); 8] = [
    ("runtime-identity", &[]),
    ("runtime-metrics", &["runtime-identity"]),
    ("runtime-exposition", &["runtime-identity", "runtime-metrics"]),
    ("runtime-http", &["runtime-exposition", "runtime-metrics"]),
    ("runtime-top", &[]),
    ("runtime-python", &["runtime-exposition", "runtime-metrics"]),
    ("exp-worker", &["runtime-exposition", "runtime-http", "runtime-metrics", "runtime-top"]),
    ("benches", &["exp-worker", "runtime-exposition", "runtime-metrics"]),
];

/// Rivals, which are raced, and which no library depends on.
const PEERS: [&str; 6] = [
    "measured",
    "metrics",
    "metrics-exporter-prometheus",
    "opentelemetry_sdk",
    "prometheus",
    "prometheus-client",
];

const ARCHITECTURE: &str = include_str!("../../../docs/architecture.md");

fn workspace() -> Result<Metadata, cargo_metadata::Error> {
    let manifest = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    MetadataCommand::new().manifest_path(manifest).no_deps().other_options(["--offline".to_owned()]).exec()
}

/// By crate, what it is built of, tests and examples aside.
fn dependencies(workspace: &Metadata) -> BTreeMap<&str, BTreeSet<&str>> {
    workspace
        .workspace_packages()
        .into_iter()
        .map(|package| {
            let built_of =
                package.dependencies.iter().filter(|found| found.kind != DependencyKind::Development);
            (package.name.as_str(), built_of.map(|found| found.name.as_str()).collect())
        })
        .collect()
}

#[test]
fn each_crate_uses_those_that_its_arrows_lead_to_and_no_others() {
    let workspace = workspace().unwrap();
    let dependencies = dependencies(&workspace);
    let members: BTreeSet<&str> = dependencies.keys().copied().collect();
    let found: BTreeMap<&str, BTreeSet<&str>> =
        dependencies.iter().map(|(name, used)| (*name, used & &members)).collect();
    let drawn = ARROWS.map(|(name, used)| (name, used.iter().copied().collect()));
    assert_eq!(found, BTreeMap::from(drawn));
}

#[test]
fn no_crate_but_the_benchmarks_is_built_of_a_peer() {
    let workspace = workspace().unwrap();
    for (name, used) in dependencies(&workspace) {
        let peers: Vec<_> = PEERS.into_iter().filter(|peer| used.contains(peer)).collect();
        assert_eq!(peers.is_empty(), name != "benches", "{name} is built of {peers:?}");
    }
}

#[test]
fn the_architecture_page_has_a_row_for_each_crate() {
    for (name, _) in ARROWS {
        let row = format!("\n| [`{name}`](../");
        assert!(ARCHITECTURE.contains(&row), "docs/architecture.md has no row for {name}");
    }
}
