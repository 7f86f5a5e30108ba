//! Few labels, so that threads meet over them and the limits are reached within a few records.

use runtime_metrics::OVERFLOW_LABEL;

/// One byte longer than the longest limit that is not the default one.
const LONG: &str = "thirteen-byte";

/// As callers write it, and as it is counted while it is within the limits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Label {
    pub(crate) raw: &'static str,
    pub(crate) counted: &'static str,
}

impl Label {
    const fn plain(text: &'static str) -> Self {
        Self { raw: text, counted: text }
    }

    const fn spelled(raw: &'static str, counted: &'static str) -> Self {
        Self { raw, counted }
    }

    /// Whether it is counted under the overflow label however much room there is.
    pub(crate) fn always_overflows(self, label_bytes: usize) -> bool {
        self.counted.len() > label_bytes || self.counted == OVERFLOW_LABEL
    }
}

pub(crate) const PATHS: [Label; 6] = [
    Label::plain("/"),
    Label::plain("/a"),
    Label::plain("/b"),
    Label::plain(""),
    Label::plain(LONG),
    Label::plain(OVERFLOW_LABEL),
];

pub(crate) const ENDPOINTS: [Label; 2] = [Label::plain("run-time"), Label::spelled("Config", "config")];

pub(crate) const TARGETS: [Label; 3] =
    [Label::spelled(" API\t", "api"), Label::plain("web"), Label::plain(LONG)];

pub(crate) const NAMES: [Label; 2] = [Label::plain("A"), Label::plain(LONG)];

pub(crate) const CALLERS: [Label; 6] = [
    Label::plain("local:api"),
    Label::plain("me"),
    Label::spelled("\u{1f}ME\u{3000}", "me"),
    Label::spelled("ΌΣ", "ός"),
    Label::plain(LONG),
    Label::plain(OVERFLOW_LABEL),
];
