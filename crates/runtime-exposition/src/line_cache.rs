//! What was rendered last, kept for the next page.

use std::sync::Arc;

use arc_swap::ArcSwapOption;

use crate::lines::Lines;

/// The lines of the table that was shown last. A page of another table renders its own and leaves them here. Threads that render
/// one table at once do so side by side.
#[derive(Debug)]
pub(crate) struct LineCache<T>(ArcSwapOption<Rendered<T>>);

#[derive(Debug)]
struct Rendered<T> {
    table: T,
    lines: Arc<Lines>,
}

impl<T> Default for LineCache<T> {
    fn default() -> Self {
        Self(ArcSwapOption::empty())
    }
}

impl<T: Clone> LineCache<T> {
    /// The lines of `table`, which `render` makes if it is not the one that was shown last; `is` tells.
    pub(crate) fn get(
        &self,
        table: &T,
        is: impl FnOnce(&T, &T) -> bool,
        render: impl FnOnce(&T) -> Lines,
    ) -> Arc<Lines> {
        if let Some(last) = &*self.0.load()
            && is(&last.table, table)
        {
            return Arc::clone(&last.lines);
        }
        let lines = Arc::new(render(table));
        self.0.store(Some(Arc::new(Rendered { table: table.clone(), lines: Arc::clone(&lines) })));
        lines
    }
}

#[cfg(test)]
mod tests {
    use runtime_metrics::{Metrics, RequestTable};

    use super::*;
    use crate::request::RequestLabel;

    #[test]
    fn lines_are_rendered_once_for_all_snapshots_of_one_table() {
        let metrics = Metrics::new();
        let cache = LineCache::default();
        let mut rendered = 0;
        let mut read = || {
            let table = metrics.snapshot().requests().table().clone();
            let lines = cache.get(&table, RequestTable::is_same, |table| {
                rendered += 1;
                Lines::of_requests("a_total", RequestLabel::Path, table)
            });
            (lines.len(), rendered)
        };
        metrics.record_request("/");
        assert_eq!(read(), (2, 1), "one path, and the overflow");
        metrics.record_request("/");
        assert_eq!(read(), (2, 1));
        metrics.record_request("/new");
        assert_eq!(read(), (3, 2));
        metrics.reset();
        assert_eq!(read(), (1, 3));
    }
}
