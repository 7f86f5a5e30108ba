//! An OpenTelemetry receiver, and what it has acknowledged.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use runtime_metrics::Snapshot;

use super::judge;
use super::protocol::{OtlpProtocol, Temporality};
use super::request::Form;
use crate::Exposition;
use crate::otlp::usage::{CpuTold, Usage};
use crate::otlp::{Deltas, Interval, request};
use crate::push::ProcessMetrics;
use crate::push::client::Answer;
use crate::push::endpoint;
use crate::push::handle::EndedWindows;
use crate::push::outcome::Outcome;
use crate::push::receiver::{Fate, Parcel, Receiver};

#[derive(Debug)]
pub(super) struct OtlpReceiver {
    exposition: Exposition,
    form: Form,
    process_metrics: ProcessMetrics,
    told: Told,
}

/// What the receiver was told.
#[derive(Debug)]
enum Told {
    /// It does not matter: everything is told every time.
    Cumulative,
    Delta(Growth),
}

/// What was acknowledged, and what is on its way.
#[derive(Debug, Default)]
struct Growth {
    deltas: Deltas,
    windows: EndedWindows,
    cpu: CpuTold,
    sent: Option<Sent>,
}

#[derive(Debug)]
struct Sent {
    interval: Interval,
    /// What is told of the CPU time once the interval is.
    cpu: CpuTold,
}

impl OtlpReceiver {
    pub(super) fn new(
        exposition: Exposition,
        form: Form,
        process_metrics: ProcessMetrics,
        temporality: Temporality,
    ) -> Self {
        let told = match temporality {
            Temporality::Cumulative => Told::Cumulative,
            Temporality::Delta => Told::Delta(Growth::default()),
        };
        Self { exposition, form, process_metrics, told }
    }
}

impl Receiver for OtlpReceiver {
    fn address(&self) -> Arc<str> {
        endpoint::shown(&self.form.target.uri())
    }

    fn pack(&mut self, snapshot: &Snapshot) -> Result<Option<Parcel>, String> {
        let now = self.process_metrics.read();
        let (message, has_more) = match &mut self.told {
            Told::Cumulative => {
                let usage = Usage { now, told: CpuTold::default() };
                (request::cumulative_with(&self.exposition, snapshot, &usage), false)
            }
            Told::Delta(growth) => {
                let Some(interval) = growth.next(snapshot) else { return Ok(None) };
                // An interval of a window that has ended is of the past: what the process takes now is told with that of the present window.
                let has_more = interval.until().window_id() != snapshot.window_id();
                let usage = if has_more { Usage::default() } else { Usage { now, told: growth.cpu } };
                let message = request::delta_with(&self.exposition, &interval, &usage);
                let cpu = growth.cpu.up_to(&usage.now, interval.until().taken_at());
                growth.sent = Some(Sent { interval, cpu });
                (message, has_more)
            }
        };
        let mut bytes = Vec::new();
        request::encode(self.form.encoding(), &message, &mut bytes);
        drop(message);
        let body = self.form.body(&bytes)?;
        Ok(Some(Parcel { body, has_more }))
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

    fn settle(&mut self, fate: Fate) -> u64 {
        let Told::Delta(growth) = &mut self.told else { return 0 };
        let Some(Sent { interval, cpu }) = growth.sent.take() else { return 0 };
        if fate == Fate::GivenUp {
            return 0;
        }
        growth.deltas.acknowledge(&interval);
        growth.cpu = cpu;
        if fate == Fate::Abandoned { interval.total_requests() + interval.responses_total() } else { 0 }
    }

    fn counts_by_deltas(&self) -> bool {
        matches!(self.told, Told::Delta(_))
    }

    fn ended_windows(&self) -> Option<EndedWindows> {
        match &self.told {
            Told::Cumulative => None,
            Told::Delta(growth) => Some(growth.windows.clone()),
        }
    }

    fn lost_windows(&self) -> u64 {
        match &self.told {
            Told::Cumulative => 0,
            Told::Delta(growth) => growth.windows.lost() + growth.deltas.lost_windows(),
        }
    }
}

impl Growth {
    fn next(&mut self, snapshot: &Snapshot) -> Option<Interval> {
        for ended in self.windows.take() {
            self.deltas.window_ended(ended);
        }
        self.deltas.next(snapshot)
    }
}
