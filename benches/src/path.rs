//! Requests to record: a hundred paths of a web service.

use crate::workload::Workload;

const RESOURCES: [&str; 10] = [
    "users",
    "teams",
    "orders",
    "reports",
    "invoices",
    "accounts",
    "sessions",
    "documents",
    "customers",
    "permissions",
];

const ACTIONS: [&str; 10] =
    ["list", "find", "create", "update", "remove", "archive", "restore", "export", "history", "preview"];

/// A path to record requests for.
#[derive(Debug, Clone, Copy)]
pub struct RequestPath {
    /// Its position among the items of [`requests`].
    pub number: usize,
    /// The path, 22 to 31 bytes, 27 on average.
    pub text: &'static str,
}

/// Requests for 100 paths.
///
/// *Cost:* leaks the paths, 2.7 kB, so that peers for which it matters can have them `'static`.
#[must_use]
pub fn requests() -> Workload<RequestPath> {
    let texts = RESOURCES
        .iter()
        .flat_map(|resource| ACTIONS.iter().map(move |action| format!("/api/v1/{resource}/{action}/142")));
    let paths = texts.enumerate().map(|(number, text)| RequestPath { number, text: text.leak() }).collect();
    Workload::new(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_are_a_hundred_distinct_paths_of_22_to_31_bytes_and_27_on_average() {
        let workload = requests();
        let mut texts: Vec<_> = workload.items().iter().map(|path| path.text).collect();
        texts.sort_unstable();
        texts.dedup();
        assert_eq!(texts.len(), 100);
        assert!(texts.iter().all(|text| (22..=31).contains(&text.len())));
        let bytes: usize = texts.iter().map(|text| text.len()).sum();
        assert_eq!((bytes + 50) / 100, 27, "{bytes}");
    }
}
