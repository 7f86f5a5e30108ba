//! OTLP requests.

mod deltas;
mod golden;
mod labels;
mod options;

use std::time::{SystemTime, UNIX_EPOCH};

use runtime_exposition::Exposition;
use runtime_exposition::otlp::{Encoding, Interval};
use runtime_metrics::Snapshot;

use crate::otlp_reader::Request;

const ENCODINGS: [Encoding; 2] = [Encoding::Protobuf, Encoding::Json];

/// The cumulative request of a snapshot, which both encodings give alike.
fn cumulative(exposition: &Exposition, snapshot: &Snapshot) -> Request {
    read(|encoding, out| exposition.otlp(encoding, snapshot, out))
}

/// The request of an interval.
fn delta(exposition: &Exposition, interval: &Interval) -> Request {
    read(|encoding, out| exposition.otlp_delta(encoding, interval, out))
}

fn read(encode: impl Fn(Encoding, &mut Vec<u8>)) -> Request {
    let [protobuf, json] = ENCODINGS.map(|encoding| {
        let mut bytes = Vec::new();
        encode(encoding, &mut bytes);
        Request::read(encoding, &bytes)
    });
    assert_eq!(protobuf, json);
    protobuf
}

fn nanoseconds(at: SystemTime) -> u64 {
    at.duration_since(UNIX_EPOCH).unwrap().as_nanos().try_into().unwrap()
}
