//! `GET /`: where to look.

const INDEX: &str = concat!(
    "exp-worker ",
    env!("CARGO_PKG_VERSION"),
    "

GET /api/v1/build-time?for=TARGET   the build-time document of a target
GET /api/v1/run-time?for=TARGET     the run-time document of a target, with its feature flags
GET /api/v1/config?name=KEY         one key
GET /api/health                     what this process has done, as JSON
GET /api/ready                      the same; 503 while no configuration is readable
GET /metrics                        for Prometheus: what was counted, what the process takes, how pushes fare;
                                    OpenMetrics or text 0.0.4, by Accept
GET /live                           a page that shows what is counted, as it happens
GET /snapshot                       all that was counted, as JSON; ?since=SEQUENCE: exactly what was counted since
GET /events                         such a document each second; ?interval=SECONDS
GET /history                        the last minute, hour and day
GET /                               this list
"
);

/// Plain text, the same for everybody.
pub(crate) async fn index() -> &'static str {
    INDEX
}
