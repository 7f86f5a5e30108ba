//! Attributes of the resource, as labels of `target_info`.
//!
//! Source: OpenTelemetry specification, "Prometheus and OpenMetrics Compatibility", "Metric Attributes" and "Resource Attributes": characters that no label's
//! name may have become underscores, several of them one; attributes that come to have one name are one label, their values in the order of the attributes'
//! names with semicolons between them.

use std::collections::BTreeMap;

/// The labels that `target_info` always has, or has for options of their own.
const OURS: [&str; 6] = [
    "host_name",
    "process_pid",
    "service_instance_id",
    "service_name",
    "service_namespace",
    "service_version",
];

/// Labels that scrapers put on what they scrape. A server renames those that it finds, and so they have the name here that they come to have there.
const OF_SCRAPERS: [&str; 5] = ["endpoint", "instance", "job", "service", "type"];

/// The labels of attributes, by name. An attribute that comes to have the name of a label of ours is left out: that label says what counts.
pub(crate) fn labels(attributes: &BTreeMap<Box<str>, Box<str>>) -> BTreeMap<Box<str>, Box<str>> {
    let mut labels: BTreeMap<Box<str>, String> = BTreeMap::new();
    for (key, value) in attributes {
        let name = name(key);
        if OURS.contains(&&*name) {
            continue;
        }
        labels
            .entry(name.into_boxed_str())
            .and_modify(|values| {
                values.push(';');
                values.push_str(value);
            })
            .or_insert_with(|| value.to_string());
    }
    labels.into_iter().map(|(name, value)| (name, value.into_boxed_str())).collect()
}

/// The name of an attribute's label.
fn name(key: &str) -> String {
    let mut name = String::with_capacity(key.len());
    if key.starts_with(|first: char| first.is_ascii_digit()) {
        // As Prometheus itself names attributes that it is sent.
        name.push_str("key_");
    }
    for char in key.chars() {
        if char.is_ascii_alphanumeric() {
            name.push(char);
        } else if !name.ends_with('_') {
            name.push('_');
        }
    }
    if OF_SCRAPERS.contains(&&*name) {
        name.insert_str(0, "exported_");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels_of(attributes: &[(&str, &str)]) -> Vec<(String, String)> {
        let attributes = attributes.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
        labels(&attributes).into_iter().map(|(name, value)| (name.into(), value.into())).collect()
    }

    #[test]
    fn characters_that_no_label_has_become_one_underscore() {
        for (key, label) in [
            ("deployment.environment.name", "deployment_environment_name"),
            ("a..b-_c", "a_b_c"),
            ("__x", "_x"),
            ("é", "_"),
            ("3d", "key_3d"),
            ("job", "exported_job"),
            ("service", "exported_service"),
        ] {
            assert_eq!(labels_of(&[(key, "v")]), [(label.to_owned(), "v".to_owned())]);
        }
    }

    #[test]
    fn attributes_of_one_name_are_one_label_and_those_of_ours_none() {
        assert_eq!(
            labels_of(&[("a_b", "3"), ("a.b", "2"), ("a-b", "1"), ("service_name", "x"), ("host-name", "y")]),
            [("a_b".to_owned(), "1;2;3".to_owned())]
        );
    }
}
