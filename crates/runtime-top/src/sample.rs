//! Documents for tests.

use std::time::{Duration, Instant};

use jiff::{SignedDuration, Timestamp};

use crate::clock::Moment;
use crate::snapshot::Snapshot;

pub(crate) const INSTANCE: &str = "0193a6c0-5e3f-7a41-9c7e-2f1f0a1b2c3d";

/// A document, of the given cut of a window: 12 requests, 6 responses, 17 values.
pub(crate) fn document() -> String {
    r#"{"schemaVersion":1,"service":{"name":"exp-worker","version":"0.1.0"},"metricsNamespace":"exp",
"process":{"hostname":"host","processId":4711,"instanceId":"0193a6c0-5e3f-7a41-9c7e-2f1f0a1b2c3d","parentInstanceId":null,
"startedAt":"2026-11-30T12:00:00.000000+00:00","uptimeSeconds":123.5},
"sequence":7,"takenAt":"2026-11-30T12:02:03.500000+00:00","durationSeconds":0.000043,
"window":{"id":1,"openedBy":0,"startedAt":"2026-11-30T12:00:00.000000+00:00","uptimeSeconds":123.5},
"requests":{"total":12,"series":[{"path":"/api/health","count":3},{"path":"/api/v1/run-time","count":6},{"path":"/metrics","count":2}],
"overflow":{"count":1,"records":1,"rejectedLabels":["/long\u001b[31m"]},"occupancy":{"series":3,"limit":10000}},
"deliveries":{"responsesTotal":6,"valuesTotal":17,"callers":"shown","series":[
{"endpoint":"run-time","target":"api","caller":"local:api","responses":4},{"endpoint":"build-time","target":"api","caller":"local:api","responses":1}],
"values":[{"endpoint":"run-time","target":"api","caller":"local:api","configName":"Api:Version","count":4},
{"endpoint":"run-time","target":"api","caller":"local:api","configName":"Auth:JWT:Issuer","count":8},
{"endpoint":"build-time","target":"api","caller":"local:api","configName":"Api:Version","count":3}],
"lastServedAt":"2026-11-30T12:02:01.000000+00:00",
"overflow":{"responses":1,"values":2,"records":1,"rejectedLabels":["somebody"]},"occupancy":{"series":2,"limit":10000}}}"#
        .replace('\n', "")
}

pub(crate) fn snapshot() -> Snapshot {
    Snapshot::parse(document().as_bytes(), at(0.0)).unwrap()
}

/// So many seconds after the sample was received. Both clocks go on alike.
pub(crate) fn at(seconds: f64) -> Moment {
    static BEGAN: std::sync::LazyLock<Instant> = std::sync::LazyLock::new(Instant::now);
    let wall: Timestamp = "2026-11-30T12:02:03.600000+00:00".parse().unwrap();
    Moment {
        monotonic: *BEGAN + Duration::from_secs_f64(3_600.0 + seconds),
        wall: wall + SignedDuration::from_secs_f64(seconds),
    }
}

/// A cut so many seconds after the sample, with these counts of requests.
#[derive(Debug, Clone)]
pub(crate) struct Cut {
    pub(crate) seconds: f64,
    pub(crate) instance: &'static str,
    pub(crate) window: u64,
    pub(crate) window_seconds: f64,
    pub(crate) paths: Vec<(String, u64)>,
}

impl Cut {
    pub(crate) fn new(seconds: f64, paths: &[(&str, u64)]) -> Self {
        let paths = paths.iter().map(|&(path, count)| (path.to_owned(), count)).collect();
        Self { seconds, instance: INSTANCE, window: 1, window_seconds: 123.5 + seconds, paths }
    }

    /// Of a window that began so many seconds ago.
    pub(crate) fn in_window(mut self, id: u64, seconds: f64) -> Self {
        (self.window, self.window_seconds) = (id, seconds);
        self
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        let series = self.paths.iter().map(|(path, count)| {
            format!(r#"{{"path":{},"count":{count}}}"#, serde_json::to_string(path).unwrap())
        });
        let series = series.collect::<Vec<_>>().join(",");
        let total: u64 = self.paths.iter().map(|(_, count)| count).sum();
        let sequence = 7 + self.seconds as u64;
        let taken_at: Timestamp = "2026-11-30T12:02:03.500000+00:00".parse().unwrap();
        let taken_at = taken_at + SignedDuration::from_secs_f64(self.seconds);
        let uptime = 123.5 + self.seconds;
        let opened_by = if self.window == 1 { 0 } else { sequence - 1 };
        let text = format!(
            r#"{{"schemaVersion":1,"service":{{"name":"exp-worker"}},"metricsNamespace":"exp","process":{{"hostname":"host","processId":4711,
"instanceId":"{}","parentInstanceId":null,"startedAt":"2026-11-30T12:00:00.000000+00:00","uptimeSeconds":{uptime}}},
"sequence":{sequence},"takenAt":"{taken_at}","durationSeconds":0.0001,
"window":{{"id":{},"openedBy":{opened_by},"startedAt":"2026-11-30T12:00:00.000000+00:00","uptimeSeconds":{}}},
"requests":{{"total":{total},"series":[{series}],"overflow":{{"count":0,"records":0,"rejectedLabels":[]}},"occupancy":{{"series":1,"limit":10000}}}},
"deliveries":{{"responsesTotal":0,"valuesTotal":0,"callers":"shown","series":[],"values":[],"lastServedAt":null,
"overflow":{{"responses":0,"values":0,"records":0,"rejectedLabels":[]}},"occupancy":{{"series":0,"limit":10000}}}}}}"#,
            self.instance, self.window, self.window_seconds
        );
        Snapshot::parse(text.as_bytes(), at(self.seconds)).unwrap()
    }
}
