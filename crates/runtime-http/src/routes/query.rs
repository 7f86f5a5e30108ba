//! Queries.

use std::ops::RangeInclusive;

use thiserror::Error;
use uuid::Uuid;

/// What a client of `/events` may ask to wait between two snapshots, in seconds.
pub(super) const INTERVALS: RangeInclusive<u64> = 1..=60;

/// Why a query is not understood.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub(super) enum QueryError {
    #[error("{name} is given twice; remedy: give it once")]
    Twice { name: &'static str },
    #[error(
        "since is not the number of a snapshot; remedy: give the `sequence` of a snapshot that /snapshot or /events gave"
    )]
    Since,
    #[error(
        "instance is not an instance ID; remedy: give the `instanceId` of a snapshot that /snapshot or /events gave"
    )]
    Instance,
    #[error(
        "instance says whose snapshot `since` is, which is not given; remedy: give both, or `since` alone"
    )]
    InstanceAlone,
    #[error("interval is not a number of seconds from {} to {}; remedy: give one, or none for 1", INTERVALS.start(), INTERVALS.end())]
    Interval,
}

/// The snapshot that a difference is asked for since.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Since {
    pub(super) sequence: u64,
    /// Of the process life whose snapshot it is, if the client is careful.
    pub(super) instance: Option<Uuid>,
}

/// `?since=SEQUENCE&instance=ID`. Parameters of other names are not looked at.
pub(super) fn since(query: Option<&str>) -> Result<Option<Since>, QueryError> {
    let sequence = only(query, "since")?.map(|text| decimal(&text).ok_or(QueryError::Since)).transpose()?;
    let instance = only(query, "instance")?
        .map(|text| text.parse::<Uuid>().map_err(|_| QueryError::Instance))
        .transpose()?;
    match (sequence, instance) {
        (Some(sequence), instance) => Ok(Some(Since { sequence, instance })),
        (None, Some(_)) => Err(QueryError::InstanceAlone),
        (None, None) => Ok(None),
    }
}

/// `?interval=SECONDS`. Parameters of other names are not looked at.
pub(super) fn interval(query: Option<&str>) -> Result<u64, QueryError> {
    only(query, "interval")?.map_or(Ok(*INTERVALS.start()), |text| {
        decimal(&text).filter(|seconds| INTERVALS.contains(seconds)).ok_or(QueryError::Interval)
    })
}

fn only(query: Option<&str>, name: &'static str) -> Result<Option<String>, QueryError> {
    let parameters = form_urlencoded::parse(query.unwrap_or_default().as_bytes());
    let mut values = parameters.filter(|(found, _)| found == name).map(|(_, value)| value.into_owned());
    let value = values.next();
    if values.next().is_some() { Err(QueryError::Twice { name }) } else { Ok(value) }
}

/// Digits alone: no sign, no white space.
fn decimal(text: &str) -> Option<u64> {
    text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_snapshot_is_named_by_its_number_and_if_asked_by_its_process_life() {
        let id = "018f4c9e-6f0a-7000-8000-00000000002a";
        let instance = id.parse().ok();
        for (query, expected) in [
            ("", Ok(None)),
            ("other=1&other=2", Ok(None)),
            ("since=17", Ok(Some(Since { sequence: 17, instance: None }))),
            (&format!("instance={id}&since=0"), Ok(Some(Since { sequence: 0, instance }))),
            ("since=%31", Ok(Some(Since { sequence: 1, instance: None }))),
            ("since=", Err(QueryError::Since)),
            ("since=-1", Err(QueryError::Since)),
            ("since=+1", Err(QueryError::Since)),
            ("since=18446744073709551616", Err(QueryError::Since)),
            ("since=1&since=1", Err(QueryError::Twice { name: "since" })),
            ("since=1&instance=me", Err(QueryError::Instance)),
            (&format!("instance={id}"), Err(QueryError::InstanceAlone)),
        ] {
            assert_eq!(since(Some(query)), expected, "{query}");
        }
        assert_eq!(since(None), Ok(None));
    }

    #[test]
    fn an_interval_is_a_number_of_seconds_within_bounds() {
        for (query, expected) in [
            ("", Ok(1)),
            ("interval=1", Ok(1)),
            ("interval=60", Ok(60)),
            ("interval=0", Err(QueryError::Interval)),
            ("interval=61", Err(QueryError::Interval)),
            ("interval=0.5", Err(QueryError::Interval)),
            ("interval=1&interval=2", Err(QueryError::Twice { name: "interval" })),
        ] {
            assert_eq!(interval(Some(query)), expected, "{query}");
        }
    }
}
