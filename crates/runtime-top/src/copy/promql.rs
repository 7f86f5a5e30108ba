//! What a table shows, as a question to a Prometheus server that scrapes the service. The live page copies the same.

use jiff::Timestamp;

use super::{Clip, CopyError, Which};
use crate::document::Callers;
use crate::family::Key;
use crate::moments::Since;
use crate::pivot::{Dimension, PivotView};
use crate::scene::Scene;
use crate::snapshot::{FamilyName, RequestsBy};
use crate::table::Table;

/// At least four scrapes, at the usual intervals.
const RANGE: &str = "5m";
/// What is over a limit has no label of its family, which is to Prometheus the same as an empty one.
const LABELLED: &str = r#"otel_metric_overflow="""#;
const OVERFLOW: &str = r#"otel_metric_overflow="true""#;

/// # Errors
///
/// [`CopyError::NoNamespace`].
pub(super) fn table(table: &Table, scene: &Scene<'_>) -> Result<Clip, CopyError> {
    let keys = table.keys(scene);
    let selected = table.selection.place(keys.iter().copied()).map(|place| keys[place]);
    let which = Which::of(selected, &table.filter);
    let text = Questions::of(scene, None)?.rates(table.family(), which);
    Ok(Clip::of_question(text, which))
}

/// # Errors
///
/// [`CopyError::NoNamespace`], or [`CopyError::Unknown`] if there is nothing to count from.
pub(super) fn pivot(view: &PivotView, scene: &Scene<'_>) -> Result<Clip, CopyError> {
    let pivot = view.pivot(scene);
    if !pivot.is_known {
        return Err(CopyError::Unknown);
    }
    let [rows_by, columns_by, third] = view.axes();
    let selected = view.selection.place(pivot.rows.iter().map(|row| &row.label));
    let selected = selected.and_then(|place| pivot.rows[place].label.clone()).map(Key::Label);
    let which = Which::of(selected.as_ref(), &view.filter);
    let is_hidden = rows_by == Dimension::Caller && scene.snapshot.callers == Callers::Dropped;
    let only = view.only().and_then(Option::as_deref).map(|only| (third, only));
    let text = Questions::of(scene, view.since(scene))?.pivot(
        [rows_by, columns_by],
        if is_hidden { Which::All } else { which },
        only,
        view.counts_values,
    );
    Ok(Clip::of_question(text, which))
}

/// Questions about one process: what rates its series have; or, of two moments, what was between them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Questions<'a> {
    namespace: &'a str,
    instance_id: &'a str,
    taken_at: Timestamp,
    requests_by: Option<RequestsBy>,
    since: Option<&'a Since>,
}

impl<'a> Questions<'a> {
    pub(super) fn of(scene: &Scene<'a>, since: Option<&'a Since>) -> Result<Self, CopyError> {
        let snapshot = scene.snapshot;
        Ok(Self {
            namespace: snapshot.metrics_namespace.as_deref().ok_or(CopyError::NoNamespace)?,
            instance_id: &snapshot.process.instance_id,
            taken_at: snapshot.taken_at,
            requests_by: scene.requests_by,
            since,
        })
    }

    /// Of one family, by its label.
    pub(super) fn rates(&self, family: FamilyName, which: Which<'_>) -> String {
        let (metric, labels) = self.series(family);
        let selector = |label: &&str| {
            let matcher = matcher(label, which).map_or_else(String::new, |matcher| format!("{{{matcher}}}"));
            format!("{}_{metric}{matcher}", self.namespace)
        };
        let mut selectors: Vec<_> = labels.iter().map(selector).collect();
        selectors.dedup();
        let series: Vec<_> = selectors.iter().map(|selector| self.over(selector)).collect();
        let series = match &series[..] {
            [series] => series.clone(),
            several => format!("({})", several.join(" or ")),
        };
        let by = match which {
            Which::One(Key::Overflow) => String::new(),
            _ => format!(" by ({})", labels.join(", ")),
        };
        format!("sum{by} ({series} {})", self.only_this())
    }

    /// By two labels of a delivery, narrowed to one of the third. What is over a limit is in no cell.
    pub(super) fn pivot(
        &self,
        axes: [Dimension; 2],
        which: Which<'_>,
        only: Option<(Dimension, &str)>,
        counts_values: bool,
    ) -> String {
        let metric = metric(if counts_values { FamilyName::Names } else { FamilyName::Targets });
        let [rows, columns] = axes.map(label_of);
        let narrowed = only.map(|(third, only)| format!("{}={}", label_of(third), quoted(only)));
        let row = match which {
            Which::One(Key::Label(label)) => Some(format!("{rows}={}", quoted(label))),
            which => matcher(rows, which),
        };
        let matchers: Vec<_> = [narrowed, row, Some(LABELLED.to_owned())].into_iter().flatten().collect();
        let selector = format!("{}_{metric}{{{}}}", self.namespace, matchers.join(","));
        format!("sum by ({rows}, {columns}) ({} {})", self.over(&selector), self.only_this())
    }

    /// The metric of a family, and its label; each that it may be, as long as no request was seen: of a label that is not there,
    /// Prometheus makes an empty one.
    fn series(&self, family: FamilyName) -> (&'static str, Vec<&'static str>) {
        let labels = match (family, self.requests_by) {
            (FamilyName::Paths, Some(RequestsBy::Path)) => vec!["url_path"],
            (FamilyName::Paths, Some(RequestsBy::Route)) => vec!["http_route"],
            (FamilyName::Paths, None) => vec!["url_path", "http_route"],
            (FamilyName::Endpoints, _) => vec![label_of(Dimension::Endpoint)],
            (FamilyName::Targets, _) => vec![label_of(Dimension::Target)],
            (FamilyName::Callers, _) => vec![label_of(Dimension::Caller)],
            (FamilyName::Names, _) => vec!["config_name"],
        };
        (metric(family), labels)
    }

    fn over(&self, selector: &str) -> String {
        let Some(since) = self.since else { return format!("rate({selector}[{RANGE}])") };
        let end = format!("{selector} {}", at(self.taken_at));
        if since.from_window_start {
            return format!("({end})"); // counters begin with the window
        }
        format!("({end} - ({selector} {} or {end} * 0))", at(since.snapshot.taken_at))
    }

    /// Series of this process alone, wherever else the service runs.
    fn only_this(&self) -> String {
        let when = self.since.map_or_else(String::new, |_| format!(" {}", at(self.taken_at)));
        let instance_id = quoted(self.instance_id);
        format!("and on (job, instance) target_info{{service_instance_id={instance_id}}}{when}")
    }
}

/// Without the namespace.
fn metric(family: FamilyName) -> &'static str {
    match family {
        FamilyName::Paths => "http_requests_total",
        FamilyName::Endpoints | FamilyName::Targets | FamilyName::Callers => "config_deliveries_total",
        FamilyName::Names => "config_values_served_total",
    }
}

fn label_of(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Endpoint => "config_endpoint",
        Dimension::Target => "config_target",
        Dimension::Caller => "caller",
    }
}

/// None: all series.
fn matcher(label: &str, which: Which<'_>) -> Option<String> {
    match which {
        Which::All => None,
        Which::One(Key::Overflow) => Some(OVERFLOW.to_owned()),
        Which::One(Key::Label(text)) if text.is_empty() => Some(format!(r#"{label}="",{LABELLED}"#)),
        Which::One(Key::Label(text)) => Some(format!("{label}={}", quoted(text))),
        Which::Matching(text) => {
            Some(format!("{label}=~{}", quoted(&format!("(?i).*{}.*", escaped_for_regex(text)))))
        }
    }
}

/// In seconds, to the millisecond: Prometheus has no finer times.
fn at(taken: Timestamp) -> String {
    format!("@ {:.3}", taken.as_millisecond() as f64 / 1e3)
}

/// A text of PromQL. Control characters are written as escapes: none acts where the question is pasted.
fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '\\' => quoted.push_str(r"\\"),
            '"' => quoted.push_str(r#"\""#),
            '\n' => quoted.push_str(r"\n"),
            control if control.is_control() => quoted.push_str(&format!(r"\u{:04x}", u32::from(control))),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

fn escaped_for_regex(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\.+*?()|[]{}^$".contains(character) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests;
