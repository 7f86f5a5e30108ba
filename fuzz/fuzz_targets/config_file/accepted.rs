//! A text that is a configuration.

use std::cell::LazyCell;

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use exp_worker::app::App;
use exp_worker::configuration::Configuration;
use exp_worker::document::DocumentKind;
use exp_worker::limits::Limits;
use exp_worker::router::router;
use http_body_util::BodyExt as _;
use runtime_metrics::Metrics;
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use tower::ServiceExt as _;

use crate::entries::Entries;
use crate::written::written;

/// The first few targets and keys are asked for.
const ASKED: usize = 8;

/// The file as any JSON parser reads it.
#[derive(Debug, Deserialize)]
struct File {
    targets: Entries<Target>,
    values: Entries<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Target {
    build_time: Lists,
    run_time: Lists,
    feature_flags: Entries<bool>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Lists {
    required: Vec<String>,
    optional: Vec<String>,
}

/// A worker that serves the configuration, without connections.
struct Worker {
    app: App,
    router: Router,
    /// Answers that were deliveries, and the values in them.
    delivered: (u64, u64),
}

/// Fails unless the configuration is what the text says, and a worker hands it out so.
pub(crate) fn check(text: &[u8], configuration: Configuration) {
    let file: File = serde_json::from_slice(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text)).unwrap();
    assert_eq!(configuration.targets().len(), file.targets.0.len());
    assert_eq!(configuration.key_count(), file.values.0.len());

    let keys = || file.values.0.iter().map(|(key, _)| key.as_str());
    let copy = written(&configuration, keys());
    let again = Configuration::parse(copy.to_string().as_bytes()).unwrap();
    assert_eq!(written(&again, keys()), copy, "written and read again");

    let mut worker = Worker::new(configuration);
    for (name, target) in file.targets.0.iter().take(ASKED) {
        for kind in DocumentKind::ALL {
            worker.check_document(&file, kind, name, target);
        }
    }
    for (key, value) in file.values.0.iter().take(ASKED) {
        let (status, body) = worker.ask(&format!("/api/v1/config?name={key}"));
        let body: Value = serde_json::from_slice(&body).unwrap();
        assert_eq!((status, body), (200, json!({ "name": key, "value": value })));
        worker.count(1);
    }
    let snapshot = worker.app.metrics().snapshot();
    let served = snapshot.served_config();
    assert_eq!((served.responses_total(), served.values_total()), worker.delivered);
}

impl Worker {
    fn new(configuration: Configuration) -> Self {
        let app = App::builder(Metrics::new()).build().unwrap();
        app.install(configuration);
        Self { router: router(app.clone(), &Limits::default()), app, delivered: (0, 0) }
    }

    fn check_document(&mut self, file: &File, kind: DocumentKind, name: &str, target: &Target) {
        #[derive(Debug, Deserialize)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        struct Document {
            target: String,
            values: Entries<String>,
            feature_flags: Option<Entries<bool>>,
        }
        let lists = match kind {
            DocumentKind::BuildTime => &target.build_time,
            DocumentKind::RunTime => &target.run_time,
        };
        let entry = |key: &&String| file.values.0.iter().find(|(name, _)| name == *key).cloned();
        let missing: Vec<&str> =
            lists.required.iter().filter(|key| entry(key).is_none()).map(String::as_str).collect();
        let (status, body) = self.ask(&format!("/api/v1/{}?for={name}", kind.endpoint()));
        if missing.is_empty() {
            assert_eq!(status, 200);
            let document: Document = serde_json::from_slice(&body).unwrap();
            let values: Vec<_> =
                lists.required.iter().chain(&lists.optional).filter_map(|key| entry(&key)).collect();
            assert_eq!((document.target.as_str(), &document.values.0), (name, &values));
            let mut flags = target.feature_flags.clone();
            flags.0.sort();
            assert_eq!(document.feature_flags, (kind == DocumentKind::RunTime).then_some(flags));
            self.count(values.len() as u64);
        } else {
            assert_eq!(status, 500);
            let body: Value = serde_json::from_slice(&body).unwrap();
            let keys = if missing.len() == 1 { "key" } else { "keys" };
            let cause = format!("lacks the required {keys} {};", missing.join(", "));
            assert!(body["error"].as_str().is_some_and(|error| error.contains(&cause)), "{cause}: {body}");
        }
    }

    fn ask(&self, uri: &str) -> (u16, Vec<u8>) {
        thread_local! {
            static RUNTIME: LazyCell<Runtime> =
                LazyCell::new(|| tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap());
        }
        let request = Request::builder().uri(uri).header("Host", "t").body(Body::empty()).unwrap();
        RUNTIME.with(|runtime| {
            runtime.block_on(async {
                let Ok(answer) = self.router.clone().oneshot(request).await;
                let status = answer.status().as_u16();
                (status, answer.into_body().collect().await.unwrap().to_bytes().into())
            })
        })
    }

    fn count(&mut self, values: u64) {
        self.delivered.0 += 1;
        self.delivered.1 += values;
    }
}
