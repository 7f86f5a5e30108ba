//! The snapshot document that a service sends: what is read of it. `docs/snapshot.schema.json` says what it holds.

use jiff::Timestamp;
use serde::Deserialize;

use crate::label;

/// The version that is read here.
const VERSION: u64 = 1;
/// Entries that a list may have. A service's own limits are far below.
const MOST_ENTRIES: usize = 250_000;
/// Columns of what a parser has to say.
const LONGEST_REMARK: usize = 120;

/// Why a text is no document that can be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum DocumentError {
    #[error(
        "it is a snapshot document of version {found}, and version {VERSION} is read here; remedy: use a newer view"
    )]
    Version { found: String },
    #[error(
        "it is no snapshot document ({problem}); remedy: give the address of a service with the routes of runtime-http"
    )]
    Malformed { problem: String },
    #[error(
        "its list of {what} has {found} entries, and {MOST_ENTRIES} are read at most; remedy: lower the service's series limit"
    )]
    TooMany { what: &'static str, found: usize },
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Document {
    schema_version: u64,
    pub(crate) service: Service,
    /// Documents of older services lack it.
    pub(crate) metrics_namespace: Option<String>,
    pub(crate) process: Process,
    pub(crate) sequence: u64,
    pub(crate) taken_at: Timestamp,
    pub(crate) duration_seconds: f64,
    pub(crate) window: Window,
    pub(crate) requests: Requests,
    pub(crate) deliveries: Deliveries,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Service {
    pub(crate) name: Option<String>,
    pub(crate) namespace: Option<String>,
    pub(crate) version: Option<String>,
    pub(crate) revision: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Process {
    pub(crate) hostname: String,
    pub(crate) process_id: u32,
    pub(crate) instance_id: String,
    pub(crate) parent_instance_id: Option<String>,
    pub(crate) started_at: Timestamp,
    pub(crate) uptime_seconds: f64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Window {
    pub(crate) id: u64,
    pub(crate) opened_by: u64,
    pub(crate) started_at: Timestamp,
    pub(crate) uptime_seconds: f64,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Requests {
    pub(crate) total: u64,
    pub(crate) series: Vec<RequestSeries>,
    pub(crate) overflow: RequestOverflow,
    pub(crate) occupancy: Occupancy,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RequestSeries {
    #[serde(flatten)]
    pub(crate) label: RequestLabel,
    pub(crate) count: u64,
}

/// What requests are counted by.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum RequestLabel {
    Path(String),
    Route(String),
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct RequestOverflow {
    pub(crate) count: u64,
    pub(crate) records: u64,
    pub(crate) rejected_labels: Vec<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Deliveries {
    pub(crate) responses_total: u64,
    pub(crate) values_total: u64,
    pub(crate) callers: Callers,
    pub(crate) series: Vec<DeliverySeries>,
    pub(crate) values: Vec<ValueSeries>,
    pub(crate) last_served_at: Option<Timestamp>,
    pub(crate) overflow: DeliveryOverflow,
    pub(crate) occupancy: Occupancy,
}

/// How callers are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Callers {
    Shown,
    Hashed,
    Dropped,
}

#[derive(Debug, Deserialize)]
pub(crate) struct DeliverySeries {
    pub(crate) endpoint: String,
    pub(crate) target: String,
    pub(crate) caller: Option<String>,
    pub(crate) responses: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ValueSeries {
    pub(crate) endpoint: String,
    pub(crate) target: String,
    pub(crate) caller: Option<String>,
    pub(crate) config_name: String,
    pub(crate) count: u64,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliveryOverflow {
    pub(crate) responses: u64,
    pub(crate) values: u64,
    pub(crate) records: u64,
    /// Absent unless callers are shown: a label may be a caller.
    pub(crate) rejected_labels: Option<Vec<String>>,
}

/// Series in use, of how many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub(crate) struct Occupancy {
    pub(crate) series: u32,
    pub(crate) limit: u32,
}

impl Document {
    pub(crate) fn parse(text: &[u8]) -> Result<Self, DocumentError> {
        let document: Self = serde_json::from_slice(text).map_err(|error| refusal(text, &error))?;
        if document.schema_version != VERSION {
            return Err(DocumentError::Version { found: document.schema_version.to_string() });
        }
        for (what, found) in [
            ("requests", document.requests.series.len()),
            ("deliveries", document.deliveries.series.len()),
            ("values", document.deliveries.values.len()),
            ("rejected paths", document.requests.overflow.rejected_labels.len()),
            ("rejected labels", document.deliveries.overflow.rejected_labels.as_ref().map_or(0, Vec::len)),
        ] {
            if found > MOST_ENTRIES {
                return Err(DocumentError::TooMany { what, found });
            }
        }
        Ok(document)
    }
}

/// A document of another version may have anything in it: that is told before what this version lacks.
fn refusal(text: &[u8], error: &serde_json::Error) -> DocumentError {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Versioned {
        schema_version: u64,
    }
    match serde_json::from_slice::<Versioned>(text) {
        Ok(Versioned { schema_version }) if schema_version != VERSION => {
            DocumentError::Version { found: schema_version.to_string() }
        }
        _ => DocumentError::Malformed { problem: label::quoted(&error.to_string(), LONGEST_REMARK) },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_document_of_the_service_is_read_whole() {
        let document = Document::parse(sample::document().as_bytes()).unwrap();
        assert_eq!(document.requests.total, 12);
        assert_eq!(document.deliveries.values[0].config_name, "Api:Version");
        assert_eq!(document.deliveries.callers, Callers::Shown);
    }

    #[test]
    fn what_is_no_document_of_ours_is_refused_with_cause_and_remedy_and_acts_on_no_terminal() {
        for (text, expected) in [
            ("<html>", "it is no snapshot document (expected value at line 1 column 1); remedy:"),
            ("", "it is no snapshot document (EOF while parsing"),
            (
                r#"{"schemaVersion":2}"#,
                "it is a snapshot document of version 2, and version 1 is read here; remedy:",
            ),
            (r#"{"schemaVersion":1}"#, "it is no snapshot document (missing field `service`"),
        ] {
            let message = Document::parse(text.as_bytes()).unwrap_err().to_string();
            assert!(message.starts_with(expected), "{message}");
        }
        let hostile = sample::document().replace(r#""shown""#, r#""\u001b[2J""#);
        let message = Document::parse(hostile.as_bytes()).unwrap_err().to_string();
        assert!(message.contains("‹U+001B›") && !message.contains('\u{1b}'), "{message}");
    }

    #[test]
    fn a_list_that_is_too_long_is_refused() {
        let series = vec![r#"{"path":"/","count":1}"#; MOST_ENTRIES + 1].join(",");
        let text = sample::document().replacen(r#""series":["#, &format!(r#""series":[{series},"#), 1);
        let message = Document::parse(text.as_bytes()).unwrap_err().to_string();
        assert!(message.contains("its list of requests has 2500"), "{message}");
    }
}
