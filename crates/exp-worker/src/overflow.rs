//! Overflow, told to the operator once.

use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

use runtime_metrics::{OVERFLOW_LABEL, Snapshot};

use crate::summary::counted;

/// Remembers which windows' overflow was told. Nothing is told per request: only cuts are looked at.
#[derive(Debug, Default)]
pub(crate) struct OverflowNotice {
    told: Mutex<Told>,
}

/// The last cut that was told of, for each family.
#[derive(Debug, Default)]
struct Told {
    requests: Option<Cut>,
    deliveries: Option<Cut>,
}

#[derive(Debug, Clone, Copy)]
struct Cut {
    sequence: u64,
    window: SystemTime,
}

impl OverflowNotice {
    /// What this cut shows that was not told of its window yet: at most one line for each family.
    ///
    /// Rejected paths are quoted with everything unprintable escaped; rejected labels of deliveries may be
    /// callers, and are not quoted. Takes a short lock among those who observe, never one of a recorder.
    pub(crate) fn news(&self, snapshot: &Snapshot) -> Vec<String> {
        let requests = snapshot.requests().overflow();
        let deliveries = snapshot.served_config().overflow();
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        let mut news = Vec::new();
        if requests.records() > 0 && is_new(&mut told.requests, snapshot) {
            let labels: Vec<String> = requests.rejected_labels().map(|label| format!("{label:?}")).collect();
            news.push(format!(
                "{} counted under {OVERFLOW_LABEL} so far, over a limit of the labels; first rejected: {}; \
                 remedy: find out who asks for these paths (totals stay exact)",
                counted(requests.records(), "request"),
                labels.join(", "),
            ));
        }
        if deliveries.records() > 0 && is_new(&mut told.deliveries, snapshot) {
            news.push(format!(
                "{} counted under {OVERFLOW_LABEL} so far, over a limit of the labels; remedy: find out who \
                 sends so many or such long callers (totals stay exact)",
                counted(deliveries.records(), "configuration response"),
            ));
        }
        news
    }
}

/// Whether the window of this cut was not told of yet; it then is. Cuts may come here out of order: one that is
/// older than the last is of no window that has not had its turn.
fn is_new(told: &mut Option<Cut>, snapshot: &Snapshot) -> bool {
    let cut = Cut { sequence: snapshot.sequence(), window: snapshot.window_started_at() };
    let is_new = told.is_none_or(|last| cut.sequence > last.sequence && cut.window != last.window);
    if is_new {
        *told = Some(cut);
    }
    is_new
}

#[cfg(test)]
mod tests {
    use runtime_metrics::Metrics;

    use super::*;

    fn narrow() -> Metrics {
        Metrics::builder().request_series_limit(1).delivery_series_limit(1).build().unwrap()
    }

    #[test]
    fn without_overflow_there_is_no_news() {
        let metrics = narrow();
        metrics.record_request("/");
        assert!(OverflowNotice::default().news(&metrics.snapshot()).is_empty());
    }

    #[test]
    fn overflow_is_told_once_for_each_window_and_family() {
        let (metrics, notice) = (narrow(), OverflowNotice::default());
        for _window in 0..3 {
            for path in ["/a", "/b", "/c\n\u{202e}"] {
                metrics.record_request(path);
            }
            let first = metrics.snapshot();
            let lines = notice.news(&first);
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(lines[0].starts_with("2 requests counted under __overflow__ "), "{lines:?}");
            assert!(lines[0].contains(r#""/b", "/c\n\u{202e}""#), "{lines:?}");

            for caller in ["HUSH-a", "HUSH-b"] {
                metrics.record_config_delivery("config", "api", &["A"], caller);
            }
            let lines = notice.news(&metrics.snapshot());
            assert_eq!(lines.len(), 1, "{lines:?}");
            assert!(lines[0].contains(" counted under __overflow__ "), "{lines:?}");
            assert!(!lines[0].contains("HUSH"), "{lines:?}");

            metrics.record_request("/d");
            assert!(notice.news(&metrics.snapshot()).is_empty());
            assert!(notice.news(&first).is_empty());
            metrics.reset();
        }
    }
}
