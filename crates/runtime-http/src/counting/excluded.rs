//! Paths that are not counted.

/// Paths and labels, sorted.
#[derive(Debug, Clone, Default)]
pub(super) struct Excluded(Box<[Box<str>]>);

impl Excluded {
    pub(super) fn and<T: Into<Box<str>>>(self, more: impl IntoIterator<Item = T>) -> Self {
        let mut all: Vec<Box<str>> = self.0.into_iter().chain(more.into_iter().map(Into::into)).collect();
        all.sort_unstable();
        all.dedup();
        Self(all.into())
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn contains(&self, text: &str) -> bool {
        self.0.binary_search_by(|excluded| (**excluded).cmp(text)).is_ok()
    }
}
