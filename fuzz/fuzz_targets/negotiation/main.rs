//! Whatever an observer sends as `Accept` and `Accept-Encoding`, it gets an answer, and headers that mean something get the one that a naive
//! reading of them gives.

#![no_main]

mod codings;
mod element;
mod media;

use arbitrary::Arbitrary;
use codings::Coding;
use element::Element;
use libfuzzer_sys::fuzz_target;
use media::Range;
use runtime_exposition::{ContentEncoding, TextFormat};

#[derive(Debug, Arbitrary)]
enum Headers<'a> {
    /// As they come.
    Any(&'a [u8]),
    Accept(Vec<Element<Range>>),
    AcceptEncoding(Vec<Element<Coding>>),
}

fuzz_target!(|headers: Headers<'_>| {
    match headers {
        Headers::Any(bytes) => {
            let text = String::from_utf8_lossy(bytes);
            let (format, encoding) = (TextFormat::negotiated(&text), ContentEncoding::negotiated(&text));
            assert!([TextFormat::Prometheus, TextFormat::OpenMetrics].contains(&format));
            let encodings = [ContentEncoding::Identity, ContentEncoding::Gzip, ContentEncoding::Zstd];
            assert!(encodings.contains(&encoding));
        }
        Headers::Accept(ranges) => media::check(&ranges),
        Headers::AcceptEncoding(codings) => codings::check(&codings),
    }
});
