//! The header `X-Exp-Target`: the target in whose name a caller asks.

use http::HeaderMap;

const TARGET_HEADER: &str = "x-exp-target";

/// What a request says about the target it asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope<'r> {
    /// No header: any resource may be asked for.
    Any,
    /// The header names this; only a resource of this target may be asked for. Compared exactly.
    Target(&'r str),
    /// The header is there twice or is not ASCII: no resource belongs to that.
    Nothing,
}

impl<'r> Scope<'r> {
    pub(crate) fn of(headers: &'r HeaderMap) -> Self {
        let mut sent = headers.get_all(TARGET_HEADER).iter();
        match (sent.next(), sent.next()) {
            (None, _) => Self::Any,
            (Some(only), None) => only.to_str().map_or(Self::Nothing, Self::Target),
            (Some(_), Some(_)) => Self::Nothing,
        }
    }

    /// Whether a resource may be asked for, given whether it belongs to a target of some name.
    pub(crate) fn admits(self, belongs_to: impl FnOnce(&str) -> bool) -> bool {
        match self {
            Self::Any => true,
            Self::Target(name) => belongs_to(name),
            Self::Nothing => false,
        }
    }
}
