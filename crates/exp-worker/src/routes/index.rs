//! `GET /`: where to look.

const INDEX: &str = concat!(
    "exp-worker ",
    env!("CARGO_PKG_VERSION"),
    "

GET /api/v1/build-time?for=TARGET   the build-time document of a target
GET /api/v1/run-time?for=TARGET     the run-time document of a target, with its feature flags
GET /api/v1/config?name=KEY         one key
GET /api/health                     what this process has done
GET /api/ready                      the same; 503 while no configuration is readable
GET /metrics                        the counters as Prometheus text
"
);

/// Plain text, the same for everybody.
pub(crate) async fn index() -> &'static str {
    INDEX
}
