//! A Pushgateway, as a receiver.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use http_body_util::Full;
use runtime_metrics::Snapshot;

use super::grouping::{INSTANCE, JOB, push_label};
use crate::push::client::Answer;
use crate::push::endpoint::Endpoint;
use crate::push::judge;
use crate::push::outcome::{Acknowledgement, Outcome};
use crate::push::receiver::{Fate, Parcel, Receiver};
use crate::{Exposition, prometheus};

/// A group of a gateway: that of the process life that was pushed last.
#[derive(Debug)]
pub(super) struct GatewayReceiver {
    exposition: Exposition,
    endpoint: Endpoint,
    job: String,
    labels: Vec<(String, String)>,
    headers: HeaderMap,
    deletes: bool,
    /// Known from the first snapshot on.
    group: Option<Uri>,
}

impl GatewayReceiver {
    pub(super) fn new(
        exposition: Exposition,
        endpoint: Endpoint,
        job: String,
        labels: Vec<(String, String)>,
        headers: HeaderMap,
        deletes: bool,
    ) -> Self {
        Self { exposition, endpoint, job, labels, headers, deletes, group: None }
    }

    fn group(&self, snapshot: &Snapshot) -> Uri {
        let mut path = String::from("/metrics");
        push_label(&mut path, JOB, &self.job);
        push_label(&mut path, INSTANCE, &snapshot.process().instance_id().to_string());
        for (name, value) in &self.labels {
            push_label(&mut path, name, value);
        }
        self.endpoint.below(&path)
    }

    fn ask(&self, method: Method, body: Bytes) -> Request<Full<Bytes>> {
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = self.group.clone().unwrap_or_else(|| self.endpoint.uri());
        request.headers_mut().extend(self.headers.clone());
        request
    }
}

impl Receiver for GatewayReceiver {
    fn pack(&mut self, snapshot: Snapshot) -> Result<Option<Parcel>, String> {
        self.group = Some(self.group(&snapshot));
        let mut page = String::new();
        self.exposition.prometheus_text(&snapshot, &mut page);
        Ok(Some(Parcel(page.into())))
    }

    fn request(&self, parcel: &Parcel) -> Request<Full<Bytes>> {
        let mut request = self.ask(Method::PUT, parcel.0.clone());
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

    fn settle(&mut self, _fate: Fate) {}

    fn keeps_doubtful(&self) -> bool {
        false
    }

    fn farewell(&self) -> Option<Request<Full<Bytes>>> {
        (self.deletes && self.group.is_some()).then(|| self.ask(Method::DELETE, Bytes::new()))
    }
}
