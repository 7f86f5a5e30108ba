//! Requests to record: paths of a web service.

use rand_distr::ZipfError;

use crate::workload::{Popularity, Workload};

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
    /// The path, 22 to 32 bytes, 27 on average.
    pub text: &'static str,
}

impl RequestPath {
    /// The path with this number.
    ///
    /// *Cost:* leaks the text, so that peers for which it matters can have it `'static`.
    #[must_use]
    pub fn new(number: usize) -> Self {
        let (resource, action) = (RESOURCES[number / 10 % 10], ACTIONS[number % 10]);
        Self { number, text: format!("/api/v1/{resource}/{action}/{}", 142 + number / 100).leak() }
    }

    /// The same filled up to so many bytes, if it is shorter.
    ///
    /// *Cost:* as [`RequestPath::new`].
    #[must_use]
    pub fn of_bytes(number: usize, bytes: usize) -> Self {
        let Self { number, text } = Self::new(number);
        Self { number, text: format!("{text:/<bytes$}").leak() }
    }
}

/// Requests for so many distinct paths.
///
/// # Errors
///
/// If there are none.
pub fn requests(series: usize, popularity: Popularity) -> Result<Workload<RequestPath>, ZipfError> {
    Workload::new((0..series).map(RequestPath::new).collect(), popularity)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_filled_up_but_never_cut() {
        assert_eq!(RequestPath::of_bytes(0, 24).text, "/api/v1/users/list/142//");
        assert_eq!(RequestPath::of_bytes(7, 3).text, RequestPath::new(7).text);
    }

    #[test]
    fn there_are_as_many_distinct_paths_as_asked_for_of_27_bytes_on_average() {
        for series in [100, 10_000] {
            let workload = requests(series, Popularity::Uniform).unwrap();
            let mut texts: Vec<_> = workload.items().iter().map(|path| path.text).collect();
            texts.sort_unstable();
            texts.dedup();
            assert_eq!(texts.len(), series);
            assert!(texts.iter().all(|text| (22..=32).contains(&text.len())));
            let bytes: usize = texts.iter().map(|text| text.len()).sum();
            assert_eq!((bytes + series / 2) / series, 27, "{bytes}");
        }
    }
}
