//! An OpenTelemetry receiver, and what it has acknowledged.

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use runtime_metrics::Snapshot;

use super::judge;
use super::protocol::{OtlpProtocol, Temporality};
use super::request::Form;
use crate::Exposition;
use crate::otlp::{Deltas, Interval};
use crate::push::client::Answer;
use crate::push::outcome::Outcome;
use crate::push::receiver::{Fate, Parcel, Receiver};

#[derive(Debug)]
pub(super) struct OtlpReceiver {
    exposition: Exposition,
    form: Form,
    told: Told,
}

/// What the receiver was told.
#[derive(Debug)]
enum Told {
    /// It does not matter: everything is told every time.
    Cumulative,
    /// What it acknowledged, and what is on its way.
    Delta { deltas: Deltas, sent: Option<Interval> },
}

impl OtlpReceiver {
    pub(super) fn new(exposition: Exposition, form: Form, temporality: Temporality) -> Self {
        let told = match temporality {
            Temporality::Cumulative => Told::Cumulative,
            Temporality::Delta => Told::Delta { deltas: Deltas::new(), sent: None },
        };
        Self { exposition, form, told }
    }
}

impl Receiver for OtlpReceiver {
    fn pack(&mut self, snapshot: Snapshot) -> Result<Option<Parcel>, String> {
        let (exposition, encoding) = (&self.exposition, self.form.encoding());
        let mut message = Vec::new();
        match &mut self.told {
            Told::Cumulative => exposition.otlp(encoding, &snapshot, &mut message),
            Told::Delta { deltas, sent } => {
                *sent = deltas.next(&snapshot);
                let Some(interval) = sent else { return Ok(None) };
                exposition.otlp_delta(encoding, interval, &mut message);
            }
        }
        self.form.parcel(&message).map(Some)
    }

    fn request(&self, parcel: &Parcel) -> Request<Full<Bytes>> {
        self.form.request(parcel)
    }

    fn judge(&self, answer: &Answer) -> Outcome {
        match self.form.protocol {
            OtlpProtocol::Grpc => judge::grpc(answer),
            OtlpProtocol::HttpProtobuf | OtlpProtocol::HttpJson => judge::http(answer),
        }
    }

    fn settle(&mut self, fate: Fate) {
        if let Told::Delta { deltas, sent } = &mut self.told
            && let Some(interval) = sent.take()
            && fate == Fate::Acknowledged
        {
            deltas.acknowledge(&interval);
        }
    }

    fn keeps_doubtful(&self) -> bool {
        matches!(self.told, Told::Delta { .. })
    }
}
