//! A Pushgateway, as a receiver.

use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use runtime_metrics::Snapshot;

use super::config::PushgatewayConfig;
use super::grouping::{INSTANCE, JOB, push_label};
use crate::push::client::Answer;
use crate::push::outcome::{Acknowledgement, Outcome};
use crate::push::receiver::{Parcel, Receiver};
use crate::push::{PushMonitor, endpoint, judge};
use crate::{Exposition, TextFormat, prometheus};

/// A group of a gateway: that of the process life that was pushed last.
#[derive(Debug)]
pub(super) struct GatewayReceiver {
    exposition: Exposition,
    config: PushgatewayConfig,
    /// Shown on the page.
    pushes: Vec<(String, PushMonitor)>,
    /// Known from the first snapshot on.
    group: Option<Uri>,
}

impl GatewayReceiver {
    pub(super) fn new(exposition: Exposition, config: PushgatewayConfig) -> Self {
        Self { exposition, config, pushes: Vec::new(), group: None }
    }

    fn group(&self, snapshot: &Snapshot) -> Uri {
        let mut path = String::from("/metrics");
        push_label(&mut path, JOB, &self.config.job);
        push_label(&mut path, INSTANCE, &snapshot.process().instance_id().to_string());
        for (name, value) in &self.config.labels {
            push_label(&mut path, name, value);
        }
        self.config.endpoint.below(&path).uri()
    }

    fn ask(&self, method: Method, body: Bytes) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = self.group.clone().unwrap_or_else(|| self.config.endpoint.uri());
        request.headers_mut().extend(self.config.headers.clone());
        request
    }
}

impl Receiver for GatewayReceiver {
    fn address(&self) -> Arc<str> {
        endpoint::shown(&self.config.endpoint.uri())
    }

    fn pack(&mut self, snapshot: &Snapshot) -> Result<Option<Parcel>, String> {
        self.group = Some(self.group(snapshot));
        let pushes: Vec<_> =
            self.pushes.iter().map(|(name, monitor)| (name.as_str(), monitor.statistics())).collect();
        let usage = self.config.process_metrics.read();
        let mut page = String::new();
        self.exposition
            .page(snapshot)
            .process_usage(&usage)
            .pushes(&pushes)
            .write(TextFormat::Prometheus, &mut page);
        Ok(Some(Parcel { body: page.into(), has_more: false }))
    }

    fn request(&self, parcel: &Parcel) -> Request<Full<Bytes>> {
        let mut request = self.ask(Method::PUT, parcel.body.clone());
        request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static(prometheus::CONTENT_TYPE));
        request
    }

    fn judge(&self, answer: &Answer) -> Outcome {
        if answer.status.is_success() {
            Ok(Acknowledgement::default())
        } else {
            Err(judge::refused(answer, judge::plain_text(answer)))
        }
    }

    fn show_pushes(&mut self, pushes: Vec<(String, PushMonitor)>) {
        self.pushes = pushes;
    }

    fn farewell(&self) -> Option<Request<Full<Bytes>>> {
        (self.config.deletes && self.group.is_some()).then(|| self.ask(Method::DELETE, Bytes::new()))
    }
}
