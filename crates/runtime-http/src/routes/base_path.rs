//! What the paths of the routes begin with.

use super::error::RoutesError;

/// Empty, or a path without a slash at its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct BasePath(String);

impl BasePath {
    pub(super) fn parse(text: String) -> Result<Self, RoutesError> {
        let is_name = |name: &str| {
            !name.is_empty()
                && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte))
        };
        if text.is_empty() || text == "/" {
            return Ok(Self::default());
        }
        // `.` and `..` are resolved by clients, so that nothing below them would be found.
        let is_path = text
            .strip_prefix('/')
            .is_some_and(|names| names.split('/').all(|name| is_name(name) && name != "." && name != ".."));
        if is_path { Ok(Self(text)) } else { Err(RoutesError::BasePath { base_path: text }) }
    }

    /// The path of a route.
    pub(super) fn with(&self, route: &str) -> String {
        format!("{}{route}", self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_path_begins_with_a_slash_and_ends_without_one() {
        for (text, route) in [
            ("", "/metrics"),
            ("/", "/metrics"),
            ("/internal", "/internal/metrics"),
            ("/a/b-1", "/a/b-1/metrics"),
        ] {
            assert_eq!(BasePath::parse(text.to_owned()).unwrap().with("/metrics"), route);
        }
        for text in ["internal", "/internal/", "//", "/a//b", "/{id}", "/a b", "/a?b", "/..", "/é"] {
            assert_eq!(
                BasePath::parse(text.to_owned()),
                Err(RoutesError::BasePath { base_path: text.to_owned() }),
                "{text}"
            );
        }
    }
}
